import type { Address } from '../model/address.ts'
import { withinTargets } from '../model/address-pattern.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { DesiredState, LiveResource, LiveState } from '../model/resource.ts'
import { displayAddress } from '../plan/match/display-address.ts'
import { matchFindings } from '../plan/match/findings.ts'
import { liveAddresses } from '../plan/match/live-address.ts'
import { type Matched, match } from '../plan/match/match.ts'
import type { Plan } from '../plan/types.ts'

/** A desired resource for which it is not decided which live one it is, with what could be meant. */
export interface Conflict {
  readonly entry: Matched
  readonly address: Address
  readonly lives: readonly LiveResource[]
  readonly reason: Diagnostic
}

/** What a plan says nothing about. */
export interface Open {
  readonly conflicts: readonly Conflict[]
  /** Below a conflict, and so not compared. */
  readonly undecided: readonly Address[]
  /** Made by this stack, and being destroyed. */
  readonly leaving: readonly { readonly live: LiveResource; readonly address: Address }[]
}

/**
 * What a plan refuses to match or need not touch. Most states have neither, and are not matched a second time.
 */
export function openEntries(
  desired: DesiredState,
  live: LiveState,
  planned: Plan,
  targets: readonly string[],
): Open {
  const isLeaving = ({ status }: LiveResource): boolean => status === 'DESTROYING'
  if (planned.refusals.length === 0 && !live.resources.some(isLeaving)) {
    return { conflicts: [], undecided: [], leaving: [] }
  }
  const display = displayAddress(desired, live)
  const isTarget = withinTargets(targets)
  const conflicts: Conflict[] = []
  const undecided: Address[] = []
  const open = new Set<Matched>()
  const matching = match(desired, live)
  const { matched } = matching
  const addressOf = ({ desired: { address, location } }: Matched): Address => display(address, location)
  const shown = matched.filter(({ desired: { address, location } }) => isTarget(address, location))
  const reasons = new Map(
    matchFindings(desired, shown, display)
      .filter(({ severity }) => severity === 'error')
      .map((finding) => [finding.address, finding]),
  )
  for (const entry of matched) {
    const reason = reasons.get(addressOf(entry))
    const isBelow = entry.parent !== null && open.has(entry.parent)
    if (isBelow || isOpen(entry)) open.add(entry)
    if (reason !== undefined && !isBelow) {
      conflicts.push({ entry, address: addressOf(entry), lives: livesOf(entry), reason })
    } else if (isBelow && isTarget(entry.desired.address, entry.desired.location)) {
      undecided.push(addressOf(entry))
    }
  }
  const liveAddress = liveAddresses(matching)
  const leaving = live.resources
    .filter((resource) => isLeaving(resource) && matching.isOwned(resource))
    .filter((resource) => isTarget(liveAddress(resource), resource.location))
    .map((resource) => ({ live: resource, address: display(liveAddress(resource), resource.location) }))
  return { conflicts, undecided, leaving }
}

function isOpen({ match: { type } }: Matched): boolean {
  return type !== 'live' && type !== 'missing'
}

function livesOf({ match: found }: Matched): readonly LiveResource[] {
  switch (found.type) {
    case 'foreign':
    case 'ambiguous':
    case 'same-name':
    case 'released':
      return found.live
    case 'taken':
      return found.by === undefined ? [] : [found.by]
    case 'live':
    case 'missing':
      return []
    default:
      return found satisfies never
  }
}
