import { readFileSync } from 'node:fs'
import { Ajv2020 } from 'ajv/dist/2020.js'

const NAMES = [
  'plan',
  'diagnostics',
  'apply',
  'error',
  'saved-plan',
  'explanation',
  'drift',
  'status',
  'doctor',
  'probe',
  'access',
] as const

const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true })
const ids = new Map<string, string>()
for (const name of NAMES) {
  const schema = JSON.parse(
    readFileSync(new URL(`../../schemas/${name}.schema.json`, import.meta.url), 'utf8'),
  )
  ids.set(name, schema.$id)
  ajv.addSchema(schema)
}

/** What a published schema finds wrong with a value; empty when nothing. */
export function faultsOf(name: (typeof NAMES)[number], value: unknown): readonly string[] {
  const id = ids.get(name) ?? name
  return ajv.validate(id, value) ? [] : [ajv.errorsText()]
}
