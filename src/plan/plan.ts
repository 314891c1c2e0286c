import type { AccessChange } from '../access/lines.ts'
import { canonicalLocation } from '../kinds/locations.ts'
import { matchesAny } from '../model/address-pattern.ts'
import type { Named } from '../model/addresses/suggest-address.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { optional } from '../model/optional.ts'
import type { DesiredResource, DesiredState, LiveState } from '../model/resource.ts'
import { describeReference } from '../model/secret.ts'
import { accessOf } from './access.ts'
import { inReadingOrder } from './changes/reading-order.ts'
import { removalChanges } from './changes/removals.ts'
import { markReplacements } from './changes/replaced.ts'
import { type Upserts, upsertChanges } from './changes/upserts.ts'
import { dateFindings, expiringSoon, stateAt, usesDates } from './expiry.ts'
import { type DisplayAddress, displayAddress } from './match/display-address.ts'
import { matchFindings } from './match/findings.ts'
import { liveAddresses } from './match/live-address.ts'
import { type Matched, type Matching, match } from './match/match.ts'
import { countedLive } from './match/other-locations.ts'
import { setAsideNames, setAsideSummary } from './match/set-aside-summary.ts'
import { findCycle } from './order/graph.ts'
import { connect, type Ordered } from './order/needs.ts'
import { narrow, type Targeted } from './order/targets.ts'
import { outdatedEnds } from './other-ends.ts'
import { deletionFindings } from './safety/deletion-guard.ts'
import {
  cycleFinding,
  heldIdFindings,
  heldValueFindings,
  noSlotFindings,
  unknownFieldFindings,
  unreadFinding,
  unreadLocationFindings,
} from './safety/findings.ts'
import { findReplacements, renameHints } from './safety/rename-hints.ts'
import { stillDeclaredFindings } from './safety/still-declared.ts'
import { unmanagedDuplicates } from './safety/unmanaged-duplicates.ts'
import { unusedFlagFindings, unusedProtectionFindings } from './safety/unused-patterns.ts'
import { unusedReleaseFindings } from './safety/unused-releases.ts'
import {
  type Change,
  DEFAULT_PLAN_OPTIONS,
  deletions,
  type MissingSecret,
  type Plan,
  type PlanOptions,
  type PlanSummary,
} from './types.ts'

/** The stages of one planning, for the findings. */
interface Draft {
  readonly everything: DesiredState
  readonly desired: DesiredState
  readonly live: LiveState
  readonly options: PlanOptions
  readonly matching: Matching
  readonly display: DisplayAddress
  readonly upserts: Upserts
  readonly ordered: Ordered
  readonly targeted: Targeted
}

/**
 * What it takes to get from live to desired. Pure: the same input gives the same plan, whatever the order of live
 * pages. Errors of the plan are refusals in it, so that a reader sees both.
 */
export function plan(written: DesiredState, found: LiveState, given: Partial<PlanOptions> = {}): Plan {
  const options = { ...DEFAULT_PLAN_OPTIONS, ...given }
  const everything = stateAt(written, options.asOf)
  const live = countedLive(everything, found)
  const desired = withinReach(everything, live)
  const matching = match(desired, live)
  const display = displayAddress(desired, live)
  const wanted = options.destroy ? [] : matching.matched
  const upserts = upsertChanges(wanted, options.resendSecrets, display)
  const removals = removalChanges(matching, live, options, display)
  const addressOf = liveAddresses(matching)
  const connected = connect([...upserts.changes, ...removals], {
    live,
    find: matching.index.find,
    addressOf: (resource) => display(addressOf(resource), resource.location),
    targets: options.targets,
  })
  const ordered = { ...connected, changes: inReadingOrder(connected.changes) }
  const targeted = narrow(ordered.changes, options.targets)
  const changes = markReplacements(targeted.changes)
  const otherEnds = outdatedEnds(changes)
  const aside = setAsideSummary(matching, desired, display, options.targets)
  const deleted = new Set(deletions(changes).map(({ target }) => target.id))
  const draft = { everything, desired, live, options, matching, display, upserts, ordered, targeted }
  const { access, findings: accessFindings } = accessOf(
    changes,
    live,
    options.destroy ? [] : desired.accessRules,
  )
  const findings = [...findingsOf(draft), ...accessFindings]
  const made: Plan = {
    stack: desired.stack,
    locations: live.locations,
    ...optional({ others: live.others, unread: live.unread, readAt: live.readAt }),
    options: lastingOptions(options, desired),
    changes,
    summary: summarise(changes),
    uncompared: withinTargets(upserts.uncompared, draft).map(({ address, path, why }) => ({
      address,
      path,
      why,
    })),
    missingSecrets: missingSecrets(changes),
    ...aside,
    // What a refused plan would delete is not left alone.
    released: aside.released.filter(({ id }) => !deleted.has(id)),
    expiring: expiringSoon(desired, options, display),
    ...(otherEnds.length === 0 ? {} : { otherEnds }),
    warnings: findings.filter((finding) => finding.severity === 'warning'),
    refusals: findings.filter((finding) => finding.severity === 'error'),
  }
  return access === undefined ? made : withAccess(made, access)
}

// Computed when it is first asked for: a verification, a base, and a check of a saved plan never show it.
function withAccess(made: Plan, report: () => readonly AccessChange[]): Plan {
  let found: readonly AccessChange[] | undefined
  const get = (): Plan['access'] => {
    found ??= report()
    return found.length === 0 ? undefined : found
  }
  return Object.defineProperty(made, 'access', { get, enumerable: true })
}

