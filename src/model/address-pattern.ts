import type { Address } from './address.ts'

/** True when a pattern means an address in a location. */
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
  const matches = new RegExp(`^${source}${below}$`)
  return (address, where) => {
    const { path: bare } = splitLocation(address)
    return (location === undefined || location === where) && matches.test(bare)
  }
}

/** `de/fra:wireguardgateways/hq` in its parts, where there is a location; no collection is as short as one's parts. */
export function splitLocation(text: string): { readonly location?: string; readonly path: string } {
  const location = /^([a-z]{2}\/[a-z]{3}(?:\/\d+)?):/.exec(text)?.[1]
  return location === undefined ? { path: text } : { location, path: text.slice(location.length + 1) }
}

/** True when any of the patterns matches. */
export function matchesAny(patterns: readonly string[]): AddressTest {
  return anyOf(patterns.map(addressPattern))
}

/** True when any of the targets matches, and for every address where none is given. */
export function withinTargets(targets: readonly string[]): AddressTest {
  return targets.length === 0 ? () => true : matchesAny(targets)
}

/** The same, but not for what is below a match: `hq` alone, and `hq/*` for what is in it. */
export function exactPatterns(patterns: readonly string[]): AddressTest {
  return anyOf(patterns.map((pattern) => patternTest(pattern, '')))
}

function anyOf(tests: readonly AddressTest[]): AddressTest {
  return (address, location) => tests.some((test) => test(address, location))
}
