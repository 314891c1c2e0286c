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
] as const

const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allErrors: true })
for (const name of NAMES) {
  ajv.addSchema(
    JSON.parse(readFileSync(new URL(`../../schemas/${name}.schema.json`, import.meta.url), 'utf8')),
  )
}

/** What a published schema finds wrong with a value; empty when nothing. */
export function faultsOf(name: (typeof NAMES)[number], value: unknown): readonly string[] {
  const id = `urn:vpnctl:${name}:1`
  return ajv.validate(id, value) ? [] : [ajv.errorsText()]
}
