import { matchesAny, splitLocation } from '../model/address-pattern.ts'
import { didYouMeanAny, type Named, suggestAddresses } from '../model/addresses/suggest-address.ts'
import type { Endpoint } from './estate.ts'
import { EVERYWHERE, type Networks, networksOf, routeOf } from './networks.ts'

/** What a word may name, by its address or by the name that reports give it. */
export type Nameable = Pick<Endpoint, 'name' | 'address' | 'location'> & Partial<Pick<Endpoint, 'fullName'>>

/** What a word of a question or a rule means: some endpoints, of which only some addresses count. */
export interface Selection {
  /** The word, as written. */
  readonly text: string
  readonly networks: Networks
  readonly includes: (endpoint: Nameable) => boolean
  /** Whether it names endpoints rather than addresses. */
  readonly isPattern: boolean
}

/** A word that nothing can be made of, in the words of a diagnostic. */
export interface BadWord {
  readonly message: string
}

/**
 * Reads an address or a network, `-` or `*` for all, and everything else as a pattern of addresses of resources, which
 * may leave out its beginning: `anna-*` is whatever has such a name, below any gateway. What has no address is named as
 * reports name it: `LAN 2`.
 */
export function selectionOf(text: string): Selection | BadWord {
  const word = text.trim()
  if (word === '-' || word === '*')
    return { text: word, networks: EVERYWHERE, includes: () => true, isPattern: false }
  if (routeOf(word) !== undefined)
    return { text: word, networks: networksOf([word]), includes: () => true, isPattern: false }
  if (/^[\d.]+(\/\d*)?$|^[\da-f:.]*::?[\da-f:.]*(\/\d*)?$|^[\d.]+\/\S*$/i.test(word) || word === '')
    return { message: `${JSON.stringify(word)} is not a valid IP address or network` }
  const { location, path } = splitLocation(word)
  const place = location === undefined ? '' : `${location}:`
  const test = matchesAny([`${place}${path}`, `${place}*/${path}`])
  return {
    text: word,
    networks: EVERYWHERE,
    includes: ({ name, fullName, address, location: where }) =>
      address === undefined ? word === name || word === fullName : test(address, where ?? ''),
    isPattern: true,
  }
}

/** True for a word that cannot be read. */
export function isBadWord(read: Selection | BadWord): read is BadWord {
  return 'message' in read
}

/** ` (did you mean "x"?)`, or nothing to add, for a pattern that names none of these; undefined where it does. */
export function unmatched(
  { text, isPattern, includes }: Selection,
  named: readonly Nameable[],
): string | undefined {
  if (!isPattern || named.some(includes)) return undefined
  const addressed = named.flatMap(({ address, location }): readonly Named[] =>
    address === undefined || location === undefined ? [] : [{ address, location }],
  )
  return didYouMeanAny(suggestAddresses(text, addressed))
}
