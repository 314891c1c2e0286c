/**
 * The API's path with names in place of ids: `wireguardgateways/hq/peers/anna-laptop`. `/` and `%` in a name are
 * percent-encoded, as are control characters, so that an address is always one line.
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

/** A name as it stands in an address. */
export function encodeName(name: string): string {
  let encoded = ''
  for (const char of name) {
    const code = char.codePointAt(0) ?? 0
    encoded += code < 0x20 || code === 0x7f || char === '/' || char === '%' ? encodeURIComponent(char) : char
  }
  return encoded
}

/** A name from an address; a stray `%` stays what it is. */
export function decodeName(encoded: string): string {
  return encoded.replace(/%[0-9a-fA-F]{2}/g, (code) =>
    String.fromCharCode(Number.parseInt(code.slice(1), 16)),
  )
}

/** The address of the resource that holds this one, or null at the top. */
export function parentAddress(address: Address): Address | null {
  const steps = address.split('/')
  return steps.length > 2 ? steps.slice(0, -2).join('/') : null
}
