import { describe, expect, it } from 'vitest'
import { loadText } from '../setup/load-text.ts'

const HEAD = 'version: 1\nstack: acme-prod\n'
const reported = async (text: string) =>
  (await loadText(HEAD + text)).diagnostics.map(({ message, at }) => [
    message,
    at?.start.line,
    at?.start.column,
  ])

describe('a slip in YAML is reported once, where it was made', () => {
  it.each([
    ['x-a: [1, 2\nx-b: 3\nx-c: 4\n', 'this [ is not closed: ] is missing', 3, 6],
    ["x-a: { b: 'a } b', c: [1], d: 2\nx-b: 3\n", 'this { is not closed: } is missing', 3, 6],
    [
      'x-t: it’s "so" [see below\nx-a: {\n  b: [1, 2,\n  # ] in a comment\n  c: 3 }\n',
      'this [ is not closed: ] is missing',
      5,
      6,
    ],
    ['x-a: "no end\nx-b: 1\n', 'a quote is not closed: " is missing', 5, 1],
    ['x-a:\n  - b: 1\n   c: 2\n  - d: 3\n', 'the indentation does not fit', 5, 4],
    ['x-a: { b: "1" c: 2 }\n', 'this does not fit inside { } or [ ]', 3, 15],
    ['x-a: @b\n', 'a string cannot start with this character', 3, 6],
    ['<<<<<<< HEAD\nx-a: 1\n=======\nx-a: 2\n>>>>>>> topic\n', 'a marker of a merge conflict', 3, 1],
  ])('%j', async (text, message, line, column) => {
    expect(await reported(text)).toEqual([[message, line, column]])
  })

  it('and two slips far apart are two', async () => {
    expect((await reported('x-a: b: c\nx-d: 1\nx-e: 2\nx-f: @g\n')).map(([, line]) => line)).toEqual([3, 6])
  })
})

describe('a file that is not a string', () => {
  it.each([
    ['UTF-16 with a mark', Buffer.from('\ufeffversion: 1\n', 'utf16le'), 1, 'UTF-16'],
    ['UTF-16 without a mark', Buffer.from('version: 1\n', 'utf16le'), 1, 'UTF-16'],
    ['UTF-16 of the other byte order', Buffer.from('version: 1\n', 'utf16le').swap16(), 1, 'UTF-16'],
    ['Latin-1', Buffer.from('version: 1\nstack: b\u00fcro\n', 'latin1'), 2, 'Latin-1'],
    ['text with NUL in it', Buffer.from('version: 1\nstack: a\u0000b\n'), 2, 'NUL'],
  ])('is reported of: %s', async (_what, bytes, line, hint) => {
    const { diagnostics } = await loadText('', { readStdin: async () => bytes })
    expect(diagnostics).toMatchObject([
      { code: 'VPN104', at: { start: { line } }, hint: expect.stringContaining(hint) },
    ])
  })
})
