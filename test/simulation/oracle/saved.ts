import { hasFingerprint, stackFingerprint } from '../../../src/model/identity.ts'
import {
  canonicalJson,
  isPlainObject,
  type Plain,
  type PlainObject,
  withoutPath,
} from '../../../src/model/json.ts'
import type { Wanted } from '../../support/desired-builder.ts'
import { type WantedResource, wantedIn } from '../files.ts'
import type { Effect, Snapshot } from '../service.ts'
import type { Happened, History } from '../simulate.ts'
import type { Notes } from './judge.ts'
import { attachments } from './obstacles.ts'
import { isWithin } from './scope.ts'
import { type Sight, sentFor, sightOf, unreadLocations } from './seen.ts'

/** A write that a saved plan announces. */
interface Announced {
  readonly id: string
  readonly action: string
  readonly location: string
  readonly parentIds: readonly string[]
  readonly spec: PlainObject | undefined
}

/** What a saved plan promises: that it is applied as it was reviewed, and that nothing else makes it stale. */
export function judgeSaved(history: History, run: Happened, notes: Notes): void {
  const { saved } = run.machine
  if (saved === undefined) return
  const announced = announcedIn(saved.text)
  judgePromise(history, run, announced, notes)
  judgeStaleness(history, run, announced, notes)
}

// The text as a person reads it: which resource, what is done, what is sent.
function announcedIn(text: string): readonly Announced[] {
  const { plan } = JSON.parse(text) as {
    plan: { changes: readonly (Omit<Announced, 'action' | 'spec'> & { rest: Record<string, unknown> })[] }
  }
  return plan.changes.flatMap(({ id, location, parentIds, rest: { action, spec } }) =>
    action === 'create' || action === 'update' || action === 'delete'
      ? [{ id, location, parentIds, action, spec: isPlainObject(spec) ? (spec as PlainObject) : undefined }]
      : [],
  )
}

function judgePromise(
  { service }: History,
  run: Happened,
  announced: readonly Announced[],
  notes: Notes,
): void {
  const sight = sightOf(run.machine)
  // A gateway that is replaced gives its child's id to the new one: it is deleted and created.
  const byEffect = new Map(announced.map((each) => [`${each.id} ${each.action === 'delete'}`, each]))
  const made = new Map<string, string | undefined>()
  for (const effect of service.effects) {
    if (effect.user !== run.user) continue
    const { named, before, after, method } = effect
    const isOwn = made.has(named.id) && made.get(named.id) === before?.createdDate
    if (method === 'PUT' && before === undefined) made.set(named.id, after?.createdDate)
    // What it made itself, it may send again or take back.
    if (isOwn) continue
    const said =
      byEffect.get(`${named.id} ${method === 'DELETE'}`) ?? byEffect.get(`${named.id} ${method !== 'DELETE'}`)
    const fault = unannounced(effect, said) ?? changedSince(effect, run, sight, said)
    notes.judge(
      'a saved plan does what was reviewed',
      fault === undefined ? undefined : `${run.actor.name} ${method} ${named.id}: ${fault}`,
    )
  }
}

function unannounced({ method, after, named }: Effect, announced: Announced | undefined): string | undefined {
  if (announced === undefined) return 'it is not in the plan'
  if ((method === 'DELETE') !== (announced.action === 'delete')) return `the plan says ${announced.action}`
  if (after === undefined || method === 'DELETE') return undefined
  const sent = named.kind.secrets.reduce((left, { path }) => withoutPath(left, path), after.properties)
  const spec = announced.spec ?? {}
  const fields = Object.keys(spec).filter((key) => text(spec[key]) !== text(sent[key]))
  return fields.length === 0 ? undefined : `the plan has another ${fields.join(', ')}`
}

// An update or a deletion of what is not as it was when the plan was saved, and was seen so.
function changedSince(
  { named, at, before, method }: Effect,
  { machine }: Happened,
  sight: Sight,
  announced: Announced | undefined,
): string | undefined {
  if (machine.saved === undefined || announced === undefined || announced.action === 'create')
    return undefined
  // It leaves anyway: another deletion of it does nothing.
  if (before?.status === 'DESTROYING') return undefined
  const then = sight.last(named, machine.saved.plannedAt)?.shown
  const sent = sentFor(machine, method, named, at)
  const last = sent === undefined ? undefined : sight.wellBefore(named, sent)
  // Of one that a list of several pages showed twice, the first counts.
  const isOfReview = last !== undefined && last.at <= (machine.plannedAt ?? 0)
  const reviewedAt = machine.reads.find((readAt) => readAt >= (machine.saved?.plannedAt ?? 0)) ?? 0
  const now = isOfReview ? sight.first(named, reviewedAt) : last
  if (then === undefined || now?.shown === undefined || now.isWrite) return undefined
  // Another run of the same file may have brought about just what was reviewed.
  const { spec } = announced
  const isAsReviewed =
    spec !== undefined &&
    Object.keys(spec).every((key) => text(spec[key]) === text(now.shown?.properties[key]))
  return isAsReviewed || text(then.properties) === text(now.shown.properties)
    ? undefined
    : 'it was seen changed since the plan was saved'
}

