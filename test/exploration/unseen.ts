import { sightOf } from '../simulation/oracle/seen.ts'
import type { Effect, Service } from '../simulation/service.ts'
import type { Happened } from '../simulation/simulate.ts'

/** What the service would refuse if a write could name the version that it is about. */
export interface Unseen {
  readonly law: 'a write knows the latest version'
  readonly what: string
}

/** Writes of a run to what the administrator changed or deleted after the run read it last. */
export function unseenBy(service: Service, run: Happened, administrator: string): readonly Unseen[] {
  const { effects } = service
  return effects.flatMap((effect, index): readonly Unseen[] => {
    if (effect.user !== run.user) return []
    const what = faultOf(effect, effects.slice(0, index), run, administrator)
    return what === undefined
      ? []
      : [{ law: 'a write knows the latest version', what: `${run.actor.name} ${what}` }]
  })
}

function faultOf(
  { named, method, at, before }: Effect,
  earlier: readonly Effect[],
  run: Happened,
  administrator: string,
): string | undefined {
  // A deletion of the gateway deletes its peers.
  const [above] = named.parentIds
  const latest = earlier.findLast(
    (each) => each.named.id === named.id || (each.method === 'DELETE' && each.named.id === above),
  )
  // Each moment has one event: at this one the answer to the write itself arrives.
  const look = sightOf(run.machine).last(named, at - 1)
  if (latest?.user !== administrator || look?.shown === undefined || look.at >= latest.at) return undefined
  const noun = named.kind.noun
  if (before === undefined) {
    const isLeft = run.isKilled ? ', and is killed before it deletes it again' : ''
    return method === 'PUT' ? `re-creates a deleted ${noun}${isLeft}` : undefined
  }
  return `${method === 'PUT' ? 'overwrites' : 'deletes'} an edited ${noun}`
}
