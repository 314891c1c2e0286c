import type { ErrorObject } from 'ajv/dist/2020.js'
import type { JsonSchema } from '../model/resource.ts'
import { type Context, missingField, noneOf, unknownField } from './key-errors.ts'
import { quote } from './quoted.ts'
import { pointerPath, type SchemaError, type ValuePath } from './schema-error.ts'
import { secretError } from './secret-error.ts'
import { valueError } from './value-errors.ts'

const NO_CONTEXT: Context = { homeOf: () => undefined, memberSchema: () => undefined }

/**
 * One error of ajv, one sentence. What ajv reports about the branches of a choice is folded into the sentence about
 * the choice, and a missing member into the misspelled one that is in its place.
 */
export function explainErrors(
  errors: readonly ErrorObject[],
  value: unknown,
  context: Context = NO_CONTEXT,
): readonly SchemaError[] {
  const found = errors
    .filter(isSentence)
    .filter(notSaidByChoices(errors))
    .map((error): Found => ({ error, problem: toProblem(error, value, context) }))
  const misspelt = new Set(
    found.flatMap(({ problem }) =>
      problem.meant === undefined ? [] : [memberKey(problem.path.slice(0, -1), problem.meant)],
    ),
  )
  const isMisspelt = ({ error, problem }: Found): boolean =>
    (problem.missing ?? []).some((field) =>
      misspelt.has(memberKey(pointerPath(error.instancePath, value), field)),
    )
  return found.filter((each) => !isMisspelt(each)).map(({ problem }) => problem)
}

/** An error of ajv, and the sentence that it became. */
interface Found {
  readonly error: ErrorObject
  readonly problem: SchemaError
}

// A number where one of several texts belongs: the choices show that they are strings.
function notSaidByChoices(errors: readonly ErrorObject[]): (error: ErrorObject) => boolean {
  const isChoice = (keyword: string): boolean => keyword === 'enum' || keyword === 'const'
  const isScalar = new Map(
    errors
      .filter(({ keyword }) => isChoice(keyword))
      .map(({ instancePath, data }) => [instancePath, typeof data !== 'object'] as const),
  )
  return ({ keyword, instancePath }) => {
    const scalar = isScalar.get(instancePath)
    return scalar === undefined || (scalar ? keyword !== 'type' : !isChoice(keyword))
  }
}

function memberKey(parent: ValuePath, field: string): string {
  return JSON.stringify([...parent, field])
}

// Errors of the branches of anyOf and oneOf, and of `if` itself, repeat what the error of the whole says.
function isSentence(error: ErrorObject): boolean {
  if (error.keyword === 'if') return false
  if (error.schemaPath.includes('/propertyNames/')) return false
  return !/\/(anyOf|oneOf)\/\d+\//.test(error.schemaPath)
}

function toProblem(error: ErrorObject, root: unknown, context: Context): SchemaError {
  const path = pointerPath(error.instancePath, root)
  const params = error.params as Readonly<Record<string, unknown>>
  const schema = (error.parentSchema ?? {}) as JsonSchema
  switch (error.keyword) {
    case 'additionalProperties':
      return unknownField(path, String(params.additionalProperty), schema, error.data, context)
    case 'required':
      return missingField(path, error, context)
    case 'oneOf':
      return secretError(path, error.data, root)
    case 'anyOf':
      return noneOf(path, schema, error.data)
    case 'propertyNames':
      return {
        code: 'VPN205',
        path: [...path, String(params.propertyName)],
        part: 'key',
        message: `${quote(params.propertyName)} is not a name for a variable`,
        hint: 'letters, digits, _ and -, and no digit in front',
      }
    default:
      return { path, part: 'value', ...valueError(error, path) }
  }
}
