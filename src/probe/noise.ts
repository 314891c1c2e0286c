import {
  createCipheriv,
  createHash,
  createHmac,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
} from 'node:crypto'
import { blake2sMac } from './blake2s.ts'
import { openChaCha, openXChaCha } from './xchacha.ts'

// The handshake of WireGuard (https://www.wireguard.com/protocol/): Noise_IKpsk2, without a pre-shared key.
const CONSTRUCTION = 'Noise_IKpsk2_25519_ChaChaPoly_BLAKE2s'
const IDENTIFIER = 'WireGuard v1 zx2c4 Jason@zx2c4.com'
const MAC_BYTES = 16
const MACS_AT = { initiation: 116, response: 60 } as const
const RESPONSE_BYTES = 92
const COOKIE_BYTES = 64
const NONCE = Buffer.alloc(12)
const NO_PSK = Buffer.alloc(32)

/** Keys and values of one attempt; keys are 32 raw bytes. */
export interface HandshakeInput {
  readonly ownKey: Buffer
  readonly gatewayKey: Buffer
  /** 32 bytes that no one can foresee. */
  readonly ephemeralKey: Buffer
  /** Names this handshake in the answer. */
  readonly index: number
  readonly nowMs: number
  /** From an earlier cookie reply. */
  readonly cookie?: Buffer
}

/** An initiation that was composed, with what its answer is checked by. */
export interface Initiation {
  readonly bytes: Buffer
  readonly input: HandshakeInput
  readonly chain: Buffer
  readonly hash: Buffer
}

/** What a datagram is to a handshake: its proven answer, a cookie to send along, or nothing of ours. */
export type Reply =
  | { readonly type: 'response' }
  | { readonly type: 'cookie'; readonly cookie: Buffer }
  | { readonly type: 'unknown' }

/** The first message of a handshake. Throws when the gateway's key gives no shared secret. */
export function initiate(input: HandshakeInput): Initiation {
  const { ownKey, gatewayKey, ephemeralKey, index, nowMs, cookie } = input
  const start = hash(Buffer.from(CONSTRUCTION))
  const ephemeral = publicKeyOf(ephemeralKey)
  let chain = derive(start, ephemeral, 1)[0] as Buffer
  let transcript = hash(hash(hash(start, Buffer.from(IDENTIFIER)), gatewayKey), ephemeral)
  const seal = (shared: Buffer, text: Buffer): Buffer => {
    const [next, key] = derive(chain, shared, 2) as [Buffer, Buffer]
    chain = next
    const sealed = sealChaCha(key, text, transcript)
    transcript = hash(transcript, sealed)
    return sealed
  }
  const sealedKey = seal(exchange(ephemeralKey, gatewayKey), publicKeyOf(ownKey))
  const sealedTime = seal(exchange(ownKey, gatewayKey), tai64n(nowMs))
  const message = Buffer.concat([Buffer.from([1, 0, 0, 0]), uint32(index), ephemeral, sealedKey, sealedTime])
  const mac1 = blake2sMac(macKey('mac1----', gatewayKey), message, MAC_BYTES)
  const signed = Buffer.concat([message, mac1])
  const mac2 = cookie === undefined ? Buffer.alloc(MAC_BYTES) : blake2sMac(cookie, signed, MAC_BYTES)
  const bytes = Buffer.concat([signed, mac2])
  return { bytes, input, chain, hash: transcript }
}

/** What a datagram means to an initiation; nothing that is not proven by the gateway's key counts. */
export function readReply(sent: Initiation, bytes: Buffer): Reply {
  if (bytes.length === RESPONSE_BYTES && bytes.readUInt32LE(0) === 2 && answers(sent, bytes))
    return { type: 'response' }
  if (bytes.length === COOKIE_BYTES && bytes.readUInt32LE(0) === 3) {
    const cookie = cookieOf(sent, bytes)
    if (cookie !== undefined) return { type: 'cookie', cookie }
  }
  return { type: 'unknown' }
}

