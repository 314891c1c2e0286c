import type { Context } from '../../context.ts'
import { Failure } from '../../failure.ts'

/** Asks at a terminal; without one `--yes` is needed. False when the user declined. */
export async function confirm(context: Context, agreed: boolean, answer: string): Promise<boolean> {
  if (agreed) return true
  // Only an apply can be agreed to in advance by a saved plan; a destroy has none.
  requireTerminal(context, answer === 'yes' ? 'use --yes or apply a saved plan' : 'use --yes')
  const { stdin } = context.io
  const what =
    answer === 'yes'
      ? 'Apply this? Only "yes" is accepted'
      : `To delete all this, type the stack's name (${answer})`
  const given = await stdin.ask(`${what}: `, context.stopping)
  const stopped = context.stoppedBy()
  if (stopped !== undefined)
    throw new Failure('error', `stopped by ${stopped}`, { hint: 'nothing was changed' })
  return given?.trim() === answer
}

/** Ends a run that needs an answer where no one can give one; `instead` is what to do there. */
export function requireTerminal({ io: { stdin, stderr }, json }: Context, instead: string): void {
  if (stdin.isTTY && stderr.isTTY && !json) return
  throw new Failure('usage', `no terminal to ask on: ${instead}; nothing was changed`)
}
