import { createPrivateKey } from 'node:crypto'

// DER in front of the 32 bytes of a public X25519 key: SubjectPublicKeyInfo (RFC 8410).
const SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex')
const KEY_BYTES = 32

/** 32 bytes of base64 in WireGuard's form (44 characters), strictly; undefined for everything else. */
export function keyBytes(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/]{43}=$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64')
  // Two forms of the last character decode alike; only the one that encodes back is WireGuard's.
  return bytes.length === KEY_BYTES && bytes.toString('base64') === text ? bytes : undefined
}

/** A public key in PEM, in DER as base64, or raw, as WireGuard's base64; undefined for an unknown form. */
export function rawPublicKey(text: string): string | undefined {
  const trimmed = text.trim()
  if (keyBytes(trimmed) !== undefined) return trimmed
  const body = trimmed.replace(/-----(BEGIN|END) PUBLIC KEY-----/g, '').replace(/\s+/g, '')
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(body)) return undefined
  const bytes = Buffer.from(body, 'base64')
  if (bytes.length === KEY_BYTES) return bytes.toString('base64')
  const isSpki =
    bytes.length === SPKI_PREFIX.length + KEY_BYTES &&
    bytes.subarray(0, SPKI_PREFIX.length).equals(SPKI_PREFIX)
  return isSpki ? bytes.subarray(SPKI_PREFIX.length).toString('base64') : undefined
}

/** The public key of a private one, both in WireGuard's base64; undefined when the text is not a key. */
export function derivePublicKey(privateKey: string): string | undefined {
  const bytes = keyBytes(privateKey.trim())
  if (bytes === undefined) return undefined
  publicHalf ??= takesIncompleteJwk() ? fromJwk : fromDer
  return Buffer.from(publicHalf(bytes), 'base64url').toString('base64')
}

let publicHalf: ((privateKey: Buffer) => string) | undefined

// DER in front of the 32 bytes of a private X25519 key: PKCS #8 (RFC 8410).
const PKCS8_PREFIX = Buffer.from('302e020100300506032b656e04220420', 'hex')

function fromDer(privateKey: Buffer): string {
  const key = Buffer.concat([PKCS8_PREFIX, privateKey])
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' }).export({ format: 'jwk' }).x ?? ''
}

// Ten times faster than DER with the OpenSSL of Node 20: the public half, x, is computed from d alone.
function fromJwk(privateKey: Buffer): string {
  const key = { kty: 'OKP', crv: 'X25519', d: privateKey.toString('base64url'), x: '' }
  return createPrivateKey({ key, format: 'jwk' }).export({ format: 'jwk' }).x ?? ''
}

// Node 26 refuses a JWK whose x does not belong to its d.
function takesIncompleteJwk(): boolean {
  try {
    return fromJwk(Buffer.alloc(KEY_BYTES, 1)) !== ''
  } catch {
    return false
  }
}

/** A public key in PEM, the form of the API's own examples. */
export function pemPublicKey(raw: string): string {
  const body = Buffer.concat([SPKI_PREFIX, Buffer.from(raw, 'base64')]).toString('base64')
  return `-----BEGIN PUBLIC KEY-----\n${body}\n-----END PUBLIC KEY-----\n`
}

// Points of low order on Curve25519: 0, 1, the two of order 8, and p-1, p, p+1 (RFC 7748, section 6.1).
const LOW_ORDER = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800',
  '5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
])

/** True for a public key with which every shared secret is zero. The highest bit is ignored, as X25519 does. */
export function isLowOrder(raw: string): boolean {
  const bytes = Buffer.from(raw, 'base64')
  bytes[KEY_BYTES - 1] = (bytes[KEY_BYTES - 1] ?? 0) & 0x7f
  return LOW_ORDER.has(bytes.toString('hex'))
}
