import { isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'

/** An address or a network, as the range of addresses that it covers. */
export interface IpRange {
  readonly family: 4 | 6
  readonly prefix: number
  /** First and last address of the network. */
  readonly first: bigint
  readonly last: bigint
  /** The address as written, host bits kept. */
  readonly address: bigint
}

/** An IPv4 address or network in plain numbers, which take a fraction of the time of large ones. */
export interface Ipv4Range {
  readonly family: 4
  readonly prefix: number
  readonly first: number
  readonly last: number
  readonly address: number
}

const BYTE = String.raw`(0|[1-9]\d{0,2})`
const IPV4 = new RegExp(String.raw`^${BYTE}\.${BYTE}\.${BYTE}\.${BYTE}(?:/(\d{1,3}))?$`)

/** {@link parseIp} for IPv4 alone. */
export function parseIpv4(text: string): Ipv4Range | undefined {
  const found = IPV4.exec(text.trim())
  if (found === null) return undefined
  const prefix = Number(found[5] ?? 32)
  let address = 0
  for (let index = 1; index <= 4; index += 1) {
    const byte = Number(found[index])
    if (byte > 255) return undefined
    address = address * 256 + byte
  }
  if (prefix > 32) return undefined
  const size = 2 ** (32 - prefix)
  const first = address - (address % size)
  return { family: 4, prefix, first, last: first + size - 1, address }
}

/**
 * Reads `a.b.c.d`, `a.b.c.d/n` and the same for IPv6; undefined for everything else. An IPv4 part with a leading
 * zero is refused, since some programs read it as octal. A zone (`%eth0`) is refused.
 */
export function parseIp(text: string): IpRange | undefined {
  const ipv4 = parseIpv4(text)
  if (ipv4 !== undefined) {
    const { first, last, address } = ipv4
    return { ...ipv4, first: BigInt(first), last: BigInt(last), address: BigInt(address) }
  }
  const [address, prefixText, ...rest] = text.trim().split('/')
  if (address === undefined || rest.length > 0) return undefined
  if (prefixText !== undefined && !/^\d{1,3}$/.test(prefixText)) return undefined
  if (!address.includes(':') || address.includes('%') || !ipaddr.IPv6.isValid(address)) return undefined
  const prefix = Number(prefixText ?? 128)
  if (prefix > 128) return undefined
  const bytes = ipaddr.IPv6.parse(address).toByteArray()
  const value = bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
  const hostBits = BigInt(128 - prefix)
  const first = (value >> hostBits) << hostBits
  return {
    family: 6,
    prefix,
    first,
    last: first | ((1n << hostBits) - 1n),
    address: value,
  }
}

/** {@link parseIp} of each; texts that are not an address are left out. */
export function parseIps(texts: readonly string[]): readonly IpRange[] {
  return texts.flatMap((text) => parseIp(text) ?? [])
}

/** {@link parseIp} for comparisons: an IPv4 address or network in the form of IPv6 is the IPv4 one. */
export function parsePlainIp(text: string): IpRange | undefined {
  const range = parseIp(text)
  return range === undefined ? undefined : withoutMapping(range)
}

/** A whole address in its shortest form (RFC 5952 for IPv6); undefined when it is none. */
export function shortestAddress(text: string): string | undefined {
  if (isIPv4(text)) return text
  const range = text.includes('/') ? undefined : parseIp(text)
  if (range === undefined) return undefined
  const plain = withoutMapping(range)
  return formatValue(plain.address, plain.family)
}

/** A network in its shortest form without host bits; a bare address gets its full prefix. */
export function shortestNetwork(text: string): string | undefined {
  if (isHost4(text)) return text
  const range = parseIp(text)
  if (range === undefined) return undefined
  const plain = withoutMapping(range)
  return `${formatValue(plain.first, plain.family)}/${plain.prefix}`
}

/** An address with its prefix in its shortest form, host bits kept; a bare address gets its full prefix. */
export function shortestInterface(
  text: string,
  mapped: 'as-ipv4' | 'keep-mapped' = 'as-ipv4',
): string | undefined {
  if (isHost4(text)) return text
  const range = parseIp(text)
  if (range === undefined) return undefined
  const plain = mapped === 'as-ipv4' ? withoutMapping(range) : range
  return `${formatValue(plain.address, plain.family)}/${plain.prefix}`
}

// Most networks in an estate are single IPv4 addresses, which have one canonical form only.
function isHost4(text: string): boolean {
  return text.endsWith('/32') && isIPv4(text.slice(0, -3))
}

// ::ffff:192.0.2.1 is how IPv6 writes an IPv4 address (RFC 4291, 2.5.5.2).
function withoutMapping(range: IpRange): IpRange {
  if (range.family === 4 || range.prefix < 96 || range.first >> 32n !== 0xffffn) return range
  const low = (value: bigint): bigint => value & 0xffffffffn
  return {
    family: 4,
    prefix: range.prefix - 96,
    first: low(range.first),
    last: low(range.last),
    address: low(range.address),
  }
}

/** True when the two share an address. */
export function overlaps(a: IpRange, b: IpRange): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last
}

