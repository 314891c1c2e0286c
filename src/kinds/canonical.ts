import { canonicalJson, isPlainObject, type Plain, type PlainObject } from '../model/json.ts'
import { shortestAddress, shortestInterface, shortestNetwork } from './ip.ts'
import { rawPublicKey } from './wireguard-keys.ts'

/** The one spelling of a field's value; undefined means absent. Values that are not understood come back as they are. */
export type Canonical = (value: Plain) => Plain | undefined

/** `null`, `""` and absent are one and the same. */
export const optionalText: Canonical = (value) => (value === '' ? undefined : value)
/** An object without members says nothing. */
export const emptyIsAbsent: Canonical = (value) =>
  isPlainObject(value) && Object.values(value).every((inner) => inner === null) ? undefined : value
/** An IP address, or what else is there. */
export const address: Canonical = ifText((text) => shortestAddress(text) ?? text)
/** An address with a prefix: host bits mean something. */
export const interfaceAddress: Canonical = ifText((text) => shortestInterface(text) ?? text)
/** A network: host bits mean nothing. */
export const network: Canonical = ifText((text) => shortestNetwork(text) ?? text)
/** A host name in any case, with or without the final dot, or an IP address. */
export const host: Canonical = ifText(
  (text) => shortestAddress(text) ?? text.toLowerCase().replace(/(?<=[^.])\.$/, ''),
)
/** A UUID in any case. */
export const uuid: Canonical = ifText((text) => text.toLowerCase())
/** Digits, as a number or as text; the API wants text. */
export const digits: Canonical = (value) =>
  typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value
/** A whole number, as a number or as text; the API wants a number. */
export const integer: Canonical = (value) =>
  typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value
/** `9:5:0` is `09:05:00`. */
export const timeOfDay: Canonical = ifText((text) =>
  /^\d{1,2}:\d{1,2}:\d{1,2}$/.test(text)
    ? text
        .split(':')
        .map((part) => part.padStart(2, '0'))
        .join(':')
    : text,
)
/** A WireGuard public key: PEM and raw base64 are the same key. */
export const publicKey: Canonical = ifText((text) => rawPublicKey(text) ?? text.trim())

/** A list whose order and repetitions mean nothing; members are made canonical, sorted and deduplicated. */
export function setOf(member: Canonical): Canonical {
  return (value) => {
    if (!Array.isArray(value)) return value
    const members = new Map<string, Plain>()
    for (const item of value as readonly Plain[]) {
      const canonical = item === null ? undefined : member(item)
      if (canonical !== undefined) members.set(sortKey(canonical), canonical)
    }
    return [...members].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, item]) => item)
  }
}

/**
 * An object: each known member in its spelling, defaults filled, null and absent alike. Members that `fields`
 * does not name are kept, since dropping them would hide what a PUT is about to lose.
 */
export function objectOf(fields: Readonly<Record<string, Canonical>>, defaults: PlainObject = {}): Canonical {
  return (value) => (isPlainObject(value) ? canonicalObject(value, fields, defaults) : value)
}

/** {@link objectOf} for a whole spec. */
export function specOf(
  fields: Readonly<Record<string, Canonical>>,
  defaults: PlainObject = {},
): (spec: PlainObject) => PlainObject {
  return (spec) => canonicalObject(spec, fields, defaults)
}

function canonicalObject(
  value: PlainObject,
  fields: Readonly<Record<string, Canonical>>,
  defaults: PlainObject,
): PlainObject {
  const result: Record<string, Plain> = {}
  for (const [key, inner] of Object.entries(value)) {
    if (inner === null || inner === undefined) continue
    const canonical = Object.hasOwn(fields, key) ? fields[key]?.(inner) : inner
    if (canonical !== undefined) setOwn(result, key, canonical)
  }
  for (const [key, fallback] of Object.entries(defaults)) {
    if (!Object.hasOwn(result, key) && fallback !== undefined && !isPlainObject(fallback))
      result[key] = fallback
  }
  return result
}

// A live member named __proto__ must not become the prototype.
function setOwn(target: Record<string, Plain>, key: string, value: Plain): void {
  if (key === '__proto__') Object.defineProperty(target, key, { value, enumerable: true })
  else target[key] = value
}

function sortKey(value: Plain): string {
  return typeof value === 'string' ? value : canonicalJson(value)
}

function ifText(change: (text: string) => string): Canonical {
  return (value) => (typeof value === 'string' ? (value === '' ? undefined : change(value.trim())) : value)
}
