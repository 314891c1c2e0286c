import { canonicalJson, getPath, type Plain, type PlainObject, withPath } from '../../model/json.ts'
import type { DesiredResource } from '../../model/resource.ts'

/**
 * A spec as it is sent: its lists in the order of the file. The canonical order is for comparing; tools that compare
 * lists item by item would see a lasting difference in it.
 */
export function inFileOrder({ kind, written }: DesiredResource, spec: PlainObject): PlainObject {
  if (written === undefined) return spec
  return kind.sets.reduce((ordered, path) => {
    const list = getPath(ordered, path)
    const order = getPath(written, path)
    if (!Array.isArray(list) || !Array.isArray(order) || list.length < 2) return ordered
    const places = new Map<string, number>()
    for (const [index, item] of (order as readonly Plain[]).entries()) {
      const canonical = getPath(
        kind.normalise(withPath<Plain | undefined>({}, path, [item]) as PlainObject),
        path,
      )
      const key = Array.isArray(canonical) ? canonicalJson(canonical[0] as Plain | undefined) : undefined
      if (key !== undefined && !places.has(key)) places.set(key, index)
    }
    const placeOf = (item: Plain): number => places.get(canonicalJson(item)) ?? order.length
    const sorted = [...(list as readonly Plain[])].sort((a, b) => placeOf(a) - placeOf(b))
    return withPath<Plain | undefined>(ordered, path, sorted) as PlainObject
  }, spec)
}
