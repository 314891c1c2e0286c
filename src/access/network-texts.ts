import { networkText } from '../kinds/ip.ts'
import {
  after,
  FAMILIES,
  IPV6,
  intersect,
  type Networks,
  networksOf,
  type Span,
  subtract,
} from './networks.ts'

/**
 * For people: two adjacent addresses are written as two, since nobody reads a /31 as them. What lacks little of a network is
 * written as `10.20.0.0/16 except 10.20.5.0/24`, which is shorter than the networks around the gap.
 */
export function conciseTexts(networks: Networks): readonly string[] {
  const texts = networkTexts(networks)
  const concise =
    texts.length <= MOST_AS_THEY_ARE
      ? texts
      : FAMILIES.flatMap((family) => shortened(intersect(networks, family)))
  return concise.flatMap((text) => (/^\S+\/(?:31|127)$/.test(text) ? bothAddresses(text) : text))
}

function bothAddresses(text: string): readonly string[] {
  return networksOf([text]).flatMap(({ first, last }) =>
    [first, last].flatMap((address) => networkTexts([{ first: address, last: address }])),
  )
}

const MOST_AS_THEY_ARE = 3
const MOST_EXCEPTIONS = 5

function shortened(networks: Networks): readonly string[] {
  return shortest(networks).texts
}

/** Of all ways to write a set that the halves of networks give, the one that names the fewest networks. */
interface Written {
  readonly texts: readonly string[]
  readonly named: number
}

function shortest(networks: Networks): Written {
  const texts = networkTexts(networks)
  const plain = { texts, named: texts.length }
  const around = smallestAround(networks)
  if (texts.length <= 2 || around === undefined) return plain
  const whole = [spanOf(around)]
  const gaps = networkTexts(subtract(whole, networks))
  const middle = around.first + (around.last - around.first) / 2n
  const [lower, upper] = [
    shortest(intersect(networks, [spanOf({ first: around.first, last: middle })])),
    shortest(intersect(networks, [spanOf({ first: middle + 1n, last: around.last })])),
  ]
  const named = lower.named + upper.named
  if (gaps.length <= MOST_EXCEPTIONS && gaps.length + 1 < texts.length && gaps.length + 1 <= named)
    return { texts: [`${networkTexts(whole).join('')} except ${gaps.join(', ')}`], named: gaps.length + 1 }
  return { texts: [...lower.texts, ...upper.texts], named }
}

function smallestAround(networks: Networks): Large | undefined {
  const [head, tail] = [networks[0], networks.at(-1)]
  if (head === undefined || tail === undefined) return undefined
  const [low, high] = [BigInt(head.first), BigInt(tail.last)]
  let bits = 0n
  while (low >> bits !== high >> bits) bits += 1n
  const first = (low >> bits) << bits
  return { first, last: first + (1n << bits) - 1n }
}

interface Large {
  readonly first: bigint
  readonly last: bigint
}

function spanOf({ first, last }: Large): Span {
  return first < IPV6 ? { first: Number(first), last: Number(last) } : { first, last }
}

/** {@link conciseTexts} as a list. */
export function conciseList(networks: Networks): string {
  return joinNetworks(conciseTexts(networks))
}

/** Texts of {@link conciseTexts} as a list, in which no one takes what follows exceptions for one more of them. */
export function joinNetworks(texts: readonly string[], isCut = false): string {
  const last = isCut ? texts.length : texts.length - 1
  return texts.join(texts.slice(0, last).some((text) => text.includes(' except ')) ? '; ' : ', ')
}

/** The fewest networks that cover the set and nothing else, in order, in their shortest form. */
export function networkTexts(networks: Networks): readonly string[] {
  const texts: string[] = []
  for (const { first, last } of networks) {
    const isIpv6 = first >= IPV6
    const width = isIpv6 ? 128 : 32
    const base = isIpv6 ? IPV6 : 0n
    const end = BigInt(last) - base
    for (let at = BigInt(first) - base; at <= end; ) {
      let bits = 0
      // The largest network that starts here and does not go beyond the end.
      while (
        bits < width &&
        (at & ((2n << BigInt(bits)) - 1n)) === 0n &&
        at + (2n << BigInt(bits)) - 1n <= end
      )
        bits += 1
      texts.push(networkText(at, isIpv6 ? 6 : 4, width - bits))
      at += 1n << BigInt(bits)
    }
  }
  return texts
}

/** An address of a set that is not empty: the second of its first span, since the first often names the network. */
export function exampleAddress([span]: Networks): string {
  if (span === undefined) return ''
  const address = BigInt(span.last) - BigInt(span.first) < 3n ? span.first : after(span.first)
  return (networkTexts([{ first: address, last: address }])[0] ?? '').replace(/\/\d+$/, '')
}
