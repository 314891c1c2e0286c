import { hasFingerprint, stackFingerprint } from '../../../src/model/identity.ts'
import type { Wanted } from '../../support/desired-builder.ts'
import { derivedIds, differences, type WantedResource, wantedIn } from '../files.ts'
import { nameOf } from '../service.ts'
import type { Happened, History } from '../simulate.ts'
import type { Notes } from './judge.ts'
import { isAsideBy, isWithin } from './scope.ts'
import { lastReadAt, lastReads, type Shown, type ShownList, unreadLocations } from './seen.ts'

/** What the exit code of a run claims. */
export function judgeEnds(history: History, run: Happened, notes: Notes): void {
  judgeRequests(history, run, notes)
  judgeOrder(run, notes)
  if (run.end?.exit !== 0) return
  const { file, actor, machine } = run
  const wanted = actor.command === 'destroy' ? [] : wantedIn(file)
  const unread = unreadLocations(machine, lastReadAt(machine), Number.POSITIVE_INFINITY)
  const faults = lastReads(machine).map((lists) => unequal(run, wanted, lists, unread))
  const [latest = []] = faults
  notes.judge(
    'exit 0 means that the verification read was equal',
    faults.some(({ length }) => length === 0) ? undefined : `${actor.name}: ${latest.join(', ')}`,
  )
  const owner = stackFingerprint(file.stack ?? '')
  if (run === history.repair && unread.size === 0) judgeLeftovers(history, wanted, owner, notes)
}

// What a read showed that is not as the file and the flags of the run want it.
function unequal(
  { file, actor }: Happened,
  wanted: readonly WantedResource[],
  lists: readonly ShownList[],
  unread: ReadonlySet<string>,
): readonly string[] {
  const { targets = [], prune = 'owned' } = actor.plan
  const owner = stackFingerprint(file.stack ?? '')
  const counterparts = new Map<WantedResource, string>()
  const faults: string[] = []
  for (const each of wanted) {
    // The parent of a target may have another name still, or by now.
    const found = counterpart(each, lists, counterparts, {
      owner,
      stack: isWithin(each.address, targets) ? undefined : file.stack,
    })
    const [first] = found
    if (first !== undefined) counterparts.set(each, first.id)
    if (!isWithin(each.address, targets)) continue
    if (first === undefined) faults.push(`${each.address} was not shown`)
    else if (!found.some((shown) => isAsWanted(each, shown)))
      faults.push(`${each.address} differs or is FAILED`)
  }
  if (prune === 'none') return faults
  const kept = new Set(counterparts.values())
  const isAll = prune === 'all' && actor.command !== 'destroy'
  const isDeletable = (list: ShownList, { id }: Shown): boolean =>
    hasFingerprint(id, owner) || (isAll && isNamedLocation(file, wanted, list.named.location))
  const read = lists.filter(
    ({ named }) => !unread.has(named.location) || isNamedLocation(file, wanted, named.location),
  )
  return [...faults, ...leftOver(read, kept, { file, targets, isDeletable })]
}

// What is deleted is listed as a person reads it: what takes others along comes first.
function judgeOrder({ actor, end }: Happened, notes: Notes): void {
  const listed = new Set<string>()
  const deleted = (end?.plan?.changes ?? []).filter(({ action }) => action === 'delete')
  const all = new Set(deleted.map(({ target }) => target.id))
  for (const { target, address } of deleted) {
    listed.add(target.id)
    const above = target.parentIds.at(-1)
    if (above === undefined || !all.has(above)) continue
    notes.judge(
      'a plan lists parents before their children',
      listed.has(above) ? undefined : `${actor.name}: ${address} comes before its parent`,
    )
  }
}

// Elsewhere only what the stack owns concerns the run.
function isNamedLocation(file: Wanted, wanted: readonly WantedResource[], location: string): boolean {
  return file.location === location || wanted.some((each) => each.location === location)
}

function isAsWanted(wanted: WantedResource, { properties, metadata }: Shown): boolean {
  return metadata.status !== 'FAILED' && differences(wanted, properties).length === 0
}

// All that was shown of one resource.
function counterpart(
  wanted: WantedResource,
  lists: readonly ShownList[],
  parents: ReadonlyMap<WantedResource, string>,
  { owner, stack }: { readonly owner: string; readonly stack: string | undefined },
): readonly Shown[] {
  const parentId = wanted.parent === null ? undefined : parents.get(wanted.parent)
  const list = lists.find(
    ({ named }) =>
      named.kind === wanted.kind && named.location === wanted.location && named.parentIds.at(-1) === parentId,
  )
  const staying = list?.items.filter(({ metadata }) => metadata.status !== 'DESTROYING') ?? []
  const byName = (name: string | undefined): Shown | undefined =>
    staying.find(({ id, properties }) => properties.name === name && hasFingerprint(id, owner))
  const derived = stack === undefined ? [] : derivedIds(stack, wanted)
  const first =
    byName(wanted.name) ??
    (stack === undefined ? undefined : byName(wanted.renamedFrom)) ??
    staying.find(({ id }) => derived.includes(id))
  return first === undefined ? [] : staying.filter(({ id }) => id === first.id)
}

