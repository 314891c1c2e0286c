import { _ } from 'ajv'
import standaloneModule from 'ajv/dist/standalone/index.js'
import { newAjv, SCHEMAS, withLinearErrors } from '../src/schema/compile.ts'

// A CommonJS package: what its types call the default export is a member of what is imported.
const standalone = standaloneModule as unknown as { readonly default: typeof standaloneModule.default }

/** The text of a module that replaces src/schema/compile.ts: the same validators, compiled. */
export function standaloneModuleText(): string {
  const ajv = newAjv({ code: { source: true, esm: true, formats: _`FORMATS` } })
  const names = [...SCHEMAS.keys()]
  for (const [name, schema] of SCHEMAS) ajv.addSchema(schema, name)
  const code = standalone.default(ajv, Object.fromEntries(names.map((name, index) => [`v${index}`, name])))
  return [
    "import ucs2length from 'ajv/dist/runtime/ucs2length.js'",
    "import { FORMATS } from './formats.ts'",
    withLinearErrors(code).replaceAll('require("ajv/dist/runtime/ucs2length")', 'ucs2length'),
    `const made = {${names.map((name, index) => `${JSON.stringify(name)}: v${index}`).join()}}`,
    'export const compile = (name) => made[name]',
  ].join('\n')
}
