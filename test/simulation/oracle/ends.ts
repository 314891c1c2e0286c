import { hasFingerprint, stackFingerprint } from '../../../src/model/identity.ts'
import { differences, type WantedResource, wantedIn } from '../files.ts'
import { nameOf } from '../service.ts'
import type { Happened, History } from '../simulate.ts'
import type { Notes } from './judge.ts'
import { lastLists, type Shown, type ShownList } from './seen.ts'

/** What the exit code of a run claims. */
export function judgeEnds(history: History, run: Happened, notes: Notes): void {
  judgeRequests(history, run, notes)
  if (run.end?.exit !== 0 || run.actor.command === 'destroy') return
  const file = history.scenario.files[run.actor.file] ?? {}
  const owner = stackFingerprint(file.stack ?? '')
  const wanted = wantedIn(file)
  const lists = lastLists(run.machine)
  const counterparts = new Map<WantedResource, string>()
  const faults: string[] = []
  for (const each of wanted) {
    const found = counterpart(each, lists, counterparts, owner)
    const [first] = found
    if (first !== undefined) counterparts.set(each, first.id)
    if (each.isAbsent) {
      if (first !== undefined) faults.push(`${each.address} is there`)
    } else if (first === undefined) faults.push(`${each.address} was not shown`)
    else if (!found.some((shown) => isAsWanted(each, shown)))
      faults.push(`${each.address} differs or is FAILED`)
  }
  if (run.actor.plan.prune !== 'none') faults.push(...leftOver(lists, new Set(counterparts.values()), owner))
  notes.judge(
    'exit 0 means that the verification read was equal',
    faults.length === 0 ? undefined : `${run.actor.name}: ${faults.join(', ')}`,
  )
  judgeLeftovers(history, run, wanted, owner, notes)
}

function isAsWanted(wanted: WantedResource, { properties, metadata }: Shown): boolean {
  return metadata.status !== 'FAILED' && differences(wanted, properties).length === 0
}

// All that was shown of one resource.
function counterpart(
  wanted: WantedResource,
  lists: readonly ShownList[],
  parents: ReadonlyMap<WantedResource, string>,
  owner: string,
): readonly Shown[] {
  const parentId = wanted.parent === null ? undefined : parents.get(wanted.parent)
  const list = lists.find(
    ({ named }) =>
      named.kind === wanted.kind && named.location === wanted.location && named.parentIds.at(-1) === parentId,
  )
  const staying = list?.items.filter(({ metadata }) => metadata.status !== 'DESTROYING') ?? []
  const first = staying.find(({ id, properties }) =>
    wanted.id === undefined ? properties.name === wanted.name && hasFingerprint(id, owner) : id === wanted.id,
  )
  return first === undefined ? [] : staying.filter(({ id }) => id === first.id)
}

// Below a gateway that is gone or on its way out, what is left goes with it.
function leftOver(lists: readonly ShownList[], kept: ReadonlySet<string>, owner: string): readonly string[] {
  return lists.flatMap(({ named, items }) =>
    named.parentIds.some((id) => !kept.has(id))
      ? []
      : items.flatMap((item) => {
          const isLeft =
            hasFingerprint(item.id, owner) && !kept.has(item.id) && item.metadata.status !== 'DESTROYING'
          return isLeft ? [`${String(item.properties.name)} (${item.id}) is left over`] : []
        }),
  )
}

// Owned, in no file, and there from the beginning of the run to its end.
function judgeLeftovers(
  { service, scenario, repair }: History,
  run: Happened,
  wanted: readonly WantedResource[],
  owner: string,
  notes: Notes,
): void {
  if (run.actor.plan.prune === 'none' || run !== repair) return
  const tops = new Set(
    wanted.filter(({ parent }) => parent === null).map(({ location, name }) => `${location}:${name}`),
  )
  const left = service
    .everything()
    .filter(
      ({ id, parentId, location, properties, status }) =>
        hasFingerprint(id, owner) &&
        parentId === undefined &&
        status !== 'DESTROYING' &&
        !tops.has(`${location}:${String(properties.name)}`),
    )
  const isReached = scenario.seeded.some(({ location }) => wanted.every((each) => each.location !== location))
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
