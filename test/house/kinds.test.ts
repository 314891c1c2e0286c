import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { KINDS } from '../../src/kinds/index.ts'
import { isPlainObject } from '../../src/model/json.ts'

// Names of kinds, their collections, their members in the file, and fields whose names are nobody else's words.
const NAMES = new Set(
  KINDS.flatMap(({ name, collection, yamlKey, schema }) => [
    name,
    collection,
    yamlKey,
    ...fieldNames(schema).filter((field) => /[a-z][A-Z]/.test(field)),
  ]),
)

// Where such a name may appear as an example, in addition to the help of each command.
const EXAMPLES = [
  'src/model/codes/',
  'src/cli/commands/export/run.ts',
  'src/cli/help/topics.ts',
  'src/rewrite/templates.ts',
  'src/schema/file-schema.ts',
]

// What knows more than it should, and why. ARCHITECTURE.md shows the same under "Known violations".
const KNOWN: Readonly<Record<string, string>> = {
  'src/probe/noise.ts': 'options of node:crypto',
  'src/cli/commands/init/questions.ts':
    'the questions belong to the templates that are filled with the answers',
  'src/cli/commands/keygen/run.ts': 'makes a pair of keys',
  'src/cli/commands/peer/run.ts': 'takes or makes a pair of keys',
  'src/cli/commands/rotate/run.ts': 'takes the public key of a device',
  'src/cli/commands/peer-config/inputs.ts': 'finds the public key of a gateway',
  'src/cli/commands/peer-config/choice.ts': 'options of the other end that are named after fields',
  'src/cli/commands/peer-config/options.ts': 'options of the other end that are named after fields',
}

function fieldNames(schema: unknown): readonly string[] {
  if (!isPlainObject(schema)) return []
  const own = isPlainObject(schema.properties) ? Object.entries(schema.properties) : []
  return [...own.flatMap(([name, inner]) => [name, ...fieldNames(inner)]), ...fieldNames(schema.items)]
}

/** `name at line` for every name of a kind in the code of a text; comments may hold them. */
function namesIn(text: string): readonly string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/.*$/gm, (comment) =>
    comment.replace(/[^\n]/g, ' '),
  )
  return code
    .split('\n')
    .flatMap((line, index) =>
      (line.match(/[\w-]+/g) ?? [])
        .filter((word) => NAMES.has(word))
        .map((word) => `${word} at ${index + 1}`),
    )
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => join('src', path).replaceAll('\\', '/'))

// `peer-config` writes the files of other programs, one format per kind that has another end.
const ROOMS = ['src/kinds/', 'src/peer-config/']

describe('knowledge about a kind', () => {
  const elsewhere = files.filter(
    (file) =>
      !ROOMS.some((room) => file.startsWith(room)) &&
      !/^src\/cli\/commands\/[\w-]+\/command\.ts$/.test(file) &&
      !EXAMPLES.some((place) => file.startsWith(place)),
  )

  test('lives in src/kinds and src/peer-config alone', () => {
    const found = elsewhere
      .filter((file) => KNOWN[file] === undefined)
      .flatMap((file) => namesIn(readFileSync(file, 'utf8')).map((name) => `${file}: ${name}`))
    expect(found).toEqual([])
  })

  test('has no exception that is not needed any more', () => {
    const needless = Object.keys(KNOWN).filter(
      (file) => !files.includes(file) || namesIn(readFileSync(file, 'utf8')).length === 0,
    )
    expect(needless).toEqual([])
  })

  test('would be seen', () => {
    expect(namesIn("const a = kind.name === 'wireguard-peer'\n// ipsec-tunnel\nb.gatewayIP = 1")).toEqual([
      'wireguard-peer at 1',
      'gatewayIP at 3',
    ])
  })
})

test('nothing is put off in a comment', () => {
  const marks = files.filter((file) => /\b(TODO|FIXME|XXX|HACK)\b/.test(readFileSync(file, 'utf8')))
  expect(marks).toEqual([])
})
