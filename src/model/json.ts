import { compareText } from './lists.ts'

/** A JSON value without anything secret in it. */
export type Plain = null | boolean | number | string | readonly Plain[] | PlainObject
/** A JSON object without anything secret in it. `undefined` members count as absent. */
export interface PlainObject {
  readonly [key: string]: Plain | undefined
}

/** True for a JSON object: neither null nor an array. */
export function isPlainObject(value: unknown): value is PlainObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value of a JSON text, or undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Sets an own member: one named `__proto__` must not become the prototype. */
export function setOwn<T>(target: Record<string, T>, key: string, value: T): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true, configurable: true })
  else target[key] = value
}

/** Where a field is inside a spec: member names from the outside in, for instance `['auth', 'psk', 'key']`. */
export type FieldPath = readonly string[]

/** `['auth', 'psk', 'key']` as `auth.psk.key`. */
export function formatPath(path: FieldPath): string {
  return path.join('.')
}

/** The value at `path`, or undefined where any member on the way is missing. */
export function getPath(value: unknown, path: FieldPath): unknown {
  let current: unknown = value
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined
    current = Object.hasOwn(current, key) ? (current as Record<string, unknown>)[key] : undefined
  }
  return current
}

/** A copy of `object` with `value` at `path`; objects that are missing on the way are made. */
export function withPath<T>(
  object: Readonly<Record<string, T>>,
  path: FieldPath,
  value: T,
): Record<string, T> {
  const [key, ...rest] = path
  if (key === undefined) return { ...object }
  if (rest.length === 0) return { ...object, [key]: value }
  const inner = object[key]
  const base = isPlainObject(inner) ? (inner as unknown as Record<string, T>) : {}
  return { ...object, [key]: withPath(base, rest, value) as unknown as T }
}

/** A copy of `object` without the member at `path`; what is not an object on the way, and objects left empty, go too. */
export function withoutPath(object: PlainObject, path: FieldPath): PlainObject {
  const [key, ...rest] = path
  if (key === undefined || !Object.hasOwn(object, key)) return object
  const { [key]: inner, ...others } = object
  if (rest.length === 0 || !isPlainObject(inner)) return others
  const left = withoutPath(inner, rest)
  return Object.keys(left).length === 0 ? others : { ...object, [key]: left }
}

/** JSON text with the members of every object in code-unit order: equal values give equal text. */
export function canonicalJson(value: Plain | undefined): string {
  if (typeof value !== 'object') return JSON.stringify(value)
  return JSON.stringify(value, (_key, inner: unknown) =>
    isPlainObject(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => compareText(a, b)))
      : inner,
  )
}
/** A JSON Schema (draft 2020-12). `x-yaml` overlays what the YAML file may contain where it differs from the API. */
export interface JsonSchema {
  readonly [keyword: string]: unknown
}
