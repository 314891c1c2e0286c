import type { Diagnostic } from '../model/diagnostic.ts'
import { deriveId } from '../model/identity.ts'
import { formatPath } from '../model/json.ts'
import type { DesiredResource, DesiredState, LiveResource } from '../model/resource.ts'
import type { Matched } from './match.ts'
import type { HeldId, HeldValue } from './needs.ts'
import type { Change } from './types.ts'

/** Why a matching must not be applied: foreign names, ambiguity, ids that belong to others. */
export function matchFindings(desired: DesiredState, matched: readonly Matched[]): readonly Diagnostic[] {
  const foreign = matched.filter((entry) => entry.match.type === 'foreign')
  const otherStack = commonFingerprint(foreign)
  return matched.flatMap((entry): Diagnostic[] => {
    const { desired: resource, match } = entry
    const base = about(resource)
    switch (match.type) {
      case 'live':
        return []
      case 'missing':
        return resource.id === undefined || resource.ensure === 'absent'
          ? []
          : [
              {
                ...base,
                severity: 'warning',
                code: 'VPN505',
                message: `nothing live has the id ${resource.id} of ${resource.address}; it would be created with this id`,
                hint: 'check the id, or leave it out',
              },
            ]
      case 'foreign':
        return [
          {
            ...base,
            severity: 'error',
            code: 'VPN501',
            message: foreignMessage(resource, match.live),
            hint: adoptHint(match.live, foreign.length > 1 ? otherStack : undefined),
          },
        ]
      case 'ambiguous':
        return [
          {
            ...base,
            severity: 'error',
            code: 'VPN502',
            message: `${resource.address} could be any of ${idList(match.live)}`,
            hint: `write the right one as its id, for instance: id: ${match.live[0]?.id ?? ''}`,
          },
        ]
      case 'taken':
        return [takenFinding(desired, resource, match.by, match.claimant)]
      default:
        return match satisfies never
    }
  })
}

function about(resource: DesiredResource): Pick<Diagnostic, 'address' | 'at'> {
  const at = resource.locate(['name']) ?? resource.locate()
  return { address: resource.address, ...(at === undefined ? {} : { at }) }
}

function foreignMessage(resource: DesiredResource, live: readonly LiveResource[]): string {
  const what = `${resource.kind.title} ${JSON.stringify(resource.name)}`
  return live.length === 1
    ? `a ${what} is there already and was not made by this stack (id ${live[0]?.id})`
    : `${live.length} resources with the name of ${what} are there already and were not made by this stack: ${idList(live)}`
}

function adoptHint(live: readonly LiveResource[], otherStack: number | undefined): string {
  const adopt = `to take it over, write in the file: id: ${live[0]?.id}`
  return otherStack === undefined
    ? `${adopt}; otherwise choose another name`
    : `${otherStack} resources of this file were made by one other stack: is "stack:" right? ${adopt}`
}

// Ids that a stack gives share their first 48 bits and are of version 5: many of one stack mean a wrong stack name.
function commonFingerprint(foreign: readonly Matched[]): number | undefined {
  const marks = new Map<string, number>()
  for (const { match } of foreign) {
    const id = match.type === 'foreign' ? match.live[0]?.id : undefined
    if (id?.[14] === '5') marks.set(id.slice(0, 13), (marks.get(id.slice(0, 13)) ?? 0) + 1)
  }
  const most = Math.max(0, ...marks.values())
  return most > 1 && most === foreign.length ? most : undefined
}

function idList(live: readonly LiveResource[]): string {
  return live.map((resource) => resource.id).join(', ')
}

function takenFinding(
  desired: DesiredState,
  resource: DesiredResource,
  by: LiveResource,
  claimant: DesiredResource | undefined,
): Diagnostic {
  if (claimant === undefined) {
    return {
      ...about(resource),
      severity: 'error',
      code: 'VPN504',
      message: `the id ${resource.id} of ${resource.address} belongs to a ${by.kind.title} elsewhere (${JSON.stringify(by.name)})`,
      hint: 'ids cannot move between parents: leave the id out to create a new resource',
    }
  }
  const newcomer = by.name === resource.name ? claimant : resource
  const free = deriveId(desired.stack, newcomer.location, `${newcomer.address}\0${by.id}`)
  const related = claimant.locate(['name'])
  return {
    ...about(resource),
    severity: 'error',
    code: 'VPN503',
    message: `${claimant.address} and ${resource.address} both mean the live resource ${by.id} (now named ${JSON.stringify(by.name)})`,
    hint: `if ${newcomer.address} is the new one, give it an id of its own: id: ${free}`,
    ...(related === undefined ? {} : { related: [{ at: related, message: 'the other one' }] }),
  }
}

/** A claimed value that another resource holds: the API will probably refuse it. */
export function heldValueFindings(held: readonly HeldValue[]): readonly Diagnostic[] {
  return held.flatMap(({ change, path, holder }): Diagnostic[] => {
    if (change.action !== 'create' && change.action !== 'update') return []
    const at = change.desired.locate(path) ?? change.desired.locate()
    return [
      {
        severity: 'warning',
        code: 'VPN512',
        message: `${formatPath(path)} of ${change.address} is held by the ${holder.kind.title} ${JSON.stringify(holder.name)} (id ${holder.id})`,
        hint: 'the API will probably refuse it: free it first, or choose another',
        address: change.address,
        ...(at === undefined ? {} : { at }),
      },
    ]
  })
}

/** An id that a create needs and that stays with another resource. */
export function heldIdFindings(held: readonly HeldId[]): readonly Diagnostic[] {
  return held.map(({ change, holder }) => ({
    severity: 'error',
    code: 'VPN504',
    message: `the id ${holder.id} of ${change.address} is in use by a ${holder.kind.title} under another parent (${JSON.stringify(holder.name)})`,
    hint: 'let this run delete that one (see --prune), or write another id',
    address: change.address,
  }))
}

/** Changes that wait for each other: gateways that exchange a value that only one can hold. */
export function cycleFinding(cycle: readonly Change[]): Diagnostic {
  const names = cycle.map((change) => change.address).join(' and ')
  const path = cycle[0]?.target.kind.exclusive[0]
  return {
    severity: 'error',
    code: 'VPN509',
    message: `${names} exchange ${path === undefined ? 'a value' : formatPath(path)}, which cannot be done in one go`,
    hint: `give ${cycle[0]?.address ?? 'one of them'} a third value first, apply, and then the final one`,
    ...(cycle[0] === undefined ? {} : { address: cycle[0].address }),
  }
}

/** Live fields that this version does not know and that an update would drop. */
export function unknownFieldFindings(changes: readonly Change[]): readonly Diagnostic[] {
  return changes.flatMap((change): Diagnostic[] =>
    change.action === 'update' && change.unknownFields.length > 0
      ? [
          {
            severity: 'warning',
            code: 'VPN511',
            message: `${change.address} has live fields that this version does not know: ${change.unknownFields.map(formatPath).join(', ')}`,
            hint: 'the update would reset them, since a PUT replaces everything: look for a newer version first',
            address: change.address,
          },
        ]
      : [],
  )
}
