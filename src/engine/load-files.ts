import type { ConfigDocument } from '../config/evaluate.ts'
import { hearSignals, loadConfig, type WhileBusy } from '../config/load.ts'
import type { ReadStdin } from '../config/read-limited.ts'
import { buildDesired } from '../desired/build-desired.ts'
import { locationOf } from '../desired/entries.ts'
import { kindsUnder } from '../kinds/index.ts'
import { classOf } from '../model/codes.ts'
import { type Diagnostic, hasErrors } from '../model/diagnostic.ts'
import { isPlainObject } from '../model/json.ts'
import { optional } from '../model/optional.ts'
import type { DesiredState } from '../model/resource.ts'
import { validate } from '../schema/validate.ts'
import { arrange } from './arrange-diagnostics.ts'
import { redactDiagnostics } from './hide-secrets.ts'
import { maskSecrets } from './mask-secrets.ts'

/** What to load. */
export interface LoadOptions {
  /** Files, folders, patterns, and `-` for standard input. */
  readonly files: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  /** Called at most once, for the file `-`; what is longer than the limit is too large. */
  readonly readStdin: ReadStdin
  /** Ends the wait for a pipe or for standard input; the promise rejects with its reason. */
  readonly signal?: AbortSignal | undefined
  /**
   * `ignore`: references are not followed. `optional`: a missing one is a warning, and its value null.
   * `required`: a missing one is an error.
   */
  readonly secrets: 'ignore' | 'optional' | 'required'
  readonly allowPlaintextSecrets?: boolean
  /** Warnings are errors. */
  readonly strict?: boolean
  /** Around long pieces of work; left out: they are done as they are. */
  readonly whileBusy?: WhileBusy | undefined
  readonly vars?: Readonly<Record<string, string>>
  /** Texts that are not written yet, by the name of their file: what the files would say. */
  readonly drafts?: ReadonlyMap<string, string> | undefined
  readonly varFiles?: readonly string[]
  /** False: rules of the `access` list are not checked, so that the question why one fails has an answer. */
  readonly checkAccess?: false | undefined
}

/** What was loaded. */
export interface Loaded {
  /** Null when there is any error. */
  readonly desired: DesiredState | null
  /** Stack and locations of files whose only errors are variables without a value, and that need none for these two. */
  readonly known: Pick<DesiredState, 'stack' | 'locations' | 'locationLimit'> | null
  /** Errors and warnings, by place. */
  readonly diagnostics: readonly Diagnostic[]
  /** Text by file, as the user named it, for code frames; secrets that are written out are masked. */
  readonly sources: ReadonlyMap<string, string>
}

/** Files as a desired state, with all that is wrong with them at once. Never throws for what the user wrote. */
export async function loadFiles(options: LoadOptions): Promise<Loaded> {
  const { vars = {}, varFiles = [], secrets, env } = options
  const config = await loadConfig({ ...options, vars, varFiles })
  await hearSignals(options.signal)
  const { whileBusy = (work) => work() } = options
  const { diagnostics, plaintextSecrets } = whileBusy(() =>
    validate(config.documents, {
      isPartial: config.isPartial,
      allowPlaintextSecrets: options.allowPlaintextSecrets === true,
    }),
  )
  const sources = secrets === 'ignore' ? null : { env, mode: secrets }
  const wanted = await buildDesired(config.documents, sources, options.checkAccess)
  const all = [...config.diagnostics, ...diagnostics, ...wanted.diagnostics]
  const found = arrange(
    redactDiagnostics(all, wanted.repeatedSecrets),
    config.sources,
    options.strict === true,
  )
  return {
    desired: hasErrors(found) ? null : wanted.state,
    known: knownFacts(config.documents, wanted.state, found),
    diagnostics: found,
    sources: maskSecrets(config.sources, plaintextSecrets, wanted),
  }
}

// A location that is not known must not become the default one, which would show another place as empty.
function knownFacts(
  documents: readonly ConfigDocument[],
  { stack, locations, locationLimit }: DesiredState,
  diagnostics: readonly Diagnostic[],
): Loaded['known'] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  const isKnown =
    stack !== '' && !stack.includes('${') && errors.every(({ code }) => classOf(code) === 'unset')
  return isKnown && documents.every(hasKnownLocations)
    ? { stack, locations, ...optional({ locationLimit }) }
    : null
}

function hasKnownLocations({ value }: ConfigDocument): boolean {
  if (!isPlainObject(value)) return false
  const lists = kindsUnder(null).map(({ yamlKey }) => value[yamlKey])
  const gateways = lists.flatMap((list): readonly unknown[] => (Array.isArray(list) ? list : []))
  return [value, ...gateways.filter(isPlainObject)].every(
    (place) => place.location === undefined || locationOf(place) !== undefined,
  )
}
