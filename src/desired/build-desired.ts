import { ruleFindings } from '../access/rule-findings.ts'
import type { ConfigDocument } from '../config/evaluate.ts'
import { DEFAULT_LOCATION } from '../kinds/locations.ts'
import { classOf } from '../model/codes.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { isPlainObject } from '../model/json.ts'
import { optional } from '../model/optional.ts'
import type { DesiredState } from '../model/resource.ts'
import type { Secret } from '../model/secret.ts'
import { entriesOf, locationOf } from './entries.ts'
import { isAllowed, outsideLimit } from './location-limit.ts'
import { releasedAndDeclared } from './released.ts'
import { findRepetitions } from './repeated-secrets.ts'
import { lint } from './rules/index.ts'
import { resolveSecrets, type SecretSources } from './secrets.ts'
import { mergeSettings } from './settings.ts'

/** How many resources a run can have. */
const MOST_RESOURCES = 100_000

/** What documents want, and what is wrong with it. */
export interface DesiredBuild {
  readonly state: DesiredState
  readonly diagnostics: readonly Diagnostic[]
  /** Secrets whose values stand in other fields: no text of the files may be shown with them. */
  readonly repeatedSecrets: readonly Secret[]
}

/**
 * What documents want, with all that is wrong with it. The documents may be invalid: what can be understood is looked
 * at, so that all errors are reported at once, and the state must not be used when there are errors.
 */
export async function buildDesired(
  documents: readonly ConfigDocument[],
  secrets: SecretSources | null,
  checkAccess = true,
): Promise<DesiredBuild> {
  const settings = mergeSettings(documents)
  const declared = documents.flatMap(entriesOf)
  const resolved =
    secrets === null
      ? { entries: declared, diagnostics: [], read: [] }
      : await resolveSecrets(declared, secrets)
  const { entries } = resolved
  const tooMany = entries.slice(MOST_RESOURCES, MOST_RESOURCES + 1).map(
    ({ place }): Diagnostic => ({
      severity: 'error',
      code: 'VPN115',
      message: `the files contain ${entries.length} resources, and at most ${MOST_RESOURCES} are allowed`,
      hint: 'use a stack for each part',
      at: place(['name']).at,
    }),
  )
  const repetitions = findRepetitions(documents, entries, resolved.read)
  const lints = await lint(entries)
  const named = documents.flatMap(({ value }) => (isPlainObject(value) ? [locationOf(value)] : []))
  const locations = [...named, ...entries.map(({ resource }) => resource.location)]
  const known = new Set(locations.filter((location) => location !== undefined))
  const wanted = known.size === 0 ? [DEFAULT_LOCATION] : [...known]
  return {
    state: {
      stack: settings.stack ?? '',
      locations: wanted.filter((location) => isAllowed(location, settings.locationLimit)),
      resources: entries.map(({ resource }) => resource),
      protectedPatterns: settings.protections.map(({ pattern }) => pattern),
      protectedPlaces: settings.protections.map(({ at }) => at),
      driftIgnores: settings.driftIgnores,
      released: settings.released,
      neighbours: settings.neighbours,
      ...optional({ locationLimit: settings.locationLimit }),
      ...(settings.accessRules.length === 0 ? {} : { accessRules: settings.accessRules }),
    },
    diagnostics: [
      ...settings.diagnostics,
      ...outsideLimit(entries, settings.locationLimit),
      ...tooMany,
      ...resolved.diagnostics,
      ...withoutReported(repetitions.diagnostics, lints),
      ...lints,
      ...releasedAndDeclared(entries, settings.released),
      ...ruleFindings(checkAccess ? settings.accessRules : [], {
        resources: entries.map(({ resource }) => resource),
      }),
    ],
    repeatedSecrets: repetitions.secrets,
  }
}

// A rule has more to say about a private key in place of a public one.
function withoutReported(
  repetitions: readonly Diagnostic[],
  lints: readonly Diagnostic[],
): readonly Diagnostic[] {
  const reported = new Set(lints.filter(({ code }) => classOf(code) === 'leak').map(placeKey))
  return repetitions.filter((repetition) => !reported.has(placeKey(repetition)))
}

function placeKey({ at }: Diagnostic): string {
  return `${at?.file}:${at?.start.offset}`
}
