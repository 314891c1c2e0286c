import { Ajv2020, type Options, type ValidateFunction } from 'ajv/dist/2020.js'
import { KINDS } from '../kinds/index.ts'
import type { JsonSchema, ResourceKind } from '../model/resource.ts'
import { apiSchema, fileSchema } from './compose.ts'
import { FORMATS } from './formats.ts'

/** What there are validators for: a document of the YAML file, and the API's request body of each kind. */
export type ValidatorName = 'file' | ResourceKind['name']

/** The schema of each validator, composed from the kinds. */
export const SCHEMAS: ReadonlyMap<ValidatorName, JsonSchema> = new Map<ValidatorName, JsonSchema>([
  ['file', fileSchema()],
  ...KINDS.map((kind) => [kind.name, apiSchema(kind)] as const),
])

/** ajv as all validators are made with; a test checks the schemas themselves, so it need not. */
export function newAjv(options: Options = {}): Ajv2020 {
  return new Ajv2020({
    ...options,
    allErrors: true,
    verbose: true,
    messages: false,
    strict: false,
    ownProperties: true,
    meta: false,
    validateSchema: false,
    formats: FORMATS,
    code: { process: withLinearErrors, ...options.code },
  })
}

/**
 * The code of a validator that collects errors in linear time. Ajv copies all errors that it has for each value with one
 * more: ten thousand wrong entries of a list took a minute.
 */
export function withLinearErrors(code: string): string {
  return code.replace(
    /vErrors\s*=\s*vErrors\s*===\s*null\s*\?\s*([\w.]+\.errors)\s*:\s*vErrors\.concat\(\1\)/g,
    'vErrors=vErrors===null?$1:($1.forEach((error)=>vErrors.push(error)),vErrors)',
  )
}

/** A validator made at run time. The command line's build puts one that was made ahead of time in this file's place. */
export function compile(name: ValidatorName): ValidateFunction | undefined {
  const schema = SCHEMAS.get(name)
  return schema === undefined ? undefined : newAjv().compile(schema)
}