/** True when every address of `inner` is in `outer`. */
export function contains(outer: IpRange, inner: IpRange): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last
}

/** Of ranges that together cover every address of a family, those of that family; undefined when none do. */
export function wholeFamily<T extends { readonly range: IpRange }>(
  all: readonly T[],
): readonly T[] | undefined {
  return [4, 6].map((family) => all.filter(({ range }) => range.family === family)).find(coversFamily)
}

function coversFamily(all: readonly { readonly range: IpRange }[]): boolean {
  const ranges = all.map(({ range }) => range).sort((a, b) => (a.first < b.first ? -1 : 1))
  let next = 0n
  for (const { first, last } of ranges) {
    if (first > next) return false
    if (last >= next) next = last + 1n
  }
  return next === 1n << (ranges[0]?.family === 4 ? 32n : 128n)
}

/** True when both cover the same addresses. */
export function equals(a: IpRange, b: IpRange): boolean {
  return a.family === b.family && a.first === b.first && a.last === b.last
}

/** True for one address. */
export function isSingle(range: IpRange): boolean {
  return range.first === range.last
}

/** True when the address of `host` is one of `range`. */
export function holdsAddress(range: IpRange, host: IpRange): boolean {
  return range.family === host.family && range.first <= host.address && host.address <= range.last
}

/**
 * `network` or `broadcast` for an IPv4 address that hosts cannot have in a subnet; undefined for others, and for
 * subnets of one or two addresses, which have neither (RFC 3021).
 */
export function unusableHost(address: bigint, subnet: IpRange): 'network' | 'broadcast' | undefined {
  if (subnet.family !== 4 || subnet.prefix > 30) return undefined
  if (address === subnet.first) return 'network'
  return address === subnet.last ? 'broadcast' : undefined
}

/** `unicast`, `private`, `loopback`, ... as ipaddr.js names the ranges of the IANA registries; undefined for no address. */
export function rangeName(text: string): string | undefined {
  return ipaddr.isValid(text) ? ipaddr.parse(text).range() : undefined
}

/** One address as a network of its own, in its shortest form: `192.0.2.1/32`. */
export function singleNetwork(value: bigint, family: 4 | 6): string {
  return networkText(value, family, family === 4 ? 32 : 128)
}

/** A network in its shortest form: `192.0.2.0/24`. */
export function networkText(first: bigint, family: 4 | 6, prefix: number): string {
  return `${formatValue(first, family)}/${prefix}`
}

function formatValue(value: bigint, family: 4 | 6): string {
  const length = family === 4 ? 4 : 16
  const bytes = Array.from({ length }, (_, index) =>
    Number((value >> BigInt(8 * (length - 1 - index))) & 0xffn),
  )
  return formatBytes(bytes)
}

function formatBytes(bytes: readonly number[]): string {
  return bytes.length === 4 ? bytes.join('.') : new ipaddr.IPv6([...bytes]).toRFC5952String()
}
