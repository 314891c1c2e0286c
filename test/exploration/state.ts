import { createHash } from 'node:crypto'
import type { Received } from '../simulation/machine.ts'
import type { Arriving, Service } from '../simulation/service.ts'
import type { Happened } from '../simulation/simulate.ts'

/** All that determines what can still happen. */
export interface Moment {
  readonly service: Service
  readonly now: number
  readonly runs: readonly Happened[]
  /** Answers to reads that were no choice. */
  readonly polls: ReadonlySet<Received>
  readonly pending: (run: Happened) => readonly Arriving[]
  /** What is left of the budgets, and what the next step is bound to. */
  readonly left: string
}

/** How old a read may be for the engine, and how close two dates of one creation are. */
const [OLDEST_MS, CLOSE_MS] = [10_000, 500]
const DATE = /\d{4}-\d\d-\d\dT[\d:.]+Z/g

/**
 * The state as a hash. The engine is deterministic, so a run is what it has received; of times it sees the order, whether two
 * are close, and whether a read is too old. Both runs have one file, so a state and its mirror are one.
 */
export function hashOf(moment: Moment): string {
  const [one, other] = moment.runs as readonly [Happened, Happened]
  const texts = [textOf(moment, [one, other]), textOf(moment, [other, one])].sort()
  return createHash('sha1')
    .update(texts[0] as string)
    .digest('base64')
}

function textOf({ service, now, polls, pending, left }: Moment, runs: readonly Happened[]): string {
  const text = JSON.stringify([
    left,
    [...service.everything()].map(({ kind: _, ...rest }) => rest).sort((a, b) => (a.id < b.id ? -1 : 1)),
    service.effects.map(({ user, method, named, before, after }) => [
      user,
      method,
      named.id,
      before?.createdDate,
      before?.properties,
      before?.lastModifiedBy,
      after?.createdDate,
    ]),
    runs.map((run) => [
      run.isKilled,
      run.end?.exit,
      pending(run).map(({ method, path, body }) => [method, path, body]),
      // A fault on the way delays a request, and the run repeats it.
      run.machine.received
        .filter((each) => !polls.has(each) && each.status !== undefined && ![429, 500].includes(each.status))
        .map(({ method, path, status, text: body, at }) => [
          method,
          path,
          status,
          body,
          now - at > OLDEST_MS,
        ]),
    ]),
  ])
  const dates = [...new Set(text.match(DATE))].sort()
  let before = 0
  const names = new Map(
    dates.map((date, rank) => {
      const at = Date.parse(date)
      const name = `${rank}${at - before > CLOSE_MS ? 'far' : ''}`
      before = at
      return [date, name]
    }),
  )
  return runs.reduce(
    (named, { user }, number) => named.replaceAll(user, `user ${number}`),
    text.replace(DATE, (date) => names.get(date) ?? date),
  )
}
