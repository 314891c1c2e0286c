import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { hasErrors } from '../../src/model/diagnostic.ts'
import { loadText } from '../setup/load-text.ts'
import { RANDOM_TIMEOUT_MS, Reached, runs } from '../support/random-runs.ts'
import { runCli } from '../support/run-cli.ts'

vi.setConfig({ testTimeout: RANDOM_TIMEOUT_MS })

const TEXTS = ['quickstart', 'road-warriors', 'site-to-site', 'hub-and-spoke'].map((name) =>
  readFileSync(`examples/${name}.yaml`, 'utf8'),
)
const PIECES = [
  '', ' ', '  ', '\n', '\t', '\r\n', ':', ': ', '- ', '#', '"', "'", '{', '}', '[', ']', ',', '&a ', '*a', '<<: *a',
  '---\n', '!', '|', '>', '%', '@', '\u0000', '\ufeff', '\ud800', 'ü', '🔑', '~', 'null', 'true', '0', '-1', '1e99',
  '.nan', '0.0.0.0/0', '::/0', '__proto__', 'constructor', '${' + 'var.x}', '$${', 'name', 'ensure: absent', '10.0.0.1/99',
  '# vpnctl-ignore VPN345', '[[[[[[', 'https://', '\u001b[31m', '::error::', '?', '? ', '&a [*a]',
] as const

interface Edit {
  readonly at: number
  readonly remove: number
  readonly insert: string
  /** How often `insert` appears. */
  readonly times: number
}

const edits = fc.array(
  fc.record<Edit>({
    at: fc.nat(10_000),
    remove: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(40)),
    insert: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 6 })),
    times: fc.oneof({ weight: 5, arbitrary: fc.constant(1) }, fc.integer({ min: 2, max: 300 })),
  }),
  { minLength: 1, maxLength: 6 },
)

function mutate(text: string, changes: readonly Edit[]): string {
  return changes.reduce((current, { at, remove, insert, times }) => {
    const start = at % (current.length + 1)
    return current.slice(0, start) + insert.repeat(times) + current.slice(start + remove)
  }, text)
}

const damaged = fc.tuple(fc.constantFrom(...TEXTS), edits).map(([text, changes]) => mutate(text, changes))

// 50 diagnostics with frames of lines that are cut, and the rest as a number.
const MOST_OUTPUT = 50 * 2_000

async function validateThroughMain(stdin: string | Uint8Array, ...flags: readonly string[]) {
  const result = await runCli(['validate', '-f', '-', ...flags], { stdin })
  expect([0, 3]).toContain(result.code)
  const output = result.stdout + result.stderr
  expect(output).not.toMatch(/\n\s+at [\w.<]+ \(|undefined|\[object |TypeError|fault of vpnctl/)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what a file holds must not reach a terminal as it is
  expect(output).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
  return result
}

describe('a valid file that was damaged', () => {
  it('ends validate with 0 or 3, a bounded output and no stack trace', async () => {
    const valid = new Reached()
    await fc.assert(
      fc.asyncProperty(damaged, fc.boolean(), async (text, strict) => {
        const { code, stdout, stderr } = await validateThroughMain(text, ...(strict ? ['--strict'] : []))
        valid.count(code === 0)
        expect(code === 0).toBe(stdout.includes(': valid, '))
        expect(code === 3).toBe(stderr.includes('error['))
        expect(stderr.length).toBeLessThan(MOST_OUTPUT)
        expect(stderr.split('\nerror[').length + stderr.split('\nwarning[').length).toBeLessThanOrEqual(52)
      }),
      { numRuns: runs(100, 4000) },
    )
    valid.expectShare(0.02)
  })

  it('gives JSON with the same verdict', async () => {
    await fc.assert(
      fc.asyncProperty(damaged, async (text) => {
        const { code, stdout, stderr } = await validateThroughMain(text, '--format', 'json')
        const { summary } = JSON.parse(stdout) as { summary: { errors: number } }
        expect(code).toBe(summary.errors > 0 ? 3 : 0)
        expect(stderr).toBe('')
      }),
      { numRuns: runs(50, 1000) },
    )
  })

  it('gives a state or diagnostics in order by place', async () => {
    const several = new Reached()
    await fc.assert(
      fc.asyncProperty(damaged, async (text) => {
        const { desired, diagnostics, sources } = await loadText(text)
        expect(desired === null).toBe(hasErrors(diagnostics))
        several.count(diagnostics.length > 1)
        const length = sources.get('<stdin>')?.length ?? 0
        let last = 0
        for (const { at } of diagnostics) {
          if (at === undefined) continue
          expect(at.start.offset).toBeGreaterThanOrEqual(last)
          expect(at.end.offset).toBeGreaterThanOrEqual(at.start.offset)
          expect(at.end.offset).toBeLessThanOrEqual(Math.max(length, at.start.offset + 1))
          expect(Math.min(at.start.line, at.start.column)).toBeGreaterThanOrEqual(1)
          last = at.start.offset
        }
      }),
      { numRuns: runs(200, 4000) },
    )
    several.expectShare(0.2)
  })
})

describe('any bytes', () => {
  it('end validate with 3', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect((await validateThroughMain(bytes)).code).toBe(3)
      }),
      { numRuns: runs(100, 4000) },
    )
  })
})
