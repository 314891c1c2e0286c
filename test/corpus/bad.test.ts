import { readdirSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadFiles } from '../../src/engine/load-files.ts'

interface Expected {
  readonly code: string
  readonly line: number
  readonly column: number
}

const FOLDER = resolve('test/corpus/bad')
const expected: Readonly<Record<string, Expected>> = JSON.parse(
  readFileSync(resolve('test/corpus/expected.json'), 'utf8'),
)

async function firstDiagnostic(file: string) {
  const { diagnostics, desired } = await loadFiles({
    files: [file],
    cwd: FOLDER,
    env: {},
    readStdin: async () => new Uint8Array(),
    secrets: 'ignore',
    strict: true,
  })
  expect(desired).toBeNull()
  const [first] = diagnostics
  return { code: first?.code, line: first?.at?.start.line, column: first?.at?.start.column }
}

describe('a bad file gets the right diagnostic first, at the right place', () => {
  it('for at least 120 files, each with what is expected of it', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(expected).sort())
    expect(Object.keys(expected).length).toBeGreaterThanOrEqual(120)
  })

  it.each(Object.entries(expected))('%s', async (file, wanted) => {
    expect(await firstDiagnostic(file)).toEqual(wanted)
  })
})
