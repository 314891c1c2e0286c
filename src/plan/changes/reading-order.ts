import { compareText } from '../../model/lists.ts'
import type { Action, Change } from '../types.ts'

const READING_ORDER: Readonly<Record<Action, number>> = {
  delete: 0,
  create: 1,
  update: 1,
  keep: 2,
  unmanaged: 3,
}

/**
 * Danger first. Ensures stay in the order of the file; what only live knows is sorted by address and id, each
 * parent in front of its children.
 */
export function inReadingOrder(changes: readonly Change[]): readonly Change[] {
  const groups: Change[][] = [[], [], [], []]
  for (const change of changes) groups[READING_ORDER[change.action]]?.push(change)
  return groups.flatMap((group, index) => (index === 0 || index === 3 ? byAddress(group) : group))
}

/** By address, each parent in front of its children, then by key. */
export function compareAddresses(a: Addressed, b: Addressed): number {
  return compareText(sortText(a), sortText(b))
}

type Addressed = Pick<Change, 'address' | 'key'>

// A step ends in a character that no address contains, or "hq-2" would be between "hq" and its peers. The end of the
// address sorts before a further step, whatever the key begins with: keys begin with the name of a location.
function sortText({ address, key }: Addressed): string {
  return `${address.replaceAll('/', '\u0001')}\0${key}`
}

// No two changes have one key.
function byAddress(changes: readonly Change[]): readonly Change[] {
  return changes
    .map((change) => ({ change, text: sortText(change) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ change }) => change)
}
