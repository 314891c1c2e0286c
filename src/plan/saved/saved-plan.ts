import type { Diagnostic } from '../../model/diagnostic.ts'
import { isPlainObject, type Plain } from '../../model/json.ts'
import type { PlanOptions } from '../types.ts'
import { digestOf } from './digest.ts'
import type { PlanRecord } from './plan-record.ts'
import type { Seen } from './staleness.ts'

const FORMAT = 'vpnctl/saved-plan'
const VERSION = 1

/** How the desired state was read, so that it can be read again. */
export interface SavedSource {
  readonly files: readonly string[]
  readonly varFiles: readonly string[]
  /** Names only: a value may be a key. */
  readonly vars: readonly string[]
  readonly allowPlaintextSecrets: boolean
  /** Names of former files, as `--base` and `--applied` had them. */
  readonly base?: string
  readonly applied?: string
}

/** A plan with all that it takes to apply it later. The same plan gives the same bytes; no secret is in it. */
export interface SavedPlan {
  readonly stack: string
  /** Base URL by location. */
  readonly endpoints: Readonly<Record<string, string>>
  readonly source: SavedSource
  /** Locations that were read in addition to those of the files. */
  readonly locations: readonly string[]
  /** The only ones that were read; absent where nothing limited the run. */
  readonly onlyLocations?: readonly string[]
  readonly options: PlanOptions
  readonly seen: Seen
  /** Warnings of the files. */
  readonly fileWarnings: readonly Diagnostic[]
  readonly plan: PlanRecord
}

/** The digests of what the file wanted and of what was live, for people who compare two plans. */
function digestsOf({ seen }: SavedPlan): { readonly desired: string; readonly live: string } {
  return { desired: digestOf(plain(seen.desired)), live: digestOf(plain(seen.live)) }
}

/** The text of a saved plan, sealed with its digest. Ends in a newline. */
export function writeSavedPlan(saved: SavedPlan): string {
  const content = { format: FORMAT, version: VERSION, digests: digestsOf(saved), ...saved }
  return `${JSON.stringify({ ...content, seal: digestOf(plain(content)) })}\n`
}

/** Why a text cannot be used as a saved plan. */
export type SavedPlanProblem =
  | { readonly type: 'truncated' }
  | { readonly type: 'other-file' }
  /** The output of `plan --format json`, which is for reading. */
  | { readonly type: 'document' }
  | { readonly type: 'version'; readonly version: unknown }
  | { readonly type: 'edited' }

/** Reads what {@link writeSavedPlan} wrote. The seal finds accidents and edits; it is not a signature. */
export function readSavedPlan(text: string): SavedPlan | SavedPlanProblem {
  const value = parse(text)
  if (value === undefined) {
    const isCut = text.trim() === '' || text.startsWith(`{"format":"${FORMAT}"`)
    return { type: isCut ? 'truncated' : 'other-file' }
  }
  if (!isPlainObject(value)) return { type: 'other-file' }
  if (value.format !== FORMAT) return { type: value.format === 'vpnctl/plan' ? 'document' : 'other-file' }
  if (value.version !== VERSION) return { type: 'version', version: value.version }
  const { seal, ...content } = value
  try {
    if (seal !== digestOf(content)) return { type: 'edited' }
  } catch {
    // Nested deeper than anything can walk.
    return { type: 'edited' }
  }
  const { format, version, digests, ...saved } = content
  return hasShape(saved, SHAPE) ? (saved as unknown as SavedPlan) : { type: 'edited' }
}

// A seal can be made for anything: what is read is looked at before it is used.
const ENTRIES = [{}]
const NAMES = ['']
const SHAPE = {
  stack: '',
  endpoints: {},
  source: { files: NAMES, varFiles: NAMES, vars: NAMES, allowPlaintextSecrets: false },
  locations: NAMES,
  options: { prune: '', targets: NAMES, resendSecrets: NAMES },
  seen: {},
  fileWarnings: ENTRIES,
  plan: {
    stack: '',
    changes: [
      {
        key: '',
        address: '',
        name: '',
        kind: '',
        location: '',
        parentIds: NAMES,
        id: '',
        rest: { action: '', reason: {} },
      },
    ],
    refusals: ENTRIES,
    warnings: ENTRIES,
    summary: {},
  },
}

// Every member of the shape exists, of the same type; a list contains entries of the one that the shape shows.
function hasShape(value: unknown, shape: unknown): boolean {
  if (Array.isArray(shape)) return Array.isArray(value) && value.every((each) => hasShape(each, shape[0]))
  if (!isPlainObject(shape)) return typeof value === typeof shape
  return isPlainObject(value) && Object.entries(shape).every(([key, inner]) => hasShape(value[key], inner))
}

/** True for an error. */
export function isSavedPlanProblem(read: SavedPlan | SavedPlanProblem): read is SavedPlanProblem {
  return 'type' in read
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

// Through JSON, as a reader will see it: what is undefined is not there.
function plain(value: unknown): Plain {
  return JSON.parse(JSON.stringify(value)) as Plain
}