function judgeStaleness(
  history: History,
  { actor, file, machine, user, endedAt, end }: Happened,
  announced: readonly Announced[],
  notes: Notes,
): void {
  const { saved } = machine
  if (saved === undefined || end === undefined || endedAt === undefined || actor.laterFile !== actor.file)
    return
  if (machine.plannedAt === undefined) return
  if (end.exit !== 7) {
    notes.reached.add('a plan is stale only when what it is about has changed')
    return
  }
  // A write shows when it is done.
  const { provisionMs = 0, destroyMs = 0, readLagMs = 0 } = history.scenario.behaviour
  const from = saved.readAt - provisionMs - destroyMs - readLagMs - 1000
  const about = new About(file, announced, actor.plan)
  const isTouched = history.service.effects.some(
    (effect) => effect.at >= from && effect.at <= endedAt && effect.user !== user && about.concerns(effect),
  )
  // What could not be read when the plan was saved may be read now.
  const isReadNow = unreadLocations(machine, saved.readAt, saved.plannedAt).size > 0
  const isInProgress = history.scenario.seeded.some(({ status }) => status === 'PROVISIONING')
  notes.judge(
    'a plan is stale only when what it is about has changed',
    isTouched || isInProgress || isReadNow ? undefined : `${actor.name}: ${end.reasons.join('; ')}`,
  )
}

/** What a saved plan is about: what it writes, the resources next to that, and what the stack owns. */
class About {
  readonly #wanted: readonly WantedResource[]
  readonly #owner: string
  readonly #ids = new Set<string>()
  readonly #parents = new Set<string>()
  readonly #targets: readonly string[]
  readonly #isAll: boolean

  constructor(
    file: Wanted,
    announced: readonly Announced[],
    { targets = [], prune }: Happened['actor']['plan'],
  ) {
    const meant = wantedIn(file).filter(({ address }) => isWithin(address, targets))
    // What holds a target has to be there for it.
    this.#wanted = [
      ...new Set(meant.flatMap((each) => (each.parent === null ? [each] : [each.parent, each]))),
    ]
    this.#owner = stackFingerprint(file.stack ?? '')
    this.#targets = targets
    this.#isAll = prune === 'all'
    for (const { id, parentIds } of announced) {
      this.#ids.add(id)
      for (const above of parentIds) this.#parents.add(above)
    }
  }

  concerns({ named, before, after }: Effect): boolean {
    const parentId = named.parentIds.at(-1) ?? ''
    if (this.#isAll || this.#ids.has(named.id) || this.#ids.has(parentId)) return true
    if (this.#parents.has(named.id) || this.#parents.has(parentId)) return true
    // Anything else of the stack's own counts unless only a part of it was asked for.
    if (hasFingerprint(named.id, this.#owner) && this.#targets.length === 0) return true
    return [before, after].some((live) => live !== undefined && this.#isWanted(live))
  }

  #isWanted(live: Snapshot): boolean {
    const isOwn = hasFingerprint(live.id, this.#owner)
    return this.#wanted.some((each) => {
      const isHere = each.location === live.location
      return (
        // What the stack has of this name in another location is what moves: it is deleted there.
        ((isHere || isOwn) &&
          each.kind === live.kind &&
          (each.name === live.properties.name || each.renamedFrom === live.properties.name)) ||
        (isHere &&
          each.properties.gatewayIP !== undefined &&
          each.properties.gatewayIP === live.properties.gatewayIP) ||
        // A LAN has its addresses once, whatever the locations of the gateways.
        attachments(live.properties).some((place) => attachments(each.properties).includes(place))
      )
    })
  }
}

// Lists count as sets: what they mean by their order, no history changes.
function text(value: unknown): string {
  const sorted = (inner: unknown): unknown => {
    if (Array.isArray(inner)) return inner.map((each) => text(each)).sort()
    if (!isPlainObject(inner)) return inner ?? null
    return Object.fromEntries(Object.entries(inner).map(([key, each]) => [key, sorted(each)]))
  }
  return canonicalJson(sorted(value) as Plain)
}
