import { hash } from 'node:crypto'
import type { Address } from './address.ts'

const OWNER_HEX_DIGITS = 12

/** The first 48 bits, as 12 hex digits, of the id of everything that `stack` creates. */
export function stackFingerprint(stack: string): string {
  return hash('sha256', `vpnctl/stack\0${stack}`, 'hex').slice(0, OWNER_HEX_DIGITS)
}

/**
 * The id of a resource that we create: 48 bits identify the stack, 74 bits which one it is. Version 5 and the
 * RFC 9562 variant, since common OpenAPI validators accept only versions 1 to 5. Stable by semver: a changed
 * derivation would orphan every resource.
 */
export function deriveId(stack: string, location: string, address: Address): string {
  return idDeriver(stack)(location, address)
}

/** {@link deriveId} for many resources of one stack. */
export function idDeriver(stack: string): (location: string, address: Address) => string {
  const owner = stackFingerprint(stack)
  const prefix = `${owner.slice(0, 8)}-${owner.slice(8)}`
  return (location, address) => {
    const which = hash('sha256', `vpnctl/resource\0${stack}\0${location}\0${address}`, 'hex')
    // The version takes the place of the first 4 bits, the variant that of 2 bits of the third byte.
    const variant = '89ab'[Number.parseInt(which.charAt(4), 16) & 3] ?? ''
    return `${prefix}-5${which.slice(1, 4)}-${variant}${which.slice(5, 8)}-${which.slice(8, 20)}`
  }
}

/** True when `id` carries the fingerprint of a stack. */
export function hasFingerprint(id: string, fingerprint: string): boolean {
  return id.startsWith(fingerprint.slice(0, 8)) && id.startsWith(fingerprint.slice(8), 9)
}

/**
 * The fingerprint of the stack that derived an id, or undefined for an id of the service: those are random (version 4),
 * and ids of {@link deriveId} have version 5 and our variant.
 */
export function derivingStack(id: string): string | undefined {
  const derived = /^([0-9a-f]{8})-([0-9a-f]{4})-5[0-9a-f]{3}-[89ab]/.exec(id)
  return derived === null ? undefined : `${derived[1]}${derived[2]}`
}

/** Whether ids are such as `stack` derives. */
export function ownedBy(stack: string): (id: string) => boolean {
  const fingerprint = stackFingerprint(stack)
  return (id) => hasFingerprint(id, fingerprint)
}
