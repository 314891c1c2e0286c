import type { Context } from '../../context.ts'
import { Failure } from '../../failure.ts'

/** Asks at a terminal; without one `--yes` is needed. False when the user declined. */
export async function confirm(context: Context, agreed: boolean, answer: string): Promise<boolean> {
  if (agreed) return true
  const { stdin, stderr } = context.io
  if (!stdin.isTTY || !stderr.isTTY || context.json) {
    throw new Failure('usage', 'no terminal to ask on: use --yes or apply a saved plan', {
      hint: 'nothing was changed',
    })
  }
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
