import { Session } from 'node:inspector/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadFiles } from '../../src/engine/load-files.ts'
import { renderDiagnostics } from '../../src/report/diagnostics/text.ts'

// Work is counted, not timed: how often each block of code ran, and the steps of the built-in searches and copies.
const session = new Session()
let steps = 0
const { indexOf } = String.prototype
const { concat } = Array.prototype

beforeAll(async () => {
  session.connect()
  await session.post('Profiler.enable')
  // From the start, since what was optimised before is not counted in full.
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true })
  String.prototype.indexOf = function (wanted: string, from = 0): number {
    const at = indexOf.call(this, wanted, from)
    steps += Math.max(0, (at < 0 ? this.length : at) - from)
    return at
  }
  Array.prototype.concat = function (this: unknown[], ...lists: unknown[]): unknown[] {
    steps += this.length
    return concat.apply(this, lists as never[])
  }
})

afterAll(async () => {
  String.prototype.indexOf = indexOf
  Array.prototype.concat = concat
  session.disconnect()
})

async function work(text: string): Promise<number> {
  await session.post('Profiler.takePreciseCoverage')
  const before = steps
  const { diagnostics, sources } = await loadFiles({
    files: ['-'],
    cwd: '/',
    env: {},
    readStdin: async () => Buffer.from(text),
    secrets: 'ignore',
  })
  renderDiagnostics(diagnostics, sources, { color: false })
  const { result } = await session.post('Profiler.takePreciseCoverage')
  // The test runner works in this process too, the more the slower the machine is.
  const ours = result.filter(({ url }) => !/node_modules\/\.?@?vite/.test(url) && !url.startsWith('node:'))
  const blocks = ours.flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges))
  return blocks.reduce((sum, { count }) => sum + count, 0) + steps - before
}

const HEAD = 'version: 1\nstack: acme\n'
const described = (text: string): string =>
  `${HEAD}wireguardGateways:\n  - name: hq\n    description: ${text}\n`
const listed = (entry: (index: number) => string, count: number): string =>
  `${HEAD}wireguardGateways:\n${Array.from({ length: count }, (_, index) => `  - ${entry(index)}\n`).join('')}`

const TOKENS: readonly (readonly [what: string, text: (count: number) => string])[] = [
  ['references that are not closed', (n) => described('${'.repeat(4 * n))],
  ['references that are closed, escaped or neither', (n) => described('${ $${ '.repeat(2 * n))],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a reference of the file
  ['references', (n) => described('${x}'.repeat(4 * n))],
  ['escaped references', (n) => described('$${'.repeat(4 * n))],
  ['tags', (n) => described('!a '.repeat(n))],
  ['anchors', (n) => described('&a '.repeat(n))],
  ['aliases', (n) => `${HEAD}x: [${'*a,'.repeat(n)}]\n`],
  ['escapes', (n) => described(`"${'\\q'.repeat(n)}"`)],
  ['quotes', (n) => described("''".repeat(n))],
  ['opening brackets', (n) => `${HEAD}x: ${'['.repeat(n)}\n`],
  ['closing brackets', (n) => `${HEAD}x: ${']'.repeat(n)}\n`],
  ['opening braces', (n) => `${HEAD}x: ${'{a: '.repeat(n)}\n`],
  ['commas', (n) => `${HEAD}x: [${','.repeat(n)}]\n`],
  ['colons', (n) => `${HEAD}x: ${'a: '.repeat(n)}\n`],
  ['dashes', (n) => `${HEAD}x:\n  ${'- '.repeat(n)}\n`],
  ['directives', (n) => `${'%a\n'.repeat(n)}---\n${HEAD}`],
  ['comments', (n) => `${HEAD}${'#a\n'.repeat(n)}`],
  ['documents', (n) => `${HEAD}---\n`.repeat(n)],
  ['keys', (n) => `${HEAD}${Array.from({ length: n }, (_, at) => `k${at}: 1\n`).join('')}`],
  ['keys that are given twice', (n) => `${HEAD}${'k: 1\n'.repeat(n)}`],
  ['empty lines', (n) => `${HEAD}${'\n'.repeat(n)}`],
  ['entries without fields', (n) => listed(() => '{}', n)],
  ['entries with unknown fields', (n) => listed((at) => `{ name: g${at}, foo${at}: 1 }`, n)],
  ['entries with one name', (n) => listed(() => '{ name: g }', n)],
  [
    'entries on one line',
    (n) => JSON.stringify({ version: 1, wireguardGateways: Array.from({ length: n }, () => ({ x: 1 })) }),
  ],
  [
    'comments that silence',
    (n) => `${HEAD}${Array.from({ length: n }, (_, at) => `k${at}: 1 # vpnctl-ignore VPN201\n`).join('')}`,
  ],
  ['keys of secrets on one line', (n) => `${HEAD}x: "${'key: { env: '.repeat(n)}"\ny: 1\n`],
  ['tags behind the key of a secret', (n) => `${HEAD}key: ${'!a'.repeat(n)} x:\n  y: 1\n`],
]

test.each(TOKENS)('twice as many %s are twice the work', async (_, text) => {
  const size = 400
  await work(text(size))
  const once = await work(text(size))
  const twice = await work(text(2 * size))
  expect(once).toBeGreaterThan(size / 10)
  expect(twice / once).toBeLessThan(2.6)
})