// A time on which nothing depends would make each plan another one.
function lastingOptions({ asOf, ...options }: PlanOptions, { resources }: DesiredState): PlanOptions {
  return asOf !== undefined && resources.some(usesDates) ? { ...options, asOf } : options
}

// A location that was not read must not look empty, or all that is in it would be created again.
function withinReach(desired: DesiredState, live: LiveState): DesiredState {
  const read = new Set(live.locations.map(canonicalLocation))
  const unread = new Set(desired.locations.filter((location) => !read.has(canonicalLocation(location))))
  if (unread.size === 0) return desired
  return { ...desired, resources: desired.resources.filter(({ location }) => !unread.has(location)) }
}

function findingsOf(draft: Draft): readonly Diagnostic[] {
  const { desired, live, options, matching, ordered, targeted } = draft
  const { changes } = targeted
  const replacements = findReplacements(changes)
  const cycle = findCycle(changes)
  return [
    ...unreadFindings(draft),
    ...unreadLocationFindings(live),
    ...openMatches(draft),
    ...heldValueFindings(withinTargets(ordered.heldValues.map(withKey), draft)),
    ...noSlotFindings(withinTargets(ordered.noSlots.map(withKey), draft)),
    ...heldIdFindings(withinTargets(ordered.heldIds.map(withKey), draft), desired.stack),
    ...(options.destroy ? [] : unmanagedDuplicates({ changes, resources: live.resources, matching })),
    ...unknownFieldFindings(changes),
    ...renameHints(replacements),
    ...targeted.warnings,
    ...targeted.refusals,
    ...unusedPatternFindings(draft),
    ...dateFindings(draft.everything, options.asOf),
    ...deletionFindings({ changes, replacements, desired, live, matching, options }),
    ...unusedReleaseFindings(matching, desired, live, deletions(changes).length > 0),
    ...(options.destroy && options.targets.length > 0 ? stillDeclaredFindings(changes) : []),
    ...(cycle === undefined ? [] : [cycleFinding(cycle)]),
  ]
}

function withKey<T extends { readonly change: Change }>(held: T): T & { readonly key: string } {
  return { ...held, key: held.change.key }
}

function withinTargets<T extends { readonly key: string }>(
  items: readonly T[],
  { targeted }: Pick<Draft, 'targeted'>,
): readonly T[] {
  if (items.length === 0) return items
  const kept = new Set(targeted.changes.map(({ key }) => key))
  return items.filter(({ key }) => kept.has(key))
}

// `destroy` asks nothing of the file but its stack; whoever targets one resource is not held up by another.
function openMatches({ desired, options, matching, display }: Draft): readonly Diagnostic[] {
  if (options.destroy) return []
  const inReach = options.targets.length === 0 ? matching.matched : withParents(matching, options.targets)
  return matchFindings(desired, inReach, display)
}

// A target below a gateway of which it is open what becomes of it would silently be no change at all.
function withParents({ matched }: Matching, targets: readonly string[]): readonly Matched[] {
  const isTarget = matchesAny(targets)
  const reached = new Set<DesiredResource>()
  for (const { desired } of matched) {
    if (!isTarget(desired.address, desired.location)) continue
    for (let at: DesiredResource | null = desired; at !== null; at = at.parent) reached.add(at)
  }
  return matched.filter(({ desired }) => reached.has(desired))
}

function unreadFindings({ everything, desired }: Draft): readonly Diagnostic[] {
  const count = everything.resources.length - desired.resources.length
  if (count === 0) return []
  const left = new Set(desired.resources)
  const missing = everything.resources.filter((resource) => !left.has(resource))
  return [unreadFinding([...new Set(missing.map(({ location }) => location))], count)]
}

function unusedPatternFindings(draft: Draft): readonly Diagnostic[] {
  const { everything, live, options, display, ordered, upserts, targeted } = draft
  const { targets, resendSecrets, destroy } = options
  const { protectedPatterns, protectedPlaces = [] } = everything
  const resends = destroy ? [] : resendSecrets.filter((pattern) => pattern !== 'all')
  if (targets.length + resends.length + protectedPatterns.length === 0) return []
  // What is in the file is named even where it has no change, since it is open what becomes of it.
  const inFile = everything.resources.map(({ address, location }) => ({
    address: display(address, location),
    location,
  }))
  const named = [...ordered.changes.map(nameOf), ...inFile, ...setAsideNames(draft.matching, display)]
  const protection = {
    patterns: protectedPatterns,
    places: protectedPlaces,
    locations: live.locations,
    deletesSomething: deletions(targeted.changes).length > 0,
  }
  return [
    ...unusedFlagFindings('--target', targets, named),
    ...unusedFlagFindings('--resend-secrets', resends, upserts.changes.map(nameOf)),
    ...unusedProtectionFindings(protection, named),
  ]
}

function nameOf({ address, target: { location } }: Change): Named {
  return { address, location }
}

/** How many changes of each kind there are. */
export function summarise(changes: readonly Change[]): PlanSummary {
  const summary = { create: 0, update: 0, delete: 0, keep: 0, unmanaged: 0 }
  for (const { action, reason } of changes) if (reason.code !== 'destroying') summary[action] += 1
  return summary
}

function missingSecrets(changes: readonly Change[]): readonly MissingSecret[] {
  const missing: MissingSecret[] = []
  for (const change of changes) {
    if (change.action !== 'create' && change.action !== 'update') continue
    for (const { path, reference, value } of change.desired.secrets) {
      if (value === null)
        missing.push({ address: change.address, path, source: describeReference(reference) })
    }
  }
  return missing
}
