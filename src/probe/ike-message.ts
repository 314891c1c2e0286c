import type { IkeProposal } from '../model/probe.ts'

// IKE_SA_INIT of IKEv2 (RFC 7296). Numbers are IANA's.
const PAYLOAD = { sa: 33, exchange: 34, nonce: 40, notify: 41 } as const
const HEADER_BYTES = 28
const SPI_BYTES = 8
const VERSION = 0x20
const IKE_SA_INIT = 34
const FLAG_INITIATOR = 0x08
const FLAG_RESPONSE = 0x20
const TRANSFORM = { cipher: 1, prf: 2, integrity: 3, group: 4 } as const
const KEY_LENGTH = 0x800e
const NOTIFY = { 7: 'INVALID_SYNTAX', 14: 'NO_PROPOSAL_CHOSEN' } as Readonly<Record<number, string>>
const INVALID_KE_PAYLOAD = 17
const COOKIE = 16390

/** What goes into a request. */
export interface IkeRequest {
  readonly spi: Buffer
  readonly nonce: Buffer
  readonly proposals: readonly IkeProposal[]
  readonly group: number
  /** The public value of the group, as RFC 7296 and RFC 5903 write it. */
  readonly publicValue: Buffer
  /** Sent back where the gateway asked for it. */
  readonly cookie?: Buffer
}

/** What an answer to a request means. */
export type IkeReply =
  | { readonly type: 'accepted' }
  | { readonly type: 'cookie'; readonly cookie: Buffer }
  /** Another group is expected. */
  | { readonly type: 'group'; readonly group: number }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'unknown' }

/** The bytes of a request. */
export function encodeRequest(request: IkeRequest): Buffer {
  const { spi, nonce, proposals, group, publicValue, cookie } = request
  const offers = proposals.map((proposal, index) => encodeProposal(proposal, index + 1, proposals.length))
  const payloads: readonly (readonly [number, Buffer])[] = [
    ...(cookie === undefined
      ? []
      : [[PAYLOAD.notify, Buffer.concat([Buffer.from([0, 0]), uint16(COOKIE), cookie])] as const]),
    [PAYLOAD.sa, Buffer.concat(offers)],
    [PAYLOAD.exchange, Buffer.concat([uint16(group), uint16(0), publicValue])],
    [PAYLOAD.nonce, nonce],
  ]
  const body = payloads.map(([, content], index) =>
    Buffer.concat([Buffer.from([payloads[index + 1]?.[0] ?? 0, 0]), uint16(content.length + 4), content]),
  )
  const length = body.reduce((sum, { length: bytes }) => sum + bytes, HEADER_BYTES)
  const first = payloads[0]?.[0] ?? 0
  const header = Buffer.concat([
    spi,
    Buffer.alloc(SPI_BYTES),
    Buffer.from([first, VERSION, IKE_SA_INIT, FLAG_INITIATOR, 0, 0, 0, 0]),
    uint32(length),
  ])
  return Buffer.concat([header, ...body])
}

function encodeProposal(proposal: IkeProposal, number: number, count: number): Buffer {
  const { ciphers, prfs, integrity, groups } = proposal
  const transforms: readonly (readonly [number, number, number?])[] = [
    ...ciphers.map(({ id, keyBits }) => [TRANSFORM.cipher, id, keyBits] as const),
    ...prfs.map((id) => [TRANSFORM.prf, id] as const),
    ...integrity.map((id) => [TRANSFORM.integrity, id] as const),
    ...groups.map((id) => [TRANSFORM.group, id] as const),
  ]
  const encoded = transforms.map(([type, id, keyBits], index) => {
    const attribute =
      keyBits === undefined ? Buffer.alloc(0) : Buffer.concat([uint16(KEY_LENGTH), uint16(keyBits)])
    const more = index === transforms.length - 1 ? 0 : 3
    return Buffer.concat([
      Buffer.from([more, 0]),
      uint16(8 + attribute.length),
      Buffer.from([type, 0]),
      uint16(id),
      attribute,
    ])
  })
  const body = Buffer.concat(encoded)
  const head = Buffer.from([number === count ? 0 : 2, 0])
  const facts = Buffer.from([number, 1, 0, transforms.length])
  return Buffer.concat([head, uint16(body.length + 8), facts, body])
}

/** What a datagram says about a request; anything that is not an answer to it is unknown. */
export function readAnswer(bytes: Buffer, spi: Buffer): IkeReply {
  if (bytes.length < HEADER_BYTES || !bytes.subarray(0, SPI_BYTES).equals(spi)) return { type: 'unknown' }
  const flags = bytes.readUInt8(19)
  const isAnswer = bytes.readUInt8(18) === IKE_SA_INIT && (flags & FLAG_RESPONSE) !== 0
  if (!isAnswer || bytes.readUInt32BE(24) !== bytes.length) return { type: 'unknown' }
  const payloads = splitPayloads(bytes)
  for (const { type, content } of payloads) {
    if (type === PAYLOAD.notify) {
      const meaning = readNotify(content)
      if (meaning !== undefined) return meaning
    }
  }
  return payloads.some(({ type }) => type === PAYLOAD.sa) ? { type: 'accepted' } : { type: 'unknown' }
}

function splitPayloads(bytes: Buffer): readonly { readonly type: number; readonly content: Buffer }[] {
  const found: { type: number; content: Buffer }[] = []
  let type = bytes.readUInt8(16)
  let at = HEADER_BYTES
  while (type !== 0 && at + 4 <= bytes.length) {
    const length = bytes.readUInt16BE(at + 2)
    if (length < 4 || at + length > bytes.length) return []
    found.push({ type, content: bytes.subarray(at + 4, at + length) })
    type = bytes.readUInt8(at)
    at += length
  }
  return found
}

// Types below 16384 are errors (section 3.10.1).
function readNotify(content: Buffer): IkeReply | undefined {
  if (content.length < 4) return undefined
  const type = content.readUInt16BE(2)
  const data = content.subarray(4 + content.readUInt8(1))
  if (type === COOKIE) return { type: 'cookie', cookie: data }
  if (type === INVALID_KE_PAYLOAD && data.length >= 2) return { type: 'group', group: data.readUInt16BE(0) }
  return type < 16384 ? { type: 'refused', reason: NOTIFY[type] ?? `error ${type}` } : undefined
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16BE(value)
  return bytes
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}
