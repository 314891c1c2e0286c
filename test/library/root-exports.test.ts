import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'

/** The names that a file exports, those of `export * from` included. */
function exportsOf(file: string): ReadonlySet<string> {
  const text = readFileSync(file, 'utf8')
  const lists = [...text.matchAll(/export (?:type )?\{([^}]*)\}/g)].flatMap(([, list = '']) =>
    list.split(','),
  )
  const own = [...text.matchAll(/^export (?:async )?(?:const|function|type|interface|class) (\w+)/gm)]
  const all = [...text.matchAll(/^export \* from '(.*)'/gm)]
  return new Set([
    ...lists.map(
      (part) =>
        part
          .trim()
          .split(' as ')
          .at(-1)
          ?.replace(/^type /, '') ?? '',
    ),
    ...own.map(([, name = '']) => name),
    ...all.flatMap(([, from = '']) => [...exportsOf(join(dirname(file), from))]),
  ])
}

test('the root exports every name that it ever did', () => {
  const known = JSON.parse(readFileSync('test/golden/root-exports.json', 'utf8')) as readonly string[]
  const now = exportsOf('src/index.ts')
  expect(known.length).toBeGreaterThan(140)
  expect(known.filter((name) => !now.has(name))).toEqual([])
})
