import { isMap, isScalar } from 'yaml'
import type { Diagnostic, SourceRange } from '../model/diagnostic.ts'
import { isPlainObject } from '../model/json.ts'
import { rewrittenNumber } from './as-written.ts'
import { type ConfigDocument, evaluate } from './evaluate.ts'
import { jsonDocument } from './json.ts'
import { type ParsedDocument, parseSource } from './parse.ts'
import { keyText } from './place.ts'
import type { ReadStdin } from './read-limited.ts'
import { readSources, type Source } from './source.ts'
import {
  fromEnvironment,
  fromText,
  fromValue,
  unusedVariables,
  type Variable,
  type Variables,
  variableConflict,
} from './variables.ts'

/** What to read, and what the variables of the files mean. */
export interface ConfigOptions {
  /** Files, folders, patterns, and `-` for standard input. */
  readonly files: readonly string[]
  /** Files of variables; a later one wins. */
  readonly varFiles: readonly string[]
  /** Variables of the command line; they win over all others. */
  readonly vars: Readonly<Record<string, string>>
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly readStdin: ReadStdin
  /** Ends the wait for a pipe. */
  readonly signal?: AbortSignal | undefined
  readonly whileBusy?: WhileBusy | undefined
  /** Texts that are not written yet, by the name of their file. */
  readonly drafts?: ReadonlyMap<string, string> | undefined
}

/**
 * Does a long piece of work that lets no event through. A signal that arrives meanwhile ends the process by the system's
 * default, since nothing else could react to it; nothing has been changed yet.
 */
export type WhileBusy = <T>(work: () => T) => T

/** All documents of all files. */
export interface Config {
  readonly documents: readonly ConfigDocument[]
  readonly sources: readonly Source[]
  readonly diagnostics: readonly Diagnostic[]
  /** True when a file or a document had to be left out: what seems to be missing may stand there. */
  readonly isPartial: boolean
}

/** Reads files into values that know their places. Never throws for what the user wrote. */
export async function loadConfig(options: ConfigOptions): Promise<Config> {
  const { whileBusy = (work) => work() } = options
  const { sources, diagnostics } = await readSources(options.files, options)
  const parsed: Parsed[] = []
  for (const source of sources) {
    await hearSignals(options.signal)
    parsed.push(whileBusy(() => parse(source)))
  }
  await hearSignals(options.signal)
  const found: Diagnostic[] = [...diagnostics, ...parsed.flatMap((file) => file.diagnostics)]
  let isPartial = found.length > 0
  const documents = parsed.flatMap((file) => file.documents)
  const varFiles = await readVariableFiles(options)
  const variables = gatherVariables(documents, varFiles.values, options)
  found.push(...varFiles.diagnostics, ...variables.diagnostics)
  const evaluated = documents.flatMap((document) => {
    if ('value' in document) return [document]
    const result = evaluate(document, variables.variables)
    found.push(...result.diagnostics)
    if (result.document === null) isPartial = true
    return result.document === null ? [] : [result.document]
  })
  if (!isPartial) found.push(...unusedVariables(Object.keys(options.vars), variables.variables.used))
  return { documents: evaluated, sources: [...sources, ...varFiles.sources], diagnostics: found, isPartial }
}

interface Parsed {
  readonly documents: readonly (ParsedDocument | ConfigDocument)[]
  readonly diagnostics: readonly Diagnostic[]
}

function parse(source: Source): Parsed {
  const document = jsonDocument(source)
  return document === undefined ? parseSource(source) : { documents: [document], diagnostics: [] }
}

/** Lets a signal come through between long pieces of work; rejects with its reason once it fired. */
export async function hearSignals(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  signal?.throwIfAborted()
}

async function readVariableFiles(options: ConfigOptions) {
  const { sources, diagnostics } = await readSources(options.varFiles, options)
  const found: Diagnostic[] = [...diagnostics]
  const values = new Map<string, Variable>()
  const none: Variables = { values: new Map(), used: new Set() }
  for (const source of sources) {
    const parsed = parseSource(source)
    found.push(...parsed.diagnostics)
    for (const document of parsed.documents) {
      const result = evaluate(document, none)
      found.push(...result.diagnostics)
      if (result.document !== null) found.push(...takeVariables(result.document, document, values))
    }
  }
  return { sources, diagnostics: found, values }
}

function takeVariables(
  document: ConfigDocument,
  { contents }: ParsedDocument,
  into: Map<string, Variable>,
): readonly Diagnostic[] {
  const { value, place } = document
  if (!isPlainObject(value)) return [noVariables(place([]).at)]
  return Object.entries(value).flatMap(([name, inner]) => {
    const node = isMap(contents)
      ? contents.items.find((pair) => keyText(pair.key) === name)?.value
      : undefined
    const variable = fromValue(inner, isScalar(node) ? rewrittenNumber(node) : undefined)
    if (variable === undefined) return [noVariables(place([name]).at)]
    into.set(name, variable)
    return []
  })
}

function noVariables(at: SourceRange): Diagnostic {
  return {
    severity: 'error',
    code: 'VPN121',
    message: 'a file of variables contains "name: value" lines only',
    hint: 'values are text, numbers, true or false',
    at,
  }
}

// Weakest first: the documents' own, --var-file, the environment, --var.
function gatherVariables(
  documents: readonly (ParsedDocument | ConfigDocument)[],
  varFiles: ReadonlyMap<string, Variable>,
  options: ConfigOptions,
): { readonly variables: Variables; readonly diagnostics: readonly Diagnostic[] } {
  const own = new Map<string, { readonly variable: Variable; readonly at: SourceRange }>()
  const diagnostics: Diagnostic[] = []
  for (const { name, variable, at } of documents.flatMap(ownVariables)) {
    const first = own.get(name)
    if (first === undefined) own.set(name, { variable, at })
    else if (first.variable.value !== variable.value) diagnostics.push(variableConflict(name, at, first.at))
  }
  const values = new Map<string, Variable>([
    ...[...own].map(([name, { variable }]) => [name, variable] as const),
    ...varFiles,
    ...fromEnvironment(options.env),
    ...Object.entries(options.vars).map(([name, text]) => [name, fromText(text)] as const),
  ])
  return { variables: { values, used: new Set() }, diagnostics }
}

// Read from the nodes: the values of the document itself need the variables first.
function ownVariables(document: ParsedDocument | ConfigDocument) {
  if ('value' in document || !isMap(document.contents)) return []
  const { contents, lines } = document
  const vars = contents.items.find((pair) => keyText(pair.key) === 'vars')?.value
  if (!isMap(vars)) return []
  return vars.items.flatMap((pair) => {
    const name = keyText(pair.key)
    const variable = isScalar(pair.value)
      ? fromValue(pair.value.value, rewrittenNumber(pair.value))
      : undefined
    if (name === undefined || variable === undefined || !isScalar(pair.value)) return []
    const [start = 0, end = 0] = pair.value.range ?? []
    return [{ name, variable, at: lines.firstLine(start, end) }]
  })
}
