import { KINDS } from '../../kinds/index.ts'
import { canonicalLocation } from '../../kinds/locations.ts'
import { addressPattern, splitLocation } from '../../model/address-pattern.ts'
import { didYouMeanAny, type Named, suggestAddresses } from '../../model/addresses/suggest-address.ts'
import type { Diagnostic, SourceRange } from '../../model/diagnostic.ts'
import { optional } from '../../model/optional.ts'

const HINT = 'write the whole address, as a plan shows it; * matches any characters'

/** The code of a pattern of a flag that names nothing. */
export const UNKNOWN_TARGET = 'VPN516'

/** Patterns that name nothing: a typing error must not look like "no changes". */
export function unusedPatterns(patterns: readonly string[], named: readonly Named[]): readonly string[] {
  return patterns.filter((pattern) => {
    const test = addressPattern(pattern)
    return !named.some(({ address, location }) => test(address, location))
  })
}

/** What is said of patterns of a flag that name nothing. */
export function unusedFlagFindings(
  flag: string,
  patterns: readonly string[],
  named: readonly Named[],
): readonly Diagnostic[] {
  return unusedPatterns(patterns, named).map((pattern) => ({
    severity: 'error',
    code: UNKNOWN_TARGET,
    message: `${flag} ${pattern} names nothing in the file or live${didYouMeanAny(suggestAddresses(pattern, named))}`,
    hint: HINT,
  }))
}

/** The `protected` list, and what the plan has to do with it. */
export interface Protection {
  readonly patterns: readonly string[]
  readonly places: readonly SourceRange[]
  /** Locations that were read. */
  readonly locations: readonly string[]
  readonly deletesSomething: boolean
}

/**
 * Entries of the `protected` list that protect nothing. Where something goes, it may be what was meant: an error. An
 * entry without any name (`ipsecgateways/*`) cannot be misspelled, and in a location that is not read nothing goes.
 */
export function unusedProtectionFindings(
  { patterns, places, locations, deletesSomething }: Protection,
  named: readonly Named[],
): readonly Diagnostic[] {
  const read = new Set(locations.map(canonicalLocation))
  const unused = new Set(unusedPatterns(patterns, named))
  return patterns.flatMap((pattern, index): Diagnostic[] => {
    if (!unused.has(pattern)) return []
    const { location, path } = splitLocation(pattern)
    const mayBeMeant =
      deletesSomething && hasNames(path) && (location === undefined || read.has(canonicalLocation(location)))
    const meant = didYouMeanAny(suggestAddresses(pattern, named))
    const at = places[index]
    return [
      {
        severity: mayBeMeant ? 'error' : 'warning',
        code: 'VPN518',
        message: mayBeMeant
          ? `"${pattern}" in the "protected" list names nothing, so it protects nothing of what this plan deletes${meant}`
          : `"${pattern}" in the "protected" list names nothing, so it protects nothing${meant}`,
        hint: mayBeMeant
          ? 'correct the entry, or take it out, before anything is deleted: it may mean what would go'
          : HINT,
        ...optional({ at }),
      },
    ]
  })
}

const NAMELESS = new Set(['*', ...KINDS.map(({ collection }) => collection)])

function hasNames(path: string): boolean {
  return path.split('/').some((step) => !NAMELESS.has(step))
}
