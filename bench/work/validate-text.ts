import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type * as Loading from '../../src/config/load.ts'
import type * as Validating from '../../src/schema/validate.ts'
import { library } from './library.ts'
import { timed } from './timed.ts'

/** Parses all files of a folder with the `yaml` package alone, or parses and validates them. */
export async function validateText(folder: string, [how, from = '']: readonly string[]): Promise<object> {
  const { loadConfig } = await library<typeof Loading>(folder, 'config/load')
  const { validate } = await library<typeof Validating>(folder, 'schema/validate')
  const { result: _, ...cost } = await timed(() =>
    how === 'yaml' ? parseAll(from) : check(from, loadConfig, validate),
  )
  return cost
}

function parseAll(folder: string): void {
  for (const name of readdirSync(folder))
    parse(readFileSync(join(folder, name), 'utf8'), { maxAliasCount: 0 })
}

async function check(
  folder: string,
  loadConfig: typeof Loading.loadConfig,
  validate: typeof Validating.validate,
): Promise<void> {
  const config = await loadConfig({
    files: [folder],
    varFiles: [],
    vars: {},
    cwd: folder,
    env: {},
    readStdin: async () => new Uint8Array(),
  })
  const { diagnostics } = validate(config.documents, { isPartial: false, allowPlaintextSecrets: false })
  const [first] = [...config.diagnostics, ...diagnostics]
  if (first !== undefined) throw new Error(`the file is not valid: ${first.message}`)
}