interface Deletable {
  readonly file: Wanted
  readonly targets: readonly string[]
  readonly isDeletable: (list: ShownList, item: Shown) => boolean
}

// Below a gateway that is gone or on its way out, what is left goes with it.
function leftOver(
  lists: readonly ShownList[],
  kept: ReadonlySet<string>,
  { file, targets, isDeletable }: Deletable,
): readonly string[] {
  const names = new Map(
    lists.flatMap(({ items }) => items.map(({ id, properties }) => [id, properties.name])),
  )
  return lists.flatMap((list) => {
    const { kind, location, parentIds } = list.named
    if (parentIds.some((id) => !kept.has(id))) return []
    const parentId = parentIds.at(-1)
    const above = parentId === undefined ? undefined : names.get(parentId)
    const addressOf = ({ properties }: Shown): string => {
      const path = `${kind.collection}/${String(properties.name)}`
      return above === undefined ? path : `${kind.parent?.collection}/${String(above)}/${path}`
    }
    const isLeft = (item: Shown): boolean =>
      isDeletable(list, item) &&
      !kept.has(item.id) &&
      item.metadata.status !== 'DESTROYING' &&
      isWithin(addressOf(item), targets) &&
      !isAsideBy(file, { id: item.id, parentId, kind, location }, { own: item.properties.name, above })
    // What changed between two pages stays if one of them shows that it may.
    const staying = new Set(list.items.filter((item) => !isLeft(item)).map(({ id }) => id))
    return list.items
      .filter(({ id }) => !staying.has(id))
      .map((item) => `${addressOf(item)} (${item.id}) is left over`)
  })
}

// Owned, in no file, and still live after the repair, in a location that it reads.
function judgeLeftovers(
  { service, scenario, repair: { file } }: History,
  wanted: readonly WantedResource[],
  owner: string,
  notes: Notes,
): void {
  const tops = new Set(
    wanted.filter(({ parent }) => parent === null).map(({ location, name }) => `${location}:${name}`),
  )
  const isRead = (location: string): boolean =>
    scenario.others.includes(location) || isNamedLocation(file, wanted, location)
  const left = service
    .everything()
    .filter(
      (live) =>
        hasFingerprint(live.id, owner) &&
        live.parentId === undefined &&
        live.status !== 'DESTROYING' &&
        isRead(live.location) &&
        !tops.has(`${live.location}:${String(live.properties.name)}`) &&
        !isAsideBy(file, live, { own: live.properties.name, above: undefined }),
    )
  const isReached = scenario.seeded.some(
    ({ location, id }) =>
      hasFingerprint(id, owner) && !isNamedLocation(file, wanted, location) && isRead(location),
  )
  if (!isReached && left.length === 0) return
  notes.judge(
    'exit 0 leaves nothing owned behind in any location',
    left.length === 0 ? undefined : `left: ${left.map(({ location, id }) => `${location} ${id}`).join(', ')}`,
  )
}

/**
 * A bound on the requests of a run. It reads everything at most six times (the plan, the verification, and reads that
 * are repeated); each change takes a handful; a wait polls more and more rarely; each fault costs another attempt.
 */
function judgeRequests({ network, service, scenario }: History, run: Happened, notes: Notes): void {
  const { machine, startedAt, endedAt } = run
  if (endedAt === undefined) return
  const resources = service.everything().length + scenario.seeded.length + 20
  const page = Math.min(scenario.behaviour.pageCap ?? 1000, 1000)
  const pages = 1 + Math.ceil(resources / page)
  const collections = new Set(
    machine.sent.map(({ path }) => path).filter((path) => nameOf(path).id === undefined),
  ).size
  const faults = [...network.faults.values()].reduce((sum, count) => sum + count, 0)
  const seconds = (endedAt - startedAt) / 1000
  const polls = collections * (12 + Math.min(seconds, 30) + seconds / 5) * pages
  const bound = 6 * (collections + 8) * pages + 12 * resources + 9 * faults + polls
  notes.judge(
    'requests are bounded',
    machine.sent.length <= bound
      ? undefined
      : `${run.actor.name} sent ${machine.sent.length} requests, at most ${Math.round(bound)}`,
  )
}
