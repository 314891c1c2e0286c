import { hasFingerprint, stackFingerprint } from '../../../src/model/identity.ts'
import type { Wanted } from '../../support/desired-builder.ts'
import { differences, type WantedResource, wantedIn } from '../files.ts'
import { type Effect, holderOf, pathOfNamed, type Snapshot } from '../service.ts'
import type { Happened, History } from '../simulate.ts'
import type { Notes } from './judge.ts'
import { isFoundGone, type Look, type Shown, type Sight, sentFor, sightOf } from './seen.ts'

/** What a run may write, judged by the effects that its writes had at the service. */
export function judgeWrites(history: History, run: Happened, notes: Notes): void {
  const judged = new Writes(history, run, run.file, notes)
  for (const effect of history.service.effects) if (effect.user === run.user) judged.judge(effect)
  judged.judgeRecreated()
}

/** How old a read may be when a request leaves; its answer took its own time to arrive. */
const OLDEST_LOOK_MS = 10_000
/** What may lie between the two dates of a resource that its creation alone has written. */
const MOST_BETWEEN_DATES_MS = 500

class Writes {
  readonly #history: History
  readonly #run: Happened
  readonly #file: readonly WantedResource[]
  readonly #owner: string
  readonly #sight: Sight
  readonly #notes: Notes
  /** What this run brought into being, by id, with the date. */
  readonly #made = new Map<string, string>()
  readonly #recreated: { readonly effect: Effect; readonly what: string }[] = []

  constructor(history: History, run: Happened, file: Wanted, notes: Notes) {
    this.#history = history
    this.#run = run
    this.#file = wantedIn(file)
    this.#owner = stackFingerprint(file.stack ?? '')
    this.#sight = sightOf(run.machine)
    this.#notes = notes
  }

  judge(effect: Effect): void {
    const { named, before, after, method, at } = effect
    // What it saw while the request was on its way came too late.
    const sent = sentFor(this.#run.machine, method, named, at)
    const look = sent === undefined ? undefined : this.#sight.before(named, sent)
    if (before === undefined && method === 'PUT' && after !== undefined) {
      this.#made.set(named.id, after.createdDate)
      this.#judgeCreation(effect, look)
      return
    }
    if (before === undefined) return
    this.#notes.judge('nothing of others is changed', this.#unownedTouch(effect, before))
    if (method === 'DELETE') {
      if (this.#made.get(named.id) === before.createdDate) return
      if (before.status !== 'DESTROYING') this.#judgeDeletion(effect, look?.shown)
    }
    if (this.#made.get(named.id) === before.createdDate) return
    if (look?.shown === undefined) {
      if (method === 'PUT') this.#judgeCreationOver(effect, before)
      return
    }
    const earlier = sent === undefined ? undefined : this.#sight.wellBefore(named, sent)
    if (method === 'PUT' && earlier !== undefined) this.#judgeOverwriting(effect, before, earlier)
    this.#judgeLook(effect)
  }

  #unownedTouch({ method, named }: Effect, before: Snapshot): string | undefined {
    const isPinned = this.#file.some(({ id }) => id === named.id)
    if (hasFingerprint(named.id, this.#owner) || isPinned) return undefined
    // Allowed: what no stack made, by a run that was asked to delete it.
    if (method === 'DELETE' && this.#run.actor.plan.prune === 'all') return undefined
    return `${this.#run.actor.name} ${method} ${nameOf(before)} (${named.id}), which is not its own`
  }

  #judgeCreation(effect: Effect, look: Look | undefined): void {
    const { named, after, at } = effect
    const isOurs = hasFingerprint(named.id, this.#owner) || this.#file.some(({ id }) => id === named.id)
    this.#notes.judge(
      'nothing of others is changed',
      isOurs || after === undefined
        ? undefined
        : `${this.#run.actor.name} made ${nameOf(after)} under an id of others`,
    )
    // It was shown as existing, and never as gone since: someone deleted it.
    if (look?.shown === undefined) return
    const { shown } = look
    if (shown.metadata.status === 'DESTROYING' || after === undefined) return
    if (this.#isPlannedAsGone(named, shown) || this.#isFoundGone(named, look)) return
    const wasDeletedByUs = this.#history.service.effects.some(
      (other) =>
        other.user === this.#run.user &&
        other.method === 'DELETE' &&
        other.named.id === named.id &&
        other.at < at,
    )
    if (wasDeletedByUs) return
    this.#recreated.push({
      effect,
      what: `${this.#run.actor.name} re-created ${nameOf(after)} (${named.id})`,
    })
  }

  // The read of the plan was given a whole list again after the deletion, and the plan is made of that.
  #isPlannedAsGone(named: Effect['named'], { at }: Shown): boolean {
    const { received, plannedAt = 0 } = this.#run.machine
    const { readLagMs = 0 } = this.#history.scenario.behaviour
    const path = pathOfNamed({ ...named, id: undefined })
    const last = received.findLast((each) => each.path === path && each.at <= plannedAt)
    const deleted = this.#history.service.effects.find(
      ({ named: { id }, method, at: deletedAt }) =>
        id === named.id &&
        method === 'DELETE' &&
        deletedAt >= at - readLagMs - 1000 &&
        deletedAt <= (last?.sentAt ?? 0),
    )
    return deleted !== undefined && last?.status === 200 && !last.text.includes(named.id)
  }

