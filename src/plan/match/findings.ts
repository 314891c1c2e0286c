import type { Diagnostic } from '../../model/diagnostic.ts'
import { deriveId, derivingStack, ownedBy } from '../../model/identity.ts'
import { optional } from '../../model/optional.ts'
import type { DesiredResource, DesiredState, LiveResource } from '../../model/resource.ts'
import type { Match } from './counterpart.ts'
import type { DisplayAddress } from './display-address.ts'
import type { Matched } from './match.ts'

/** The code of an id that nothing live has. */
export const UNKNOWN_ID = 'VPN505'

/** Why a matching must not be applied: names of unmanaged resources, ambiguity, ids that belong to others. */
export function matchFindings(
  { stack, neighbours = [] }: Pick<DesiredState, 'stack' | 'neighbours'>,
  matched: readonly Matched[],
  display: DisplayAddress,
): readonly Diagnostic[] {
  const otherStack = fromOneStack(
    matched.flatMap(({ match }) => (match.type === 'foreign' ? [match.live] : [])),
  )
  const address = (resource: DesiredResource): string => display(resource.address, resource.location)
  const hintFor = (resource: DesiredResource, live: readonly LiveResource[]): string => {
    const owner = neighbours.find((neighbour) => ownedBy(neighbour.stack)(firstId(live)))
    if (owner !== undefined)
      return `it belongs to the neighbour ${JSON.stringify(owner.stack)}: choose another name`
    return resource.ensure === 'absent'
      ? `to delete it, write in the file: id: ${firstId(live)}`
      : adoptHint(live, otherStack)
  }
  // A renamed resource keeps the id that its old address derives.
  const taken = new Set(matched.flatMap(({ match }) => (match.type === 'live' ? [match.live.id] : [])))
  const needsItsId = (resource: DesiredResource): boolean =>
    taken.has(deriveId(stack, resource.location, resource.address))
  // Another entry means those that are matched: to pin one of them would take it from that entry.
  const preferred = (live: readonly LiveResource[]): readonly LiveResource[] => {
    const free = live.filter(({ id }) => !taken.has(id))
    return free.length === 0 ? live : free
  }
  const open = matched.filter(({ match }) => match.type !== 'live')
  return open.flatMap(({ desired: resource, match }): Diagnostic[] => {
    const base = { ...place(resource), address: address(resource) }
    switch (match.type) {
      case 'live':
        return []
      case 'missing':
        return resource.id === undefined || resource.ensure === 'absent' || needsItsId(resource)
          ? []
          : [{ ...base, ...missingId(resource.id, base.address) }]
      case 'foreign':
        return [
          {
            ...base,
            severity: 'error',
            code: 'VPN501',
            message: unmanagedMessage(resource, match.live),
            hint: hintFor(resource, match.live),
          },
        ]
      case 'ambiguous':
        return [
          {
            ...base,
            severity: 'error',
            code: 'VPN502',
            message: `${base.address} could be any of ${idList(match.live)}`,
            hint: `write the right one as its id, for instance: id: ${firstId(preferred(match.live))}`,
          },
        ]
      case 'same-name':
        return [{ ...base, ...sameNameFinding(resource, base.address, match.live) }]
      case 'released':
        return [{ ...base, ...releasedFinding(base.address, match.live) }]
      case 'taken':
        return [{ ...base, ...takenFinding(stack, resource, match, address) }]
      default:
        return match satisfies never
    }
  })
}

type MatchFinding = Pick<Diagnostic, 'severity' | 'code' | 'message' | 'hint' | 'related'>

function place(resource: DesiredResource): Pick<Diagnostic, 'at'> {
  const at = resource.locate(['name']) ?? resource.locate()
  return optional({ at })
}

function missingId(id: string, address: string): MatchFinding {
  return {
    severity: 'warning',
    code: UNKNOWN_ID,
    message: `nothing live has the id ${id} of ${address}; it would be created with this id`,
    hint: 'check the id, or leave it out',
  }
}

function releasedFinding(address: string, live: readonly LiveResource[]): MatchFinding {
  return {
    severity: 'error',
    code: 'VPN541',
    message: `${address} is declared, and the live resource ${idList(live)} that it means is released`,
    hint: 'remove it from the files if another stack manages it; remove the entry of "released" if this one does',
  }
}

