import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import ts from 'typescript'
import { describe, expect, test } from 'vitest'

interface Row {
  readonly ours: readonly string[]
  readonly packages: readonly string[]
}

// What a room may import of ours, and which packages: the table of ARCHITECTURE.md itself.
const TABLE: Readonly<Record<string, Row>> = Object.fromEntries(
  [...readFileSync('ARCHITECTURE.md', 'utf8').matchAll(/^\| `([\w.-]+)` \|[^|]*\|([^|]*)\|([^|]*)\|$/gm)].map(
    ([, room = '', ours = '', packages = '']) => [room, { ours: words(ours), packages: words(packages) }],
  ),
)

function words(cell: string): readonly string[] {
  const text = cell.trim()
  if (text === '-') return []
  return text === 'everything' || text === 'any' ? ['*'] : text.split(', ')
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
  const name = packageOf(specifier)
  const isOk = allowed.packages.includes('*') || allowed.packages.includes(name)
  return isOk ? undefined : `${file} imports the package ${name}: ${room} must not know it`
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => join('src', path).replaceAll('\\', '/'))

function packageOf(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}

describe('the house', () => {
  test('the table has a row for every room, and none for another', () => {
    expect(Object.keys(TABLE).sort()).toEqual([...new Set(files.map(roomOf))].sort())
  })

  test('a row names no room that is not there, and no package that is not used', () => {
    const imports = files.flatMap((file) => importsOf(file, readFileSync(file, 'utf8')))
    const needless = Object.entries(TABLE).flatMap(([room, { ours, packages }]) => {
      const used = new Set(
        imports.filter((each) => each.room === room).map(({ specifier }) => packageOf(specifier)),
      )
      const gone = ours.filter((other) => other !== '*' && TABLE[other] === undefined)
      return [...gone, ...packages.filter((name) => name !== '*' && !used.has(name))].map(
        (name) => `${room}: ${name}`,
      )
    })
    expect(needless).toEqual([])
  })

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

  // Each of these writes a document by the escapes of its own format, or a file of the user's as it is.
  test('only writers of documents pass text to a stream that was not escaped on the way', () => {
    const writers = files.filter((file) => /\bescapedDocument\(/.test(withoutComments(file)))
    expect(writers.sort()).toEqual([
      'src/cli/commands/completion/command.ts',
      'src/cli/commands/export/run.ts',
      'src/cli/commands/fmt/run.ts',
      'src/cli/commands/graph/run.ts',
      'src/cli/commands/import-terraform/run.ts',
      'src/cli/commands/init/run.ts',
      'src/cli/commands/peer-config/run.ts',
      'src/cli/commands/peer/run.ts',
      'src/cli/failure.ts',
      'src/cli/output/live-block.ts',
      'src/cli/program.ts',
      'src/model/safe-text.ts',
      'src/report/formats.ts',
    ])
  })

  test('no folder has more than 26 files', () => {
    const counts = new Map<string, number>()
    for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1)
    expect([...counts].filter(([, count]) => count > 26)).toEqual([])
  })

  test('no import leads back to its own file, type-only imports included', () => {
    expect(circlesIn(new Map(files.map((file) => [file, targetsOf(file)])))).toEqual([])
  })

  test('a circle would be seen', () => {
    const imports = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['a']],
      ['d', ['a']],
    ])
    expect(circlesIn(imports)).toEqual(['a -> b -> c -> a'])
  })

  test('no file is longer than 400 lines', () => {
    const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 400)
    expect(long.filter((file) => !file.includes('generated'))).toEqual([])
  })
})

function targetsOf(file: string): readonly string[] {
  return importsOf(file, readFileSync(file, 'utf8'))
    .filter(({ specifier }) => specifier.startsWith('.'))
    .map(({ specifier }) => posix.normalize(posix.join(dirname(file), specifier)))
}

/** Each circle once, as the path from its first file back to it. */
function circlesIn(imports: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const circles: string[] = []
  const done = new Set<string>()
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file)
    if (start >= 0) circles.push([...path.slice(start), file].join(' -> '))
    if (start >= 0 || done.has(file)) return
    for (const target of imports.get(file) ?? []) visit(target, [...path, file])
    done.add(file)
  }
  for (const file of imports.keys()) visit(file, [])
  return circles
}

function withoutComments(file: string): string {
  return readFileSync(file, 'utf8').replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '')
}
