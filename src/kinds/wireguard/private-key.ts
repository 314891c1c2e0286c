import type { Secret } from '../../model/secret.ts'
import { keyBytes } from './keys.ts'

/** What is wrong with the form of a private key, without quoting it; undefined when nothing is. */
export function privateKeyProblem(secret: Secret): string | undefined {
  const bytes = keyBytes(secret.reveal().trim())
  if (bytes === undefined)
    return 'is not a WireGuard key: 32 bytes of base64 (44 characters), as `wg genkey` prints them'
  return bytes.every((byte) => byte === 0) ? 'is all zero' : undefined
}
