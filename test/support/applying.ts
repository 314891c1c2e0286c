import { apply } from '../../src/apply/apply.ts'
import type { ApplyEvent, ApplyResult, Outcome } from '../../src/apply/events.ts'
import type { ApplyOptions } from '../../src/apply/options.ts'
import type { Change } from '../../src/plan/types.ts'
import { planOf } from './changes.ts'
import { type FakeOptions, FakeRemote } from './fake-remote.ts'
import { VirtualClock } from './virtual-clock.ts'

/** One apply against the fake API, in virtual time. */
export interface Scene {
  readonly clock: VirtualClock
  readonly remote: FakeRemote
  readonly events: ApplyEvent[]
  /** `readAt`: when the plan's read began; 0 unless it is given. */
  run(
    changes: readonly Change[],
    options?: Partial<ApplyOptions> & { readonly readAt?: number },
  ): Promise<ApplyResult>
}

/** An empty API and a clock at 0. */
export function scene(options: FakeOptions = {}): Scene {
  const clock = new VirtualClock()
  const remote = new FakeRemote(clock, options)
  const events: ApplyEvent[] = []
  return {
    clock,
    remote,
    events,
    run: (changes, { readAt = 0, ...given } = {}) =>
      clock.run(
        apply({ ...planOf(changes), readAt }, remote, {
          wait: true,
          waitTimeoutMs: 30 * 60_000,
          onEvent: (event) => events.push(event),
          clock,
          random: () => 0.5,
          ...given,
        }),
      ),
  }
}

/** Outcomes by the change's name: its status, with what is worth knowing behind it. */
export function ends(result: ApplyResult): Record<string, string> {
  return Object.fromEntries(result.outcomes.map(({ change, outcome }) => [change.name, brief(outcome)]))
}

function brief(outcome: Outcome): string {
  switch (outcome.status) {
    case 'failed':
      return `failed: ${outcome.error.reason}`
    case 'blocked':
      return `blocked by ${outcome.by}`
    case 'applied':
      return outcome.unconfirmed === undefined ? 'applied' : `applied, ${outcome.unconfirmed}`
    default:
      return outcome.status
  }
}

/** `PUT hq`, in the order in which they arrived. */
export function requested(remote: FakeRemote): string[] {
  return remote.requests.map(({ method, name }) => `${method} ${name}`)
}
