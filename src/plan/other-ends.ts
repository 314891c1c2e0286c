import type { Address } from '../model/address.ts'
import { parentTarget, targetKey } from '../model/resource.ts'
import { isWithin } from './changes/compare.ts'
import type { FieldChange } from './changes/field-change.ts'
import type { Change } from './types.ts'

/**
 * The children whose other end needs another configuration once the plan is applied: new ones, those with a field that
 * both ends hold, and all of a gateway with such a field.
 */
export function otherEndsToRenew(changes: readonly Change[]): readonly Change[] {
  const changed = changes.filter((change) => change.action === 'update' && reachesOtherEnd(change))
  const below = new Set(changed.map(({ target }) => targetKey(target)))
  const isBelow = ({ target }: Change): boolean => {
    const parent = parentTarget(target)
    return parent !== undefined && below.has(targetKey(parent))
  }
  return changes.filter((change) => {
    if (change.target.kind.parent === null) return false
    // A canary has no device.
    if ('desired' in change && change.desired?.canary !== undefined) return false
    switch (change.action) {
      case 'create':
        return true
      case 'update':
        return reachesOtherEnd(change) || isBelow(change)
      case 'keep':
        return isBelow(change)
      case 'delete':
      case 'unmanaged':
        return false
      default:
        return change satisfies never
    }
  })
}

function reachesOtherEnd(change: Extract<Change, { readonly fields: unknown }>): boolean {
  const shared = change.target.kind.disruptive.filter(({ otherEnd }) => otherEnd === true)
  return change.fields.some(
    (field) => isChanged(field) && shared.some(({ path }) => isWithin(field.path, path)),
  )
}

// A secret that is only sent again is the same as before, as far as anyone knows.
function isChanged(field: FieldChange): boolean {
  return field.type !== 'secret' || field.change === 'changed' || field.change === 'rotated'
}

/** The addresses of those that are live already: everybody knows that a new one needs a configuration. */
export function outdatedEnds(changes: readonly Change[]): readonly Address[] {
  return otherEndsToRenew(changes)
    .filter(({ action }) => action !== 'create')
    .map(({ address }) => address)
}
