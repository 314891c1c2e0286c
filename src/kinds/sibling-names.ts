import { type FieldPath, getPath, type PlainObject } from '../model/json.ts'
import type { ResourceKind } from '../model/resource.ts'

/** The siblings that a spec names, each with the place of the name. */
export function siblingNames(
  { namesSiblings = [] }: ResourceKind,
  spec: PlainObject,
): readonly { readonly name: string; readonly path: FieldPath }[] {
  return namesSiblings.flatMap((path) => {
    const value = getPath(spec, path)
    if (typeof value === 'string') return [{ name: value, path }]
    if (!Array.isArray(value)) return []
    return (value as readonly unknown[]).flatMap((name, index) =>
      typeof name === 'string' ? [{ name, path: [...path, String(index)] }] : [],
    )
  })
}
