import { safeLine } from '../../../report/writing/safe-text.ts'
import type { StateInstance } from '../../../rewrite/terraform/read-state.ts'

/** What makes Terraform forget resources without deleting them: commands, or blocks for its configuration. */
export function handOver(instances: readonly StateInstance[], asBlocks: boolean): string {
  if (!asBlocks) {
    return instances.map(({ address }) => `terraform state rm ${quoted(safeLine(address))}\n`).join('')
  }
  const blocks = [...new Set(instances.map(({ block }) => safeLine(block)))]
  return blocks
    .map((block) => `removed {\n  from = ${block}\n  lifecycle {\n    destroy = false\n  }\n}\n`)
    .join('')
}

function quoted(address: string): string {
  return /^[\w.-]+$/.test(address) ? address : `'${address.replaceAll("'", "'\\''")}'`
}
