import { createHash } from 'node:crypto'
import type { Address } from './address.ts'

const OWNER_HEX_DIGITS = 12

/** The first 48 bits, as 12 hex digits, of the id of everything that `stack` creates. */
export function stackFingerprint(stack: string): string {
  return sha256(`vpnctl/stack\0${stack}`)
    .subarray(0, OWNER_HEX_DIGITS / 2)
    .toString('hex')
}

/**
 * The id of a resource that we create: 48 bits tell whose it is, 74 bits which one it is. Version 5 and the
 * RFC 9562 variant, since common OpenAPI validators accept only versions 1 to 5. Stable by semver: a changed
 * derivation would orphan every resource.
 */
export function deriveId(stack: string, location: string, address: Address): string {
  const which = sha256(`vpnctl/resource\0${stack}\0${location}\0${address}`)
  const bits = Buffer.alloc(16)
  bits.write(stackFingerprint(stack), 'hex')
  which.copy(bits, OWNER_HEX_DIGITS / 2, 0, 10)
  bits.writeUInt8((bits.readUInt8(6) & 0x0f) | 0x50, 6)
  bits.writeUInt8((bits.readUInt8(8) & 0x3f) | 0x80, 8)
  const hex = bits.toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

/** True when `id` carries the fingerprint of a stack. */
export function hasFingerprint(id: string, fingerprint: string): boolean {
  return id.startsWith(fingerprint.slice(0, 8)) && id.startsWith(fingerprint.slice(8), 9)
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest()
}
