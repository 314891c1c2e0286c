import type { Address } from '../model/address.ts'

/**
 * A test for addresses: exact, with `*` for any run of characters, and true for everything below what matches.
 * A location (`de/fra:`) in front of the pattern is optional.
 */
export function addressPattern(pattern: string): (address: Address, location: string) => boolean {
  const { location, path } = splitLocation(pattern)
  const source = path
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  const matches = new RegExp(`^${source}(/.*)?$`, 's')
  return (address, where) => {
    const { path: bare } = splitLocation(address)
    return (location === undefined || location === where) && matches.test(bare)
  }
}

/** `de/fra:wireguardgateways/hq` in two parts; names have no colon in front of their first slash pair. */
export function splitLocation(text: string): { readonly location?: string; readonly path: string } {
  const found = /^([a-z]{2}\/[a-z]{3}(?:\/\d+)?):(.*)$/s.exec(text)
  return found?.[1] === undefined || found[2] === undefined
    ? { path: text }
    : { location: found[1], path: found[2] }
}

/** True when any of the patterns matches. */
export function matchesAny(patterns: readonly string[]): (address: Address, location: string) => boolean {
  const tests = patterns.map(addressPattern)
  return (address, location) => tests.some((test) => test(address, location))
}
