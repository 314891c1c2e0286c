import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js'
import { InternalError } from '../model/errors.ts'
import { compile, type ValidatorName } from './compile.ts'

/** All that ajv finds wrong with a value, with the schema and the value of each (`verbose`). */
export type Validate = (value: unknown) => readonly ErrorObject[]

const made = new Map<ValidatorName, Validate>()

/** The one place that a validator comes from. Made when first asked for. */
export function validatorOf(name: ValidatorName): Validate {
  const known = made.get(name)
  if (known !== undefined) return known
  const compiled = compile(name)
  if (compiled === undefined) throw new InternalError(`there is no validator ${name}`)
  const validate = collecting(compiled)
  made.set(name, validate)
  return validate
}

function collecting(validate: ValidateFunction): Validate {
  return (value) => (validate(value) ? [] : (validate.errors ?? []))
}
