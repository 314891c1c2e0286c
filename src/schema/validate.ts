import type { ConfigDocument } from '../config/evaluate.ts'
import { KINDS } from '../kinds/index.ts'
import { bareName, OTHER_NAMES, PSK_NAMES } from '../kinds/other-names.ts'
import { type Diagnostic, type Place, placed } from '../model/diagnostic.ts'
import { getPath, isPlainObject } from '../model/json.ts'
import { optional } from '../model/optional.ts'
import type { JsonSchema, ResourceKind } from '../model/resource.ts'
import { fileSchema } from './compose.ts'
import { explainErrors } from './explain-errors.ts'
import type { Context } from './key-errors.ts'
import type { SchemaError, ValuePath } from './schema-error.ts'
import { validatorOf } from './validators.ts'

/** How to validate. */
export interface ValidateOptions {
  /** Something could not be read: what seems to be missing may stand there. */
  readonly isPartial: boolean
  readonly allowPlaintextSecrets: boolean
}

/** What the schema finds in documents. */
export interface Validated {
  readonly diagnostics: readonly Diagnostic[]
  /** Where secrets are written out, allowed or not: these places must not be shown. */
  readonly plaintextSecrets: readonly Place[]
}

// Members that one document of several has to name.
const ONCE = ['stack', 'version']

/** Checks every document against the schema of the file. */
export function validate(documents: readonly ConfigDocument[], options: ValidateOptions): Validated {
  const diagnostics: Diagnostic[] = []
  const plaintextSecrets: Place[] = []
  const named = new Set(
    documents.flatMap(({ value }) => (isPlainObject(value) ? ONCE.filter((key) => key in value) : [])),
  )
  const context = { homeOf, memberSchema: memberSchemas() }
  documents.forEach((document, index) => {
    for (const problem of explainErrors(validatorOf('file')(document.value), document.value, context)) {
      if (isNamedElsewhere(problem, named, index, options.isPartial)) continue
      const place = document.place(problem.path, problem.part)
      if (problem.plaintext === true) {
        plaintextSecrets.push(place)
        if (options.allowPlaintextSecrets) continue
      }
      diagnostics.push(toDiagnostic(problem, place, document.source.text))
    }
  })
  return { diagnostics, plaintextSecrets }
}

function isNamedElsewhere(
  problem: SchemaError,
  named: ReadonlySet<string>,
  index: number,
  isPartial: boolean,
): boolean {
  const [field, ...others] = problem.path.length > 0 ? [] : (problem.missing ?? [])
  if (field === undefined || others.length > 0 || !ONCE.includes(field)) return false
  return isPartial || index > 0 || named.has(field)
}

function toDiagnostic(problem: SchemaError, place: Place, text: string): Diagnostic {
  const isVariable = text.startsWith('${', place.at.start.offset)
  const hint = problem.isOfWrongType && isVariable ? VARIABLE_HINT : problem.hint
  return {
    severity: 'error',
    code: problem.code,
    message: problem.message,
    ...optional({ hint }),
    ...placed(place),
  }
}

// Quotes are at the value then, not here.
const VARIABLE_HINT = "the type is that of the variable's value: quotes around that make it text"

// A field in the wrong mapping is more often misplaced than misspelled.
function homeOf(path: ValuePath, member: string): string | undefined {
  const other = otherName(path, bareName(member))
  if (other !== undefined) return other
  const owners = KINDS.filter(
    (kind) =>
      (isPlainObject(kind.schema.properties) && Object.hasOwn(kind.schema.properties, member)) ||
      KINDS.some((child) => child.parent === kind && child.yamlKey === member),
  )
  if (owners.length > 0)
    return `${member} is a field of ${owners.map((kind) => `the ${kind.title}`).join(' and ')}: move it there, or correct its indentation`
  return KINDS.some((kind) => kind.parent === null && kind.yamlKey === member)
    ? `${member} is at the left margin, next to "stack"`
    : undefined
}

// Of a resource, of the file itself, and of `auth`; in other mappings the same word means another thing.
function otherName(path: ValuePath, name: string): string | undefined {
  const isOfAuth = path.at(-1) === 'auth'
  const list = path.at(-2)
  const isOfResource = path.length === 0 || KINDS.some(({ yamlKey }) => yamlKey === list)
  const names = isOfAuth ? PSK_NAMES : isOfResource ? { ...OTHER_NAMES, ...kindAt(path)?.otherNames } : {}
  return Object.hasOwn(names, name) ? (names as Readonly<Record<string, string>>)[name] : undefined
}

/** The kind of the innermost resource on a path. */
function kindAt(path: ValuePath): ResourceKind | undefined {
  return path.reduce<ResourceKind | undefined>(
    (parent, step) =>
      KINDS.find((kind) => kind.yamlKey === step && kind.parent === (parent ?? null)) ?? parent,
    undefined,
  )
}

// By the way that a value takes, since what a resource needs is in a branch next to its properties.
function memberSchemas(): Context['memberSchema'] {
  const root = fileSchema()
  const resolve = (schema: unknown): JsonSchema | undefined => {
    const { $ref } = (schema ?? {}) as JsonSchema
    return typeof $ref === 'string'
      ? (getPath(root, $ref.slice('#/'.length).split('/')) as JsonSchema | undefined)
      : (schema as JsonSchema | undefined)
  }
  const step = (schema: JsonSchema | undefined, name: string | number): JsonSchema | undefined =>
    resolve(typeof name === 'number' ? schema?.items : getPath(schema, ['properties', name]))
  return (path, member) =>
    getPath(path.reduce(step, root as JsonSchema | undefined), ['properties', member]) as
      | JsonSchema
      | undefined
}
