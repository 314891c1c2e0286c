import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

// The import table of ARCHITECTURE.md. What a room may import of ours, and which packages.
const TABLE: Readonly<Record<string, { ours: readonly string[]; packages: readonly string[] }>> = {
  model: { ours: [], packages: [] },
  kinds: { ours: ['model'], packages: ['ipaddr.js'] },
  config: { ours: ['model'], packages: ['yaml', 'tinyglobby'] },
  schema: { ours: ['model', 'kinds', 'config'], packages: ['ajv', 'ajv-formats'] },
  desired: { ours: ['model', 'kinds', 'config'], packages: [] },
  api: { ours: ['model', 'kinds'], packages: ['got', 'https-proxy-agent'] },
  sandbox: { ours: ['model', 'kinds', 'schema'], packages: ['hono', '@hono/node-server'] },
  live: { ours: ['model', 'kinds'], packages: ['p-limit'] },
  plan: { ours: ['model', 'kinds'], packages: ['deep-diff'] },
  apply: { ours: ['model', 'plan'], packages: ['p-limit'] },
  report: { ours: ['model', 'plan', 'apply'], packages: ['picocolors'] },
  notify: { ours: ['model'], packages: ['got'] },
  rewrite: { ours: ['model', 'kinds', 'config', 'schema'], packages: ['yaml'] },
  engine: {
    ours: ['model', 'kinds', 'config', 'schema', 'desired', 'api', 'live', 'plan', 'apply'],
    packages: [],
  },
  cli: { ours: ['*'], packages: ['*'] },
  'index.ts': { ours: ['*'], packages: [] },
}

interface Import {
  readonly file: string
  readonly room: string
  readonly specifier: string
}

function roomOf(path: string): string {
  return path.split('/')[1] ?? ''
}

function importsOf(file: string, text: string): Import[] {
  // Sees static imports, bare ones, import(...), and export ... from.
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => ({
    file,
    room: roomOf(file),
    specifier: fileName,
  }))
}

function violation({ file, room, specifier }: Import): string | undefined {
  const allowed = TABLE[room]
  if (allowed === undefined) return `${file}: the room ${room} is not in the table`
  if (specifier.startsWith('node:')) return undefined
  if (specifier.startsWith('.')) {
    const target = roomOf(posix.normalize(posix.join(dirname(file), specifier)))
    const isOk = target === room || allowed.ours.includes('*') || allowed.ours.includes(target)
    return isOk ? undefined : `${file} imports ${specifier}: ${room} must not know ${target}`
  }
  const name = specifier.startsWith('@') ? specifier.split('/', 2).join('/') : (specifier.split('/')[0] ?? '')
  const isOk = allowed.packages.includes('*') || allowed.packages.includes(name)
  return isOk ? undefined : `${file} imports the package ${name}: ${room} must not know it`
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => join('src', path).replaceAll('\\', '/'))

describe('the house', () => {
  test('arrows only go down, as the import table says', () => {
    const imports = files.flatMap((file) => importsOf(file, readFileSync(file, 'utf8')))
    expect(imports.length).toBeGreaterThan(100)
    expect(imports.map(violation).filter((fault) => fault !== undefined)).toEqual([])
  })

  test.each([
    ["import '../api/remote.ts'", 'plan must not know api'],
    ["const x = await import('../api/remote.ts')", 'plan must not know api'],
    ["export { y } from '../api/remote.ts'", 'plan must not know api'],
    ["import got from 'got'", 'the package got'],
    ["import { x } from '@hono/node-server/y'", 'the package @hono/node-server'],
  ])('the check sees %s', (text, fault) => {
    expect(importsOf('src/plan/x.ts', text).map(violation).join()).toContain(fault)
  })

  test('only bin.ts touches the process', () => {
    const touching = files.filter(
      (file) => file !== 'src/cli/bin.ts' && /(?<![\w.'"/-])process\.(?!\w*['"])/.test(withoutComments(file)),
    )
    expect(touching).toEqual([])
  })

  test('no file is longer than 400 lines', () => {
    const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 400)
    expect(long.filter((file) => !file.includes('generated'))).toEqual([])
  })
})

function withoutComments(file: string): string {
  return readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
}
