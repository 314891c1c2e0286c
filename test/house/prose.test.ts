import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'

const SCRIPT = resolve('scripts/check-prose.mjs')
// Split, so that this file passes the check itself.
const WORD = ['me', 'nd'].join('')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-prose-'))
  execFileSync('git', ['init', '-q'], { cwd: folder })
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function check(file: string, text: string): { readonly code: number | null; readonly found: string } {
  mkdirSync(dirname(join(folder, file)), { recursive: true })
  writeFileSync(join(folder, file), text)
  const { status, stdout } = spawnSync(process.execPath, [SCRIPT], { cwd: folder, encoding: 'utf8' })
  return { code: status, found: stdout }
}

test.each([
  ['README.md', `How to ${WORD} it.`],
  ['docs/page.md', `How to ${WORD} it.`],
  ['CHANGELOG.md', `- ${WORD}s a thing.`],
  ['src/a.ts', `const text = 'how to ${WORD} it'`],
  ['src/a.ts', `// How to ${WORD} it.`],
  ['src/a.ts', `const ${WORD}File = 1`],
  ['src/a.ts', `const ${WORD.toUpperCase()}_FILE = 1`],
  ['src/model/codes/a.json', `{ "hint": "${WORD} it" }`],
  ['schemas/a.schema.json', `{ "description": "${WORD} it" }`],
  ['action.yml', `description: ${WORD}s it`],
  ['action/run.sh', `echo '${WORD} it'`],
  ['examples/ci/a.yml', `# ${WORD} it`],
  ['examples/ci/policy/a.rego', `# ${WORD} it`],
  ['Dockerfile', `# ${WORD} it`],
  ['.githooks/pre-commit', `# ${WORD} it`],
  ['build/a.d.mts', `/** ${WORD} it */`],
  ['src/a.ts', `const hostFau${''}lt = 1`],
  ['docs/page.md', `the fau${''}lts of a file`],
  ['test/a.test.ts', `test('${WORD}s it', () => {})`],
  ['test/a.test.ts', `// ${WORD}s it`],
  ['test/a.test.ts', `const ${WORD}s = 1`],
])('the prose check reads %s: %s', (file, text) => {
  const { code, found } = check(file, `first line\n${text}\n`)
  expect(code).toBe(1)
  expect(found).toContain(`${file}:2: "`)
})

test.each([
  'it te' + 'lls you',
  'a stran' + 'ger',
  'a second lo' + 'ok',
  'one request a min' + 'ute',
  'at the mo' + 'st three',
  'another spel' + 'ling',
  'good wea' + 'ther',
  'at re' + 'st',
  'the file is no jo' + 'b',
  'these are no fi' + 'les',
  'it is already th' + 'ere',
  'To go o' + 'n: vpnctl',
  'a name' + 'sake',
  'an ala' + 'rm',
])('the prose check refuses "%s"', (text) => {
  expect(check('docs/page.md', `${text}\n`).code).toBe(1)
})

test('the prose check finds a phrase that goes on in the next line, and allows what a line allows', () => {
  const [one, two] = ['the second', 'lo' + 'ok at it']
  expect(check('docs/page.md', `${one}\n${two}\n`).found).toContain('docs/page.md:1: "')
  expect(check('docs/page.md', `${WORD} it <!-- prose: ${WORD} -->\n`)).toEqual({ code: 0, found: '' })
})
