import { stat } from 'node:fs/promises'
import { safeLine } from '../../model/safe-text.ts'
import { renderOutputs } from '../../report/formats/github.ts'
import type { Fact } from '../../report/report.ts'
import type { Context } from '../context.ts'
import { writeSpecial } from '../files/special-file.ts'

// GitHub drops a summary that is longer than this, with an error.
const SUMMARY_LIMIT = 1024 * 1024
const TOKEN_BYTES = 16

/** Text that cannot be predicted before the run. */
export function unpredictable(randomBytes: (count: number) => Uint8Array): string {
  return `vpnctl_${Buffer.from(randomBytes(TOKEN_BYTES)).toString('hex')}`
}

/** Appends to `$GITHUB_STEP_SUMMARY` and `$GITHUB_OUTPUT` where they are set. `markdown` makes it to a size. */
export async function writeGithubFiles(
  context: Pick<Context, 'io' | 'err' | 'ending'>,
  facts: readonly Fact[],
  markdown: (limit: number) => string,
): Promise<void> {
  const { io } = context
  const { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output } = io.env
  if (summary !== undefined && summary !== '') {
    const room = SUMMARY_LIMIT - (await sizeOf(summary))
    if (room > 0) await append(context, summary, markdown(room))
  }
  if (output !== undefined && output !== '') {
    await append(context, output, renderOutputs(facts, unpredictable(io.randomBytes)))
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch {
    return 0
  }
}

// The plan itself is reported already; a missing summary must not turn the run red.
async function append(
  context: Pick<Context, 'io' | 'err' | 'ending'>,
  file: string,
  text: string,
): Promise<void> {
  try {
    await writeSpecial(context, file, text, 'append')
  } catch {
    context.err(`warning: ${safeLine(file)} cannot be written\n`)
  }
}
