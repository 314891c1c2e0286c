import { createDecipheriv } from 'node:crypto'

const CONSTANTS = [0x61707865, 0x3320646e, 0x79622d32, 0x6b206574]
const TAG_BYTES = 16

/** Opens XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), which OpenSSL lacks; undefined when it is not authentic. */
export function openXChaCha(
  key: Buffer,
  nonce: Buffer,
  sealed: Buffer,
  associated: Buffer,
): Buffer | undefined {
  const inner = Buffer.concat([Buffer.alloc(4), nonce.subarray(16)])
  return openChaCha(hchacha20(key, nonce.subarray(0, 16)), inner, sealed, associated)
}

/** Opens ChaCha20-Poly1305 (RFC 8439); undefined when it is not authentic. */
export function openChaCha(
  key: Buffer,
  nonce: Buffer,
  sealed: Buffer,
  associated: Buffer,
): Buffer | undefined {
  const cipher = createDecipheriv('chacha20-poly1305', key, nonce, { authTagLength: TAG_BYTES })
  const text = sealed.subarray(0, sealed.length - TAG_BYTES)
  cipher.setAAD(associated, { plaintextLength: text.length })
  cipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
  try {
    return Buffer.concat([cipher.update(text), cipher.final()])
  } catch {
    return undefined
  }
}

/** The subkey of a key and the first 16 bytes of a nonce (section 2.2 of the draft). */
export function hchacha20(key: Buffer, nonce: Buffer): Buffer {
  const input = Buffer.concat([key, nonce])
  const state = Uint32Array.from([
    ...CONSTANTS,
    ...Array.from({ length: 12 }, (_, index) => input.readUInt32LE(index * 4)),
  ])
  for (let round = 0; round < 10; round += 1) {
    for (let column = 0; column < 4; column += 1) quarter(state, column, column + 4, column + 8, column + 12)
    for (let diagonal = 0; diagonal < 4; diagonal += 1)
      quarter(state, diagonal, 4 + ((diagonal + 1) % 4), 8 + ((diagonal + 2) % 4), 12 + ((diagonal + 3) % 4))
  }
  const output = Buffer.alloc(32)
  for (let index = 0; index < 4; index += 1) {
    output.writeUInt32LE(state[index] ?? 0, index * 4)
    output.writeUInt32LE(state[12 + index] ?? 0, 16 + index * 4)
  }
  return output
}

function quarter(state: Uint32Array, a: number, b: number, c: number, d: number): void {
  const add = (to: number, from: number, other: number, bits: number): void => {
    state[to] = (state[to] ?? 0) + (state[from] ?? 0)
    const mixed = (state[other] ?? 0) ^ (state[to] ?? 0)
    state[other] = (mixed << bits) | (mixed >>> (32 - bits))
  }
  add(a, b, d, 16)
  add(c, d, b, 12)
  add(a, b, d, 8)
  add(c, d, b, 7)
}
