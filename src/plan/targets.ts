import type { Diagnostic } from '../model/diagnostic.ts'
import { addressPattern, matchesAny } from './address-pattern.ts'
import { parentKey } from './removals.ts'
import type { Change } from './types.ts'

/** A plan cut down to what the user pointed at. */
export interface Targeted {
  readonly changes: readonly Change[]
  readonly warnings: readonly Diagnostic[]
  readonly refusals: readonly Diagnostic[]
}

/**
 * Keeps what the patterns name, with everything below it and the parents that have to be made for it. Other needs
 * (a deletion that frees an address) are never pulled in unasked: they are a refusal.
 */
export function narrow(changes: readonly Change[], patterns: readonly string[]): Targeted {
  if (patterns.length === 0) return { changes, warnings: [], refusals: [] }
  const isTarget = matchesAny(patterns)
  const byKey = new Map(changes.map((change) => [change.key, change]))
  const kept = new Set<string>()
  for (const change of changes) {
    if (!isTarget(change.address, change.target.location)) continue
    kept.add(change.key)
    if (change.action === 'delete' || change.action === 'unmanaged') continue
    for (let key = parentKey(change.target); key !== undefined; ) {
      const parent = byKey.get(key)
      if (parent === undefined) break
      kept.add(key)
      key = parentKey(parent.target)
    }
  }
  const left = changes.filter((change) => kept.has(change.key))
  const unused = patterns.filter((pattern) => {
    const test = addressPattern(pattern)
    return !changes.some((change) => test(change.address, change.target.location))
  })
  return {
    changes: left,
    warnings: [
      {
        severity: 'warning',
        code: 'VPN513',
        message: `only ${patterns.join(', ')} was looked at; the rest may differ`,
        hint: 'run once without --target before you rely on the result',
      },
    ],
    refusals: [...unused.map(unusedPattern), ...left.flatMap((change) => missingNeeds(change, kept, byKey))],
  }
}

function unusedPattern(pattern: string): Diagnostic {
  return {
    severity: 'error',
    code: 'VPN516',
    message: `--target ${pattern} names nothing in the file or live`,
    hint: 'addresses look like the ones in a plan; * stands for any characters',
  }
}

function missingNeeds(
  change: Change,
  kept: ReadonlySet<string>,
  byKey: ReadonlyMap<string, Change>,
): Diagnostic[] {
  return change.needs.flatMap((key) => {
    const needed = byKey.get(key)
    if (needed === undefined || kept.has(key)) return []
    return [
      {
        severity: 'error' as const,
        code: 'VPN514',
        message: `${change.address} needs ${needed.address}, which is not targeted`,
        hint: `add: --target ${needed.address}`,
        address: change.address,
      },
    ]
  })
}
