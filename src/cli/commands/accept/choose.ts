import { ignorePattern } from '../../../drift/ignore.ts'
import type { Drift, DriftFinding, DriftOf } from '../../../drift/types.ts'
import { exactPatterns } from '../../../model/address-pattern.ts'
import type { Named } from '../../../model/addresses/suggest-address.ts'
import type { Diagnostic } from '../../../model/diagnostic.ts'
import { type FieldPath, formatPath } from '../../../model/json.ts'
import { optional } from '../../../model/optional.ts'
import { UNKNOWN_TARGET, unusedFlagFindings, unusedPatterns } from '../../../plan/safety/unused-patterns.ts'
import { findingText } from '../../../report/drift/words.ts'

/** Some fields of a resource that differ. */
export interface AcceptedChange {
  readonly finding: DriftOf<'changed'>
  readonly fields: readonly FieldPath[]
}

/** What of a drift is accepted. */
export interface Choice {
  readonly changes: readonly AcceptedChange[]
  /** In the files, and not live. */
  readonly missing: readonly DriftOf<'missing'>[]
  /** Live, and not in the files. */
  readonly surplus: readonly DriftOf<'unmanaged' | 'extra'>[]
  /** What was asked for, and is not accepted. */
  readonly refused: readonly Diagnostic[]
  /** Words that name nothing. */
  readonly unknown: readonly Diagnostic[]
  /** Words that name resources without such a difference. */
  readonly quiet: readonly string[]
}

/** Every field that differs, but for secrets. */
export function chooseChanged({ findings }: Drift): Choice {
  const changed = findings.filter((finding) => finding.state === 'changed')
  return {
    changes: changed.flatMap((finding) => changeOf(finding)),
    missing: [],
    surplus: [],
    refused: changed.flatMap((finding) => secretsOf(finding)),
    unknown: [],
    quiet: [],
  }
}

/** What some words name: addresses, patterns, each with or without a field. */
export function chooseNamed(drift: Drift, words: readonly string[]): Choice {
  const changes = new Map<string, AcceptedChange>()
  const missing = new Set<DriftOf<'missing'>>()
  const surplus = new Set<DriftOf<'unmanaged' | 'extra'>>()
  const refused: Diagnostic[] = []
  const quiet: string[] = []
  for (const word of words) {
    const { address, field } = ignorePattern(word)
    const isNamed = exactPatterns([address])
    const named = drift.findings.filter((finding) => isNamed(finding.address, finding.target.location))
    let found = false
    for (const finding of named) {
      switch (finding.state) {
        case 'changed': {
          const [change] = changeOf(finding, field)
          const secrets = secretsOf(finding, field)
          found ||= change !== undefined || secrets.length > 0
          refused.push(...secrets)
          if (change !== undefined) changes.set(finding.key, merged(change, changes.get(finding.key)))
          break
        }
        case 'missing':
          if (field !== undefined) break
          found = true
          missing.add(finding)
          break
        case 'unmanaged':
        case 'extra': {
          if (field !== undefined) break
          found = true
          const obstacle = obstacleOf(finding, address)
          if (obstacle === undefined) surplus.add(finding)
          else refused.push(obstacle)
          break
        }
        case 'conflict':
          found = true
          refused.push(notAccepted(finding, findingText(finding), finding.reason.hint ?? 'see: vpnctl drift'))
          break
        case 'failed':
        case 'stuck':
          break
        default:
          return finding satisfies never
      }
    }
    if (!found) quiet.push(word)
  }
  const places = drift.resources.map(({ address, target }) => ({ address, location: target.location }))
  const noFields = quiet.filter((word) => isOfUnknownField(word, places))
  const unknown = [
    ...unusedFlagFindings(
      'the address',
      quiet.filter((word) => !noFields.includes(word)).map((word) => ignorePattern(word).address),
      places,
    ),
    ...noFields.map(noSuchField),
  ]
  return {
    changes: [...changes.values()],
    missing: [...missing],
    surplus: [...surplus],
    refused,
    unknown,
    quiet,
  }
}

// `ADDRESS:field` of a field that no kind has reads as an address with a colon.
function isOfUnknownField(word: string, places: readonly Named[]): boolean {
  const colon = word.lastIndexOf(':')
  const isUnused = (address: string): boolean => unusedPatterns([address], places).length > 0
  return colon > 0 && isUnused(ignorePattern(word).address) && !isUnused(word.slice(0, colon))
}

function noSuchField(word: string): Diagnostic {
  const colon = word.lastIndexOf(':')
  return {
    severity: 'error',
    code: UNKNOWN_TARGET,
    message: `${word.slice(0, colon)} has no field "${word.slice(colon + 1)}"`,
    hint: 'vpnctl drift shows which fields differ',
  }
}

function isWithin(path: FieldPath, field: FieldPath | undefined): boolean {
  return field === undefined || field.every((key, index) => path[index] === key)
}

function changeOf(finding: DriftOf<'changed'>, field?: FieldPath): readonly AcceptedChange[] {
  const fields = finding.fields
    .filter(({ change }) => change.type !== 'secret' && isWithin(change.path, field))
    .map(({ change }) => change.path)
  return fields.length === 0 ? [] : [{ finding, fields }]
}

function secretsOf(finding: DriftOf<'changed'>, field?: FieldPath): readonly Diagnostic[] {
  return finding.fields.flatMap(({ change }) =>
    change.type === 'secret' && isWithin(change.path, field)
      ? [
          notAccepted(
            finding,
            `${formatPath(change.path)} is a secret, and the API does not return it`,
            `give ${change.source} the key that is in use, or apply to send the one of the files${restHint(finding, field)}`,
            change.path,
          ),
        ]
      : [],
  )
}

// Without a field, the word means all of them.
function restHint(finding: DriftOf<'changed'>, field: FieldPath | undefined): string {
  const rest = field === undefined ? changeOf(finding).flatMap(({ fields }) => fields) : []
  if (rest.length === 0) return ''
  const words = rest.map((path) => `${finding.address}:${formatPath(path)}`).join(' ')
  return `; to accept the rest: vpnctl accept ${words} --write`
}

function merged(change: AcceptedChange, before: AcceptedChange | undefined): AcceptedChange {
  if (before === undefined) return change
  const known = new Set(before.fields.map(formatPath))
  return {
    ...change,
    fields: [...before.fields, ...change.fields.filter((path) => !known.has(formatPath(path)))],
  }
}

function obstacleOf(finding: DriftOf<'unmanaged' | 'extra'>, pattern: string): Diagnostic | undefined {
  if (finding.absent !== undefined) {
    return notAccepted(finding, findingText(finding), 'change its entry in the files by hand, or apply')
  }
  return pattern.includes('*')
    ? notAccepted(
        finding,
        'it is not in the files, and a pattern does not accept what may be an intruder',
        `if it is right, name it without a *: ${finding.address}`,
      )
    : undefined
}

function notAccepted(finding: DriftFinding, why: string, hint: string, field?: FieldPath): Diagnostic {
  const desired = 'desired' in finding ? finding.desired : undefined
  const at = (field === undefined ? undefined : desired?.locate(field)) ?? desired?.locate(['name'])
  return {
    severity: 'error',
    code: 'VPN613',
    message: `${finding.address} was not accepted: ${why}`,
    hint,
    ...optional({ at }),
    address: finding.address,
  }
}
