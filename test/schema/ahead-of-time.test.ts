import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { build } from 'esbuild'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { validatorsAheadOfTime } from '../../build/ahead-of-time.mjs'
import { loadConfig } from '../../src/config/load.ts'
import { KINDS } from '../../src/kinds/index.ts'
import { SCHEMAS } from '../../src/schema/compile.ts'
import { FORMATS } from '../../src/schema/formats.ts'
import { type Validate, validatorOf } from '../../src/schema/validators.ts'
import { sample } from '../setup/sample-files.ts'

// The bundle that users get has these validators; all other tests run on those that are compiled when asked for.
let folder: string
let ahead: (name: string) => Validate

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vpnctl-ahead-'))
  const outfile = join(folder, 'validators.mjs')
  await build({
    entryPoints: ['src/schema/validators.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    plugins: [validatorsAheadOfTime()],
    logLevel: 'warning',
  })
  ahead = ((await import(pathToFileURL(outfile).href)) as { validatorOf: typeof ahead }).validatorOf
})

afterAll(() => rm(folder, { recursive: true, force: true }))

async function valuesOf(files: readonly string[]): Promise<readonly unknown[]> {
  const config = await loadConfig({
    files,
    cwd: resolve('.'),
    env: {},
    vars: {},
    varFiles: [],
    readStdin: async () => new Uint8Array(),
  })
  return config.documents.map(({ value }) => value)
}

describe('validators that are compiled ahead of time', () => {
  it('find in every file of the corpus what the others find', async () => {
    const names = await readdir('test/corpus/bad')
    const files = [...names.map((name) => `test/corpus/bad/${name}`), 'examples/quickstart.yaml']
    const values = (await Promise.all(files.map((file) => valuesOf([file])))).flat()
    const found = values.map((value) => validatorOf('file')(value))
    expect(values.map((value) => ahead('file')(value))).toEqual(found)
    expect(found.filter((errors) => errors.length > 0).length).toBeGreaterThan(100)
    expect(found.filter((errors) => errors.length === 0).length).toBeGreaterThan(20)
  })

  it('find in every bent value what the others find', () => {
    const values = bent(sample())
    expect(values.length).toBeGreaterThan(300)
    for (const value of values) expect(ahead('file')(value)).toEqual(validatorOf('file')(value))
  })

  it.each(KINDS.map((kind) => kind.name))('find in requests of the kind %s what the others find', (name) => {
    const { properties } = SCHEMAS.get(name) as {
      properties: Record<string, { examples?: readonly unknown[] }>
    }
    const whole = Object.fromEntries(
      Object.entries(properties).map(([key, inner]) => [key, inner.examples?.[0]]),
    )
    const values = [whole, ...bent(whole)]
    const found = values.map((value) => validatorOf(name)(value))
    expect(values.map((value) => ahead(name)(value))).toEqual(found)
    expect(new Set(found.flat().map(({ keyword }) => keyword)).size).toBeGreaterThan(3)
  })
})

it('every schema is one by the meta-schema, which is not checked again at run time', () => {
  for (const schema of SCHEMAS.values()) {
    const ajv = new Ajv2020({ strict: false, formats: FORMATS })
    expect(ajv.validateSchema(schema), ajv.errorsText()).toBe(true)
  }
})

// Copies of `value`, in each of which one member or item is gone, or is something else.
function bent(value: unknown): readonly unknown[] {
  const others = [null, true, 0, -1.5, '', 'x', 'x'.repeat(2000), [], {}, [{}], { x: 1 }]
  if (typeof value !== 'object' || value === null) return others
  const copy = (): unknown[] | Record<string, unknown> => (Array.isArray(value) ? [...value] : { ...value })
  const inner = Object.entries(value).flatMap(([key, member]) => {
    const without = copy()
    if (Array.isArray(without)) without.splice(Number(key), 1)
    else delete without[key]
    return [without, ...bent(member).map((replaced) => Object.assign(copy(), { [key]: replaced }))]
  })
  return [...others, ...inner]
}
