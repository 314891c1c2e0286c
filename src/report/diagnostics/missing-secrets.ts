import type { Diagnostic } from '../../model/diagnostic.ts'
import { firstOf } from '../../model/lists.ts'
import type { DesiredState } from '../../model/resource.ts'
import { describeReference } from '../../model/secret.ts'

// More than this are counted.
const LISTED = 20

const STATES: ReadonlyMap<string, string> = new Map([
  ['VPN403', 'are not set here'],
  ['VPN404', 'are empty here'],
  ['VPN409', 'have a placeholder here'],
])

/**
 * Warnings about secrets without a value, one for each code instead of one for each secret: a job of a fork has no
 * secrets at all, and a frame for each of them hides what else there is. Errors and single warnings stay as they are.
 */
export function foldMissingSecrets(
  diagnostics: readonly Diagnostic[],
  desired: DesiredState,
): readonly Diagnostic[] {
  const folded = new Set<string>()
  return diagnostics.flatMap((diagnostic): readonly Diagnostic[] => {
    const { code, severity } = diagnostic
    const state = STATES.get(code)
    if (severity === 'error' || state === undefined) return [diagnostic]
    if (folded.has(code)) return []
    const alike = diagnostics.filter((other) => other.code === code && other.severity === severity)
    if (alike.length === 1) return [diagnostic]
    folded.add(code)
    return [
      {
        severity,
        code,
        message: `${alike.length} secrets ${state}: ${firstOf(sourcesOf(alike, desired), LISTED)}`,
        hint: 'they are not compared; an apply needs those that its plan sends',
      },
    ]
  })
}

function sourcesOf(diagnostics: readonly Diagnostic[], { resources }: DesiredState): readonly string[] {
  const addresses = new Set(diagnostics.map(({ address }) => address))
  const missing = resources
    .filter(({ address }) => addresses.has(address))
    .flatMap(({ secrets }) => secrets.filter(({ value }) => value === null))
  return [...new Set(missing.map(({ reference }) => describeReference(reference)))]
}
