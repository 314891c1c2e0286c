import { kindsUnder } from '../../src/kinds/index.ts'
import type { ResourceKind } from '../../src/model/resource.ts'

/** The collections that each read of a location begins with. */
export const TOP_LISTS: readonly string[] = kindsUnder(null).map(({ collection }) => collection)

/** The collections that a read of a location asks for, when there are so many resources of each kind that may have children. */
export function listsFor(
  ...counts: readonly (readonly [kind: ResourceKind, count: number])[]
): readonly string[] {
  const below = counts.flatMap(([kind, count]) =>
    kindsUnder(kind).flatMap(({ collection }) => Array.from({ length: count }, () => collection)),
  )
  return [...TOP_LISTS, ...below].sort()
}