function answers({ input, chain, hash: transcript }: Initiation, bytes: Buffer): boolean {
  const { ownKey, ephemeralKey, index } = input
  if (bytes.readUInt32LE(8) !== index) return false
  const signed = bytes.subarray(0, MACS_AT.response)
  const mac1 = blake2sMac(macKey('mac1----', publicKeyOf(ownKey)), signed, MAC_BYTES)
  if (!mac1.equals(bytes.subarray(MACS_AT.response, MACS_AT.response + MAC_BYTES))) return false
  const theirs = bytes.subarray(12, 44)
  const shared = [exchange, exchange].map((agree, at) =>
    attempt(() => agree(at === 0 ? ephemeralKey : ownKey, theirs)),
  )
  if (shared.includes(undefined)) return false
  let next = derive(chain, theirs, 1)[0] as Buffer
  for (const secret of shared) next = derive(next, secret as Buffer, 1)[0] as Buffer
  const [, tau, key] = derive(next, NO_PSK, 3) as [Buffer, Buffer, Buffer]
  const associated = hash(hash(transcript, theirs), tau)
  return openChaCha(key, NONCE, bytes.subarray(44, MACS_AT.response), associated) !== undefined
}

function cookieOf({ input, bytes: sent }: Initiation, bytes: Buffer): Buffer | undefined {
  if (bytes.readUInt32LE(4) !== input.index) return undefined
  const mac1 = sent.subarray(MACS_AT.initiation, MACS_AT.initiation + MAC_BYTES)
  return openXChaCha(macKey('cookie--', input.gatewayKey), bytes.subarray(8, 32), bytes.subarray(32), mac1)
}

function attempt(agree: () => Buffer): Buffer | undefined {
  try {
    return agree()
  } catch {
    // A point of low order in a packet from an unknown sender.
    return undefined
  }
}

/** Seconds since 1970 as TAI64N counts them, which starts 10 s off, and nanoseconds. */
function tai64n(nowMs: number): Buffer {
  const bytes = Buffer.alloc(12)
  const ms = Math.floor(nowMs)
  bytes.writeBigUInt64BE(0x400000000000000an + BigInt(Math.floor(ms / 1000)))
  bytes.writeUInt32BE((ms % 1000) * 1_000_000, 8)
  return bytes
}

function derive(chain: Buffer, input: Buffer, count: number): readonly Buffer[] {
  const secret = hmac(chain, input)
  const keys: Buffer[] = []
  for (let number = 1; number <= count; number += 1)
    keys.push(hmac(secret, Buffer.concat([keys.at(-1) ?? Buffer.alloc(0), Buffer.from([number])])))
  return keys
}

function sealChaCha(key: Buffer, text: Buffer, associated: Buffer): Buffer {
  const cipher = createCipheriv('chacha20-poly1305', key, NONCE, { authTagLength: MAC_BYTES })
  cipher.setAAD(associated, { plaintextLength: text.length })
  return Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()])
}

function macKey(label: string, publicKey: Buffer): Buffer {
  return hash(Buffer.from(label), publicKey)
}

function hash(...parts: readonly Buffer[]): Buffer {
  return createHash('blake2s256').update(Buffer.concat(parts)).digest()
}

function hmac(key: Buffer, input: Buffer): Buffer {
  return createHmac('blake2s256', key).update(input).digest()
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function privateKey(raw: Buffer) {
  return createPrivateKey({
    key: { kty: 'OKP', crv: 'X25519', d: raw.toString('base64url'), x: '' },
    format: 'jwk',
  })
}

function publicKeyOf(raw: Buffer): Buffer {
  const { x = '' } = privateKey(raw).export({ format: 'jwk' })
  return Buffer.from(x, 'base64url')
}

function exchange(own: Buffer, theirs: Buffer): Buffer {
  const publicKey = createPublicKey({
    key: { kty: 'OKP', crv: 'X25519', x: theirs.toString('base64url') },
    format: 'jwk',
  })
  return diffieHellman({ privateKey: privateKey(own), publicKey })
}
