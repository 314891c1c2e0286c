import { claimedPaths } from '../../model/claims.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import { deriveId } from '../../model/identity.ts'
import { formatPath } from '../../model/json.ts'
import { firstOf, groupBy } from '../../model/lists.ts'
import { optional } from '../../model/optional.ts'
import { collectionKey, type LiveState } from '../../model/resource.ts'
import type { HeldId, HeldValue } from '../order/needs.ts'
import type { NoSlot } from '../order/slots.ts'
import type { Change } from '../types.ts'

/** A claimed value that another resource has or claims. */
export function heldValueFindings(held: readonly HeldValue[]): readonly Diagnostic[] {
  return held.map(({ change, path, holder }): Diagnostic => {
    const at = change.desired.locate(path) ?? change.desired.locate()
    const base = { address: change.address, ...optional({ at }) }
    if ('change' in holder) {
      return {
        ...base,
        severity: 'error',
        code: 'VPN517',
        message: `${change.address} and ${holder.change.address} want the same ${formatPath(path)}`,
        hint: 'only one can have it: give one of them another',
      }
    }
    const { live } = holder
    return {
      ...base,
      severity: 'warning',
      code: 'VPN512',
      message: `${formatPath(path)} of ${change.address} is used by the ${live.kind.title} ${JSON.stringify(live.name)} (id ${live.id})`,
      hint: 'the API will probably refuse it: free it first, or choose another',
    }
  })
}

/** Creates that find no room below their parent: one finding for each parent, since they have one cause. */
export function noSlotFindings(full: readonly NoSlot[]): readonly Diagnostic[] {
  return [...groupBy(full, ({ change }) => collectionKey(change.target)).values()].map(
    (group): Diagnostic => {
      const [{ change, capacity, total, unmanaged }] = group
      const at = change.desired.locate(['name']) ?? change.desired.locate()
      const { yamlKey, noun, parent } = change.target.kind
      const gateway = parent?.noun ?? 'parent'
      const theirs = unmanaged === 0 ? '' : `, ${unmanaged} of them unmanaged`
      const limit = `${gateway} can have at most ${capacity} ${yamlKey}, and there would be ${total}${theirs}`
      const isOne = group.length === 1
      return {
        severity: 'error',
        code: 'VPN527',
        message: isOne
          ? `${change.address} has no room: its ${limit}`
          : `${group.length} ${noun}s have no room: their ${limit}: ${firstOf(group.map((each) => each.change.address).sort())}`,
        hint: `delete some of the others first, or put ${isOne ? 'this one' : 'these'} on another ${gateway}`,
        address: change.address,
        ...optional({ at }),
      }
    },
  )
}

/** An id that a create needs and that stays with another resource. */
export function heldIdFindings(held: readonly HeldId[], stack: string): readonly Diagnostic[] {
  return held.map(({ change, holder }): Diagnostic => {
    const at = change.desired.locate(['name']) ?? change.desired.locate()
    const { location, address } = change.desired
    const free = deriveId(stack, location, `${address}\0${holder.id}`)
    return {
      severity: 'error',
      code: 'VPN504',
      message: `the id ${holder.id} of ${change.address} is in use by the ${holder.kind.title} ${JSON.stringify(holder.name)} under another parent`,
      hint: `let this run delete that one (see --prune), or give the new one an id of its own: id: ${free}`,
      address: change.address,
      ...optional({ at }),
    }
  })
}

/** Changes that wait for each other: gateways that exchange a value that only one can have. */
export function cycleFinding(cycle: readonly Change[]): Diagnostic {
  const names = cycle.map((change) => change.address).join(' and ')
  const [path] = claimedPaths(cycle[0]?.target.kind.claims ?? [], 'location')
  const value = path === undefined ? 'a value' : formatPath(path)
  const first = cycle.find((change) => change.action === 'create' || change.action === 'update')
  const at = first?.desired.locate(path)
  return {
    severity: 'error',
    code: 'VPN509',
    message: `${names} exchange ${value}, which cannot be done in one go`,
    hint: `give ${first?.address ?? 'one of them'} a third ${value} first, apply, and then the final one`,
    ...(cycle[0] === undefined ? {} : { address: cycle[0].address }),
    ...optional({ at }),
  }
}

/** Live fields that this version does not know and that an update would drop: one finding for the same fields. */
export function unknownFieldFindings(changes: readonly Change[]): readonly Diagnostic[] {
  const updates = changes
    .filter((change) => change.action === 'update')
    .filter(({ unknownFields }) => unknownFields.length > 0)
    .map(({ address, unknownFields }) => ({ address, fields: unknownFields.map(formatPath).join(', ') }))
  return [...groupBy(updates, ({ fields }) => fields).values()].map((group): Diagnostic => {
    const [{ address, fields }] = group
    const what = `live fields that this version does not know: ${fields}`
    return {
      severity: 'warning',
      code: 'VPN511',
      message:
        group.length === 1
          ? `${address} has ${what}`
          : `${group.length} resources have ${what} (${firstOf(group.map((each) => each.address))})`,
      hint: 'the update would reset them, since a PUT replaces everything: look for a newer version first',
      address,
    }
  })
}

/** Resources that were left out because their location was not read. */
export function unreadFinding(locations: readonly string[], count: number): Diagnostic {
  return {
    severity: 'warning',
    code: 'VPN513',
    message:
      count === 1
        ? `1 resource in ${locations.join(', ')} was not compared; it may differ`
        : `${count} resources in ${locations.join(', ')} were not compared; they may differ`,
    hint: 'run once without --only-location before you rely on the result',
  }
}

/** Locations that were not read although something of the stack may be left there. */
export function unreadLocationFindings({
  locations,
  others = [],
  unread = [],
}: Pick<LiveState, 'locations' | 'others' | 'unread'>): readonly Diagnostic[] {
  const [first] = unread
  if (first === undefined) return []
  const names = unread.map(({ location }) => location).join(', ')
  const read = [...locations, ...others].join(', ')
  return [
    {
      severity: 'warning',
      code: 'VPN520',
      message: `${unread.length === 1 ? '1 location was' : `${unread.length} locations were`} not read (${names}): leftovers there cannot be seen`,
      hint: `${first.location}: ${first.message}; to read no others, write in the file: locations: [${read}]`,
    },
  ]
}
