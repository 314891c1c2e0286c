import { derivePublicKey, rawPublicKey } from '../kinds/wireguard/keys.ts'
import { InternalError } from '../model/errors.ts'
import type { LiveResource } from '../model/resource.ts'
import { Secret } from '../model/secret.ts'

/** Bytes that no one can foresee. */
export type RandomBytes = (count: number) => Uint8Array

const KEY_BYTES = 32

/** A WireGuard key pair as `wg genkey` and `wg pubkey` make it. */
export function newWireguardKeys(randomBytes: RandomBytes): { privateKey: Secret; publicKey: string } {
  const bytes = Buffer.from(randomBytes(KEY_BYTES))
  // Clamped as RFC 7748 says; WireGuard would do it on use, and `wg genkey` does it at once.
  bytes.writeUInt8(bytes.readUInt8(0) & 248, 0)
  bytes.writeUInt8((bytes.readUInt8(31) & 127) | 64, 31)
  const text = bytes.toString('base64')
  const publicKey = derivePublicKey(text)
  if (publicKey === undefined) throw new InternalError('a new key has no public key')
  return { privateKey: new Secret(text), publicKey }
}

/** A pre-shared key: 32 random bytes in base64. */
export function newPsk(randomBytes: RandomBytes): Secret {
  return new Secret(Buffer.from(randomBytes(KEY_BYTES)).toString('base64'))
}

/**
 * The public key of a WireGuard gateway: of the private key that the file refers to, else what the API shows.
 * Undefined when neither is at hand or known in form.
 */
export function gatewayPublicKey(
  privateKey: Secret | null | undefined,
  live: Pick<LiveResource, 'metadata'> | undefined,
): string | undefined {
  const derived = privateKey == null ? undefined : derivePublicKey(privateKey.reveal())
  if (derived !== undefined) return derived
  return live?.metadata.publicKey === undefined ? undefined : rawPublicKey(live.metadata.publicKey)
}
