import { KINDS } from '../kinds/index.ts'
import { type AddressTest, exactPatterns } from '../model/address-pattern.ts'
import { closest, didYouMean } from '../model/closest.ts'
import type { DriftIgnore } from '../model/file-lists.ts'
import { type FieldPath, isPlainObject } from '../model/json.ts'
import { worst } from './severity.ts'
import type { DriftFinding, Ignored } from './types.ts'

// The first member of a field that some kind has: `ADDRESS:field` is distinguished from a name with a colon by it.
const FIELDS = new Set(
  KINDS.flatMap(({ schema }) => (isPlainObject(schema.properties) ? Object.keys(schema.properties) : [])),
)

/** An accepted drift in its parts: whose, and which field; no field means everything about it. */
export function ignorePattern(pattern: string): { readonly address: string; readonly field?: FieldPath } {
  const colon = pattern.lastIndexOf(':')
  const field = pattern.slice(colon + 1).split('.')
  return colon > 0 && FIELDS.has(field[0] ?? '')
    ? { address: pattern.slice(0, colon), field }
    : { address: pattern }
}

/** What a pattern with an unknown word after its last colon means: the address, and why the word is not a field. */
export function unknownField(pattern: string): { readonly address: string; readonly message: string } {
  const colon = pattern.lastIndexOf(':')
  const field = pattern.slice(colon + 1)
  return {
    address: pattern.slice(0, Math.max(colon, 0)),
    message: `${JSON.stringify(field)} is not a field${didYouMean(closest(field, FIELDS))}`,
  }
}

/** True once the last day, in UTC, is over. */
export function isExpired({ until }: DriftIgnore, nowMs: number): boolean {
  return until !== undefined && until < new Date(nowMs).toISOString().slice(0, 10)
}

/**
 * Parts findings into those that count and those that are accepted. A rule means exactly what it names, not what is
 * below it: an unmanaged peer must not hide behind an accepted difference of its gateway.
 */
export function ignoreFindings(
  findings: readonly DriftFinding[],
  rules: readonly DriftIgnore[],
): { readonly findings: readonly DriftFinding[]; readonly ignored: readonly Ignored[] } {
  const tests = rules.map((rule) => {
    const { address, field } = ignorePattern(rule.pattern)
    return { rule, test: exactPatterns([address]), field }
  })
  const ignored: Ignored[] = []
  const left = findings.flatMap((finding): readonly DriftFinding[] => {
    let rest: DriftFinding = finding
    for (const { rule, test, field } of tests) {
      if (!names(test, finding)) continue
      if (field === undefined) {
        ignored.push({ finding: rest, by: rule })
        return []
      }
      const parts = split(rest, field)
      if (parts === undefined) continue
      ignored.push({ finding: parts.ignored, by: rule })
      if (parts.rest === undefined) return []
      rest = parts.rest
    }
    return [rest]
  })
  return { findings: left, ignored }
}

function names(test: AddressTest, { address, target }: DriftFinding): boolean {
  return test(address, target.location)
}

function split(
  finding: DriftFinding,
  field: FieldPath,
): { readonly ignored: DriftFinding; readonly rest: DriftFinding | undefined } | undefined {
  if (finding.state !== 'changed') return undefined
  const isMeant = ({ change }: (typeof finding.fields)[number]): boolean =>
    field.every((key, index) => change.path[index] === key)
  const [inside, outside] = [
    finding.fields.filter(isMeant),
    finding.fields.filter((entry) => !isMeant(entry)),
  ]
  if (inside.length === 0) return undefined
  const part = (fields: typeof finding.fields): DriftFinding => ({
    ...finding,
    fields,
    severity: worst(fields.map(({ severity }) => severity)),
  })
  return { ignored: part(inside), rest: outside.length === 0 ? undefined : part(outside) }
}
