import type { HeldBack } from '../../apply/events.ts'
import { safeLine } from '../writing/safe-text.ts'

const BECAUSE = {
  limit: '--max-disruptive',
  redundant: 'they serve the same networks',
} as const

/** Which disruptive changes wait for which, one line each; empty where none does. */
export function heldBackText(heldBack: readonly HeldBack[]): readonly string[] {
  if (heldBack.length === 0) return []
  return [
    'Disruptive changes wait until the one before is available:',
    ...heldBack.map(
      ({ change, after, because }) =>
        `  ${safeLine(change.address)} waits for ${safeLine(after.address)} (${BECAUSE[because]})`,
    ),
  ]
}
