import { deriveId, hasFingerprint, stackFingerprint } from '../../../src/model/identity.ts'
import type { Wanted } from '../../support/desired-builder.ts'
import { kindOf, namesFor } from '../files.ts'
import { type Effect, holderOf, type Named, type Snapshot } from '../service.ts'
import type { Happened, History } from '../simulate.ts'
import type { Notes } from './judge.ts'
import { isFoundGone, sightOf } from './seen.ts'

/** What a run must leave alone although it is live and in its reach. */
export function judgeScope(history: History, run: Happened, notes: Notes): void {
  const { targets = [] } = run.actor.plan
  const { released = [], neighbours = [] } = run.file
  const isAside = released.length + neighbours.length === 0 ? undefined : asides(run)
  if (targets.length === 0 && isAside === undefined) return
  const names = targets.length === 0 ? undefined : namesOf(history)
  const sight = sightOf(run.machine)
  const plannedAt = run.machine.plannedAt ?? Number.POSITIVE_INFINITY
  for (const effect of history.service.effects) {
    if (effect.user !== run.user) continue
    if (names !== undefined) {
      const shown = sight.last(effect.named, plannedAt)?.shown
      // What was found gone is planned as gone, even if a later page shows it again.
      const isMissing =
        shown === undefined ||
        shown.metadata.status === 'DESTROYING' ||
        isFoundGone(run.machine, effect.named)
      const fault = outside(effect, { file: run.file, targets, names, isMissing })
      notes.judge(
        'nothing outside of the targets is written',
        fault === undefined ? undefined : `${run.actor.name} ${fault}`,
      )
    }
    if (isAside === undefined || effect.before === undefined) continue
    notes.judge(
      'what is released or of a neighbour stays',
      isAside(effect.before)
        ? `${run.actor.name} ${effect.method} ${String(effect.before.properties.name)} (${effect.named.id})`
        : undefined,
    )
  }
  if (isAside !== undefined && history.service.everything().some(isAside)) {
    notes.reached.add('what is released or of a neighbour stays')
  }
}

/** Whether an address is one of the targets or below one; true where there are none. */
export function isWithin(address: string, targets: readonly string[]): boolean {
  return targets.length === 0 || targets.some((target) => `${address}/`.startsWith(`${target}/`))
}

type Names = ReadonlyMap<string, ReadonlySet<string>>

// Every name that a resource ever had: one that was renamed may be meant by any of them.
function namesOf({ scenario, service }: History): Names {
  const names = new Map<string, Set<string>>()
  const add = (id: string, name: unknown): void => {
    names.set(id, (names.get(id) ?? new Set()).add(String(name)))
  }
  for (const { id, properties } of scenario.seeded) add(id, properties.name)
  for (const { named, before, after } of service.effects) {
    for (const snapshot of [before, after]) {
      if (snapshot !== undefined) add(named.id, snapshot.properties.name)
    }
  }
  return names
}

function outside(
  { named, method, before, after }: Effect,
  {
    file,
    targets,
    names,
    isMissing,
  }: {
    readonly file: Wanted
    readonly targets: readonly string[]
    readonly names: Names
    readonly isMissing: boolean
  },
): string | undefined {
  const parentId = named.parentIds.at(-1)
  const above =
    parentId === undefined || named.kind.parent === null
      ? ['']
      : [...(names.get(parentId) ?? [])]
          .flatMap((name) => namesFor(file, name))
          .map((name) => `${named.kind.parent?.collection}/${String(name)}/`)
  const own = [...(names.get(named.id) ?? [])]
  const addresses = above.flatMap((prefix) => own.map((name) => `${prefix}${named.kind.collection}/${name}`))
  if (addresses.some((address) => isWithin(address, targets))) return undefined
  // A gateway is made for a target below it.
  const isParent = addresses.some((address) => targets.some((target) => target.startsWith(`${address}/`)))
  if (isParent && method === 'PUT' && isMissing) return undefined
  return `${method} ${String((before ?? after)?.properties.name)} (${named.id}), which is not a target`
}

/** Whether a resource is released by the file or of one of its neighbours, by the names that the run saw when it planned. */
function asides({ file, machine }: Pick<Happened, 'file' | 'machine'>): (live: Snapshot) => boolean {
  const sight = sightOf(machine)
  const plannedAt = machine.plannedAt ?? Number.POSITIVE_INFINITY
  return (live) => {
    const nameOf = (named: Named): unknown => sight.last(named, plannedAt)?.shown?.properties.name
    const above = holderOf(live)
    const own = { ...live, parentIds: live.parentId === undefined ? [] : [live.parentId] }
    return isAsideBy(file, live, { own: nameOf(own), above: above === undefined ? undefined : nameOf(above) })
  }
}

/** Whether a resource is released by a file or of one of its neighbours, by its names. */
export function isAsideBy(
  file: Wanted,
  { id, parentId, kind, location }: Pick<Snapshot, 'id' | 'parentId' | 'kind' | 'location'>,
  names: { readonly own: unknown; readonly above: unknown },
): boolean {
  const { stack = '', released = [], neighbours = [] } = file
  const owner = stackFingerprint(stack)
  const isReleased = (ownId: string, address: string): boolean =>
    hasFingerprint(ownId, owner) &&
    released.some(
      (entry) => entry === ownId || entry === address || deriveId(stack, location, entry) === ownId,
    )
  const marks = neighbours.map((each) => stackFingerprint(each))
  const isNeighbours = (ownId: string): boolean => marks.some((mark) => hasFingerprint(ownId, mark))
  if (kind.parent === null || parentId === undefined) {
    return isReleased(id, `${kind.collection}/${String(names.own)}`) || isNeighbours(id)
  }
  const { collection } = kindOf(kind.parent.name)
  const ways = namesFor(file, names.above).map((above) => `${collection}/${String(above)}`)
  return (
    isReleased(parentId, `${collection}/${String(names.above)}`) ||
    ways.some((above) => isReleased(id, `${above}/${kind.collection}/${String(names.own)}`)) ||
    isNeighbours(id) ||
    (isNeighbours(parentId) && !hasFingerprint(id, owner))
  )
}
