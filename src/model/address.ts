/**
 * The API's path with names in place of ids: `wireguardgateways/hq/peers/anna-laptop`. `/` and `%` in a name are
 * percent-encoded, as are control characters and line separators, so that an address is always one line.
 */
export type Address = string

/** One step of an address: a collection and the name of a resource in it. */
export interface AddressStep {
  readonly collection: string
  readonly name: string
}

/** Steps from the outside in, as an address. */
export function formatAddress(steps: readonly AddressStep[]): Address {
  return steps.map(({ collection, name }) => `${collection}/${encodeName(name)}`).join('/')
}

// Controls and line separators would break "always one line"; a lone half of a surrogate pair has no UTF-8, and two
// names that differ in it would hash alike.
const UNSAFE = /[\p{Cc}\p{Cs}/%\u2028\u2029]/gu

/** `hq` and `anna-laptop`: the names of an address without a location, from the outside in, encoded as they are in it. */
export function namesIn(address: Address): readonly string[] {
  return address.split('/').filter((_, index) => index % 2 === 1)
}

/** A name as it is in an address. */
export function encodeName(name: string): string {
  return name.replace(UNSAFE, (char) => {
    const code = char.charCodeAt(0)
    if (code < 0xd800 || code > 0xdfff) return encodeURIComponent(char)
    return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)].map(percent).join('')
  })
}

function percent(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

/** An address with its location in front: one text for one resource of a stack. */
export function located({
  location,
  address,
}: {
  readonly location: string
  readonly address: Address
}): string {
  return `${location}:${address}`
}
