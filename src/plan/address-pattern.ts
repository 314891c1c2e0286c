import type { Address } from '../model/address.ts'

/** Tells whether a pattern means an address in a location. */
export type AddressTest = (address: Address, location: string) => boolean

/**
 * A test for addresses: exact, with `*` for any run of characters, and true for everything below what matches.
 * A location (`de/fra:`) in front of the pattern is optional.
 */
export function addressPattern(pattern: string): AddressTest {
  return patternTest(pattern, '(/.*)?')
}

function patternTest(pattern: string, below: string): AddressTest {
  const { location, path } = splitLocation(pattern)
  const source = path
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*')
  const matches = new RegExp(`^${source}${below}$`, 's')
  return (address, where) => {
    const { path: bare } = splitLocation(address)
    return (location === undefined || location === where) && matches.test(bare)
  }
}

/** `de/fra:wireguardgateways/hq` in two parts, the location only where there is one; no collection is as short as the parts of a location. */
export function splitLocation(text: string): { readonly location?: string; readonly path: string } {
  const found = /^([a-z]{2}\/[a-z]{3}(?:\/\d+)?):(.*)$/s.exec(text)
  return found?.[1] === undefined || found[2] === undefined
    ? { path: text }
    : { location: found[1], path: found[2] }
}

/** True when any of the patterns matches. */
export function matchesAny(patterns: readonly string[]): AddressTest {
  return anyOf(patterns.map(addressPattern))
}

/** The same, but not for what is below a match: `hq` alone, and `hq/*` for what is in it. */
export function exactPatterns(patterns: readonly string[]): AddressTest {
  return anyOf(patterns.map((pattern) => patternTest(pattern, '')))
}

function anyOf(tests: readonly AddressTest[]): AddressTest {
  return (address, location) => tests.some((test) => test(address, location))
}
