import { domainToASCII } from 'node:url'
import { canonicalJson, isPlainObject, type Plain, type PlainObject, setOwn } from '../model/json.ts'
import { shortestAddress, shortestInterface, shortestNetwork } from './ip.ts'
import { rawPublicKey } from './wireguard/keys.ts'

/** The canonical form of a field's value; undefined means absent. Values that are not understood are returned as they are. */
export type Canonical = (value: Plain) => Plain | undefined

/** `null`, `""` and absent are one and the same. */
export const optionalText: Canonical = (value) => (value === '' ? undefined : value)
/** An object without members says nothing. */
export const emptyIsAbsent: Canonical = (value) =>
  isPlainObject(value) && Object.values(value).every((inner) => inner === null || inner === undefined)
    ? undefined
    : value
/** An IP address, or any other value. */
export const address: Canonical = ifText((text) => shortestAddress(text) ?? text)
/** An address with a prefix: host bits mean something. */
export const interfaceAddress: Canonical = ifText((text) => shortestInterface(text) ?? text)
/** The same for a field that contains IPv6 only: an IPv4-mapped address stays IPv6. */
export const interfaceAddress6: Canonical = ifText((text) => shortestInterface(text, 'keep-mapped') ?? text)
/** A network: host bits mean nothing. */
export const network: Canonical = ifText((text) => shortestNetwork(text) ?? text)
/** A host name in any case, with or without the final dot, or an IP address. */
export const host: Canonical = ifText((text) => {
  const found = shortestAddress(text)
  if (found !== undefined) return found
  // The DNS form of an international name; what is not a name is returned as it is.
  const ascii = /[^ -~]/.test(text) ? domainToASCII(text) || text : text
  return ascii.toLowerCase().replace(/(?<=[^.])\.$/, '')
})
/** A UUID in any case. */
export const uuid: Canonical = ifText((text) => text.toLowerCase())
/** The digits of a number, as a number or as text, with or without leading zeros; the API wants text. */
export const digits: Canonical = (value) => {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  const text = typeof value === 'string' ? value.trim() : ''
  return /^\d+$/.test(text) ? text.replace(/^0+(?=\d)/, '') : value
}
/** A whole number, as a number or as text; the API wants a number. */
export const integer: Canonical = (value) =>
  typeof value === 'string' && /^\s*\d{1,9}\s*$/.test(value) ? Number(value) : value
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
export const publicKey: Canonical = ifText((text) => rawPublicKey(text) ?? text)

/** A list whose order and repetitions mean nothing; members are made canonical, sorted and deduplicated. */
export function setOf(member: Canonical): Canonical {
  return (value) => {
    if (!Array.isArray(value)) return value
    const members = new Map<string, Plain>()
    for (const item of value as readonly Plain[]) {
      const canonical = item === null ? undefined : member(item)
      if (canonical !== undefined) members.set(sortKey(canonical), canonical)
    }
    return [...members].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)
  }
}

/**
 * An object: each known member in its canonical form, defaults filled, null and absent alike. Members that `fields`
 * does not name are kept, since dropping them would hide what a PUT is about to lose.
 */
export function objectOf(fields: Readonly<Record<string, Canonical>>, defaults: PlainObject = {}): Canonical {
  return (value) => (isPlainObject(value) ? canonicalObject(value, fields, defaults) : value)
}

/** An object that says nothing without its member `key`: the rest of what we know is filled-in values. */
export function objectWith(
  key: string,
  fields: Readonly<Record<string, Canonical>>,
  defaults: PlainObject = {},
): Canonical {
  return (value) => {
    if (!isPlainObject(value)) return value
    const canonical = canonicalObject(value, fields, defaults)
    const says = Object.keys(canonical).some((member) => member === key || !Object.hasOwn(fields, member))
    return says ? canonical : undefined
  }
}

/**
 * {@link objectOf} for a whole spec. An object among the defaults is one that every resource has: where a read
 * leaves it out, its own defaults apply.
 */
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
    if (!Object.hasOwn(result, key) && fallback !== undefined) result[key] = fallback
  }
  return result
}

function sortKey(value: Plain): string {
  return typeof value === 'string' ? value : canonicalJson(value)
}

function ifText(change: (text: string) => string): Canonical {
  return (value) => {
    if (typeof value !== 'string') return value
    const text = value.trim()
    return text === '' ? undefined : change(text)
  }
}
