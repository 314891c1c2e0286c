import type { Diagnostic, SourceRange } from '../model/diagnostic.ts'
import { optional } from '../model/optional.ts'

/** The value of a variable. */
export interface Variable {
  /** What is in the place of a reference inside a text. */
  readonly text: string
  /** What is in the place of a reference that is all of a plain scalar. */
  readonly value: string | number | boolean
  /** The text in the file, where YAML reads it as a number of another text. */
  readonly written?: string
}

/** Variables by name, and the names that were asked for. */
export interface Variables {
  readonly values: ReadonlyMap<string, Variable>
  readonly used: Set<string>
}

const ENVIRONMENT_PREFIX = 'VPNCTL_VAR_'

/** A variable from text (the command line, the environment): `51820` and `true` are what YAML makes of them. */
export function fromText(text: string): Variable {
  if (text === 'true' || text === 'false') return { text, value: text === 'true' }
  const number = Number(text)
  return { text, value: text !== '' && String(number) === text && Number.isFinite(number) ? number : text }
}

/** A variable from YAML, or undefined when the value can be none. */
export function fromValue(value: unknown, written?: string): Variable | undefined {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? { text: String(value), value, ...optional({ written }) }
    : undefined
}

/** The variables of the environment: `VPNCTL_VAR_<NAME>`. */
export function fromEnvironment(
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, Variable> {
  const found = new Map<string, Variable>()
  // Names first: each value of a process's environment is a search of its own.
  for (const name of Object.keys(env)) {
    // It names files with variables, as --var-file does.
    if (!name.startsWith(ENVIRONMENT_PREFIX) || name === 'VPNCTL_VAR_FILE') continue
    const text = env[name]
    if (text !== undefined) found.set(name.slice(ENVIRONMENT_PREFIX.length), fromText(text))
  }
  return found
}

/** One `${...}` of a text, `$${` included. */
export interface Reference {
  readonly start: number
  readonly end: number
  /** Undefined for `$${`. */
  readonly inner: string | undefined
}

/** The variable that the inside of `${...}` names. */
export function variableName(inner: string): string | undefined {
  return /^\s*var\.([A-Za-z_][A-Za-z0-9_-]*)\s*$/.exec(inner)?.[1]
}

/** Every `${...}` in a text, in linear time however many of them are not closed. */
export function references(text: string): readonly Reference[] {
  const found: Reference[] = []
  const lastClose = text.lastIndexOf('}')
  for (let at = text.indexOf('${'); at >= 0; at = text.indexOf('${', found.at(-1)?.end ?? text.length)) {
    if (text[at - 1] === '$' && at - 1 >= (found.at(-1)?.end ?? 0)) {
      found.push({ start: at - 1, end: at + 2, inner: undefined })
      continue
    }
    if (at > lastClose) {
      // Only `$${` can still come.
      const escapeAt = text.indexOf('$${', at)
      if (escapeAt < 0) break
      found.push({ start: escapeAt, end: escapeAt + 3, inner: undefined })
      continue
    }
    const close = text.indexOf('}', at)
    found.push({ start: at, end: close + 1, inner: text.slice(at + 2, close) })
  }
  return found
}

/** Variables that were given on the command line and that no file asks for. */
export function unusedVariables(given: Iterable<string>, used: ReadonlySet<string>): readonly Diagnostic[] {
  return [...given]
    .filter((name) => !used.has(name))
    .map((name) => ({
      severity: 'warning',
      code: 'VPN120',
      message: `no file uses the variable ${JSON.stringify(name)} of --var`,
      hint: `files refer to it as \${var.${name}}`,
    }))
}

/** A variable that two documents give different values. */
export function variableConflict(name: string, at: SourceRange, first: SourceRange): Diagnostic {
  return {
    severity: 'error',
    code: 'VPN119',
    message: `the variable ${JSON.stringify(name)} has another value in another document`,
    hint: 'keep one of the two, or give one another name',
    at,
    related: [{ at: first, message: 'the other value' }],
  }
}
