import { appendFile, stat } from 'node:fs/promises'
import type { DesiredState } from '../model/resource.ts'
import { type Output, renderGithubOutput } from '../report/plan-outputs.ts'
import type { Context } from './context.ts'

// GitHub drops a summary that is longer than this, with an error.
const SUMMARY_LIMIT = 1024 * 1024
const TOKEN_BYTES = 16

/** Text that nobody can guess before the run. */
export function unguessable(randomBytes: (count: number) => Uint8Array): string {
  return `vpnctl_${Buffer.from(randomBytes(TOKEN_BYTES)).toString('hex')}`
}

/**
 * Commands by which a job of GitHub hides every secret of the run from its log, whatever prints it later. The one
 * place where secrets are written to standard output: the runner takes the line and shows none of it, so this is
 * for a runner alone.
 */
export function maskCommands(desired: DesiredState): string {
  const values = new Set<string>()
  for (const { secrets } of desired.resources) {
    for (const { value } of secrets) {
      // A mask holds for one line.
      for (const line of value?.reveal().split(/\r\n|\n|\r/) ?? []) {
        if (line.trim() !== '') values.add(line.trim())
      }
    }
  }
  return [...values].map((value) => `::add-mask::${value.replaceAll('%', '%25')}\n`).join('')
}

/** True when this run's stdout is read by a runner of GitHub that was promised commands. */
export function isGithubLog({ format, io }: Pick<Context, 'format' | 'io'>): boolean {
  return format === 'github' && io.env.GITHUB_ACTIONS === 'true'
}

/** Appends to `$GITHUB_STEP_SUMMARY` and `$GITHUB_OUTPUT` where they are set. `markdown` makes it to a size. */
export async function writeGithubFiles(
  { io, err }: Pick<Context, 'io' | 'err'>,
  outputs: readonly Output[],
  markdown: (limit: number) => string,
): Promise<void> {
  const { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output } = io.env
  if (summary !== undefined && summary !== '') {
    const room = SUMMARY_LIMIT - (await sizeOf(summary))
    if (room > 0) await append(summary, markdown(room), err)
  }
  if (output !== undefined && output !== '') {
    await append(output, renderGithubOutput(outputs, unguessable(io.randomBytes)), err)
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch {
    return 0
  }
}

// The plan itself is told already; a missing summary must not turn the run red.
async function append(file: string, text: string, err: (text: string) => void): Promise<void> {
  try {
    await appendFile(file, text)
  } catch {
    err(`warning: ${file} cannot be written\n`)
  }
}
