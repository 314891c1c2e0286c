import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js'
import { KINDS } from '../kinds/index.ts'
import { InternalError } from '../model/errors.ts'
import type { JsonSchema, ResourceKind } from '../model/resource.ts'
import { apiSchema, fileSchema } from './compose.ts'
import { FORMATS } from './formats.ts'

/** All that ajv finds wrong with a value, with the schema and the value of each (`verbose`). */
export type Validate = (value: unknown) => readonly ErrorObject[]

/** What there are validators for: a document of the YAML file, and the API's request body of each kind. */
export type ValidatorName = 'file' | ResourceKind['name']

const compiled = new Map<ValidatorName, Validate>()

/** The one place that a validator comes from. Compiled when first asked for. */
export function validatorOf(name: ValidatorName): Validate {
  const known = compiled.get(name)
  if (known !== undefined) return known
  const validate = collecting(newAjv().compile(schemaOf(name)))
  compiled.set(name, validate)
  return validate
}

function schemaOf(name: ValidatorName): JsonSchema {
  if (name === 'file') return fileSchema()
  const kind = KINDS.find((candidate) => candidate.name === name)
  if (kind === undefined) throw new InternalError(`there is no kind ${name}`)
  return apiSchema(kind)
}

function newAjv(): Ajv2020 {
  return new Ajv2020({
    allErrors: true,
    verbose: true,
    messages: false,
    strict: false,
    ownProperties: true,
    formats: FORMATS,
  })
}

function collecting(validate: ValidateFunction): Validate {
  return (value) => (validate(value) ? [] : (validate.errors ?? []))
}