function sameNameFinding(
  resource: DesiredResource,
  address: string,
  live: readonly LiveResource[],
): MatchFinding {
  return {
    severity: 'error',
    code: 'VPN505',
    message: `nothing live has the id ${resource.id ?? ''} of ${address}, but ${idList(live)} has its name and is owned by this stack`,
    hint: 'leave the id out, or write the right one; under this id a second one would be created',
  }
}

function unmanagedMessage(resource: DesiredResource, live: readonly LiveResource[]): string {
  const what = `${resource.kind.title} ${JSON.stringify(resource.name)}`
  return live.length === 1
    ? `the ${what} already exists and is not owned by this stack (${[`id ${firstId(live)}`, ...factsOf(live)].join(', ')})`
    : `${live.length} resources with the name of ${what} already exist and are not owned by this stack: ${idList(live)}`
}

// Whose a peer is shows in its addresses.
function factsOf([live]: readonly LiveResource[]): readonly string[] {
  const summary = live?.kind.summary?.(live.spec)
  return [...(summary?.facts ?? []), ...(summary?.reaches ?? [])]
}

function adoptHint(live: readonly LiveResource[], otherStack: number | undefined): string {
  const adopt = `to adopt it, add to its entry: id: ${firstId(live)}`
  if (otherStack === undefined)
    return `${adopt}; to delete it, add ensure: absent too, apply, and remove these two lines; otherwise choose another name`
  return otherStack === 1
    ? `it looks made by another stack: is "stack:" right? If so, ${adopt}; otherwise choose another name`
    : `${otherStack} resources of this file look made by one other stack: is "stack:" right? If so, ${adopt}`
}

// Many resources of one stack mean a wrong stack name.
function fromOneStack(unmanaged: readonly (readonly LiveResource[])[]): number | undefined {
  const stacks = new Set(unmanaged.map((live) => derivingStack(firstId(live))))
  return stacks.size === 1 && !stacks.has(undefined) ? unmanaged.length : undefined
}

function firstId(live: readonly LiveResource[]): string {
  return live[0]?.id ?? ''
}

function idList(live: readonly LiveResource[]): string {
  return live.map((resource) => resource.id).join(', ')
}

function takenFinding(
  stack: string,
  resource: DesiredResource,
  { by, claimant }: Extract<Match, { type: 'taken' }>,
  address: (resource: DesiredResource) => string,
): MatchFinding {
  if (claimant === undefined) {
    return {
      severity: 'error',
      code: 'VPN504',
      message: `the id ${resource.id ?? ''} of ${address(resource)} belongs to the ${by?.kind.title ?? 'resource'} ${JSON.stringify(by?.name ?? '')} elsewhere`,
      hint:
        by !== undefined && by.location !== resource.location
          ? `it is in ${by.location}: correct the location, or leave the id out to create a new resource`
          : 'ids cannot move between parents: leave the id out to create a new resource',
    }
  }
  const newcomer = by === undefined ? resource : newcomerOf(resource, claimant, by.name)
  const free = deriveId(stack, newcomer.location, `${newcomer.address}\0${by?.id ?? resource.id ?? ''}`)
  const related = claimant.locate(['name'])
  return {
    severity: 'error',
    code: 'VPN503',
    message:
      by === undefined
        ? `${address(claimant)} and ${address(resource)} would have one id`
        : `${address(claimant)} and ${address(resource)} both mean the live resource ${by.id} (now named ${JSON.stringify(by.name)})`,
    hint: `if ${address(newcomer)} is the new one, give it an id of its own: id: ${free}`,
    ...(related === undefined ? {} : { related: [{ at: related, message: 'the other one' }] }),
  }
}

// Whoever had the name of the live resource, or has it now, is the old one.
function newcomerOf(resource: DesiredResource, claimant: DesiredResource, liveName: string): DesiredResource {
  if (claimant.renamedFrom === liveName) return resource
  if (resource.renamedFrom === liveName) return claimant
  return resource.name === liveName ? claimant : resource
}