  // A page that lags arrived after the answer that found it gone.
  #isFoundGone(named: Effect['named'], { answer }: Look): boolean {
    const { machine } = this.#run
    return isFoundGone(machine, named, machine.received[answer]?.sentAt)
  }

  /** What was re-created and not taken back, by a run that came to an end of its own. */
  judgeRecreated(): void {
    if (this.#history.service.effects.some((effect) => this.#isDeletionUnderway(effect))) {
      this.#notes.reached.add('what others deleted is not re-created')
    }
    const { end, isKilled, actor } = this.#run
    if (end === undefined || isKilled || actor.signalAtStep !== undefined) return
    for (const { effect, what } of this.#recreated) {
      const wasTried = this.#run.machine.sent.some(
        ({ method, path }) => method === 'DELETE' && path.endsWith(effect.named.id),
      )
      if (!wasTried && !this.#isDeletedAgain(effect))
        this.#notes.judge('what others deleted is not re-created', what)
    }
  }

  // By anyone, alone or with what holds it, before the run ended: it does not stay.
  #isDeletedAgain({ named: { id, parentIds }, at }: Effect): boolean {
    const { endedAt = Number.POSITIVE_INFINITY } = this.#run
    return this.#history.service.effects.some(
      (later) =>
        later.method === 'DELETE' &&
        later.at > at &&
        later.at <= endedAt &&
        [id, ...parentIds].includes(later.named.id),
    )
  }

  // Someone else deletes what this run has seen, while it is about to write.
  #isDeletionUnderway({ method, user, named, at }: Effect): boolean {
    const { machine, endedAt = Number.POSITIVE_INFINITY } = this.#run
    if (method !== 'DELETE' || user === this.#run.user || at > endedAt) return false
    return at >= (machine.plannedAt ?? endedAt) && this.#sight.last(named, at)?.shown !== undefined
  }

  #judgeDeletion({ named, before, at }: Effect, shown: Shown | undefined): void {
    if (this.#run.actor.command === 'destroy' || before === undefined) return
    const name = shown?.properties.name ?? before.properties.name
    const wanted = this.#file.find((each) => this.#isThat(each, before, name))
    this.#notes.judge(
      'nothing that the file wants is deleted',
      wanted === undefined ||
        wanted.isAbsent ||
        this.#isSecond(before) ||
        this.#isMistaken(wanted, before, at)
        ? undefined
        : `${this.#run.actor.name} deletes ${wanted.address} (${named.id})`,
    )
    const isProtected = wanted?.isProtected === true && !this.#isSecond(before)
    if (isProtected || this.#file.some((each) => each.isProtected)) {
      this.#notes.judge(
        'what is protected stays',
        isProtected ? `${this.#run.actor.name} deletes the protected ${wanted.address}` : undefined,
      )
    }
  }

  #isThat(wanted: WantedResource, live: Snapshot, name: unknown): boolean {
    if (wanted.kind !== live.kind || wanted.location !== live.location || wanted.name !== name) return false
    if (wanted.id !== undefined && wanted.id !== live.id) return false
    if (wanted.parent === null) return true
    const above = holderOf(live)
    const parent = above === undefined ? undefined : this.#sight.last(above, Number.POSITIVE_INFINITY)
    const parentName = parent?.shown?.properties.name
    return (
      parentName !== undefined &&
      (parentName === wanted.parent.name || parentName === wanted.parent.renamedFrom)
    )
  }

  // Its own update reached what another run of the same files had created just then, or got an answer that showed nothing
  // of it: the run took the creation for its own, as docs/failures.md says.
  #isMistaken(wanted: WantedResource, live: Snapshot, deletedAt: number): boolean {
    const createdAt = Date.parse(live.createdDate)
    const isReached = this.#history.service.effects.some(
      ({ user, method, named, before, at }) =>
        user === this.#run.user &&
        method === 'PUT' &&
        named.id === live.id &&
        before?.createdDate === live.createdDate &&
        at <= Math.min(deletedAt, createdAt + MOST_BETWEEN_DATES_MS),
    )
    const isUnseen = this.#run.machine.received.some(
      ({ method, path, status, text, sentAt }) =>
        method === 'PUT' && path.endsWith(live.id) && status === 200 && text === '' && sentAt <= createdAt,
    )
    return (isReached || isUnseen) && differences(wanted, live.properties).length === 0
  }

  // Not the file's: one of two that have its name.
  #isSecond(live: Snapshot): boolean {
    return !hasFingerprint(live.id, this.#owner) && !this.#file.some(({ id }) => id === live.id)
  }

  #judgeOverwriting({ named }: Effect, before: Snapshot, last: Look): void {
    const { plannedAt = 0 } = this.#run.machine
    if (last.shown === undefined || last.isWrite || last.at <= plannedAt) return
    // The read of the plan may have shown it more than once, and any of that may be what was planned with.
    const planned = this.#sight.until(named, plannedAt).flatMap((look) => look.shown ?? [])
    if (planned.length === 0) return
    const by = String(last.shown.metadata.lastModifiedByUserId)
    const isOther = by !== this.#run.user
    const shown = last.shown
    const isAsWanted = this.#file.some(
      (each) =>
        each.kind === before.kind &&
        each.name === shown.properties.name &&
        differences(each, shown.properties).length === 0,
    )
    const text = JSON.stringify(shown.properties)
    const isChanged = !isAsWanted && planned.every(({ properties }) => JSON.stringify(properties) !== text)
    this.#notes.judge(
      'what others changed since the read is not overwritten',
      isOther && isChanged
        ? `${this.#run.actor.name} overwrites ${nameOf(before)}, which it saw changed`
        : undefined,
    )
  }

  // Its own creation finds something that has been there for longer than a read may be old.
  #judgeCreationOver({ named, at, after }: Effect, before: Snapshot): void {
    const sentAt = sentFor(this.#run.machine, 'PUT', named, at)?.at
    if (sentAt === undefined || after === undefined) return
    const { readLagMs = 0 } = this.#history.scenario.behaviour
    const createdAt = Date.parse(before.createdDate)
    const isOld = sentAt - createdAt > OLDEST_LOOK_MS + readLagMs
    // What exists for as long as the read of the plan lasts is in it.
    const { reads, plannedAt = 0 } = this.#run.machine
    const isMissed = createdAt + readLagMs < (reads.findLast((readAt) => readAt <= plannedAt) ?? 0)
    const isSame = JSON.stringify(before.properties) === JSON.stringify(after.properties)
    this.#notes.judge(
      'a creation does not overwrite what appeared under its id',
      isMissed || (isOld && !isSame)
        ? `${this.#run.actor.name} creates over ${nameOf(before)} (${named.id})`
        : undefined,
    )
  }

  // By when the request left: what happens on its way is the gap that remains.
  #judgeLook({ named, at, method, before }: Effect): void {
    const sent = sentFor(this.#run.machine, method, named, at)
    if (sent === undefined || before === undefined) return
    const look = this.#sight.before(named, sent)
    const age = look === undefined ? undefined : sent.at - look.at
    this.#notes.judge(
      'a write follows a read that is not older than 10 s',
      age !== undefined && age <= OLDEST_LOOK_MS
        ? undefined
        : `${this.#run.actor.name} ${method} ${nameOf(before)} (${named.id}) after a read of ${age ?? 'never'} ms before`,
    )
  }
}

function nameOf({ kind, properties }: Snapshot): string {
  return `${kind.noun} ${String(properties.name)}`
}
