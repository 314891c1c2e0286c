import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasErrors } from '../../src/model/diagnostic.ts'
import { loadText } from '../setup/load-text.ts'

const TEXTS = ['quickstart', 'road-warriors', 'site-to-site', 'hub-and-spoke'].map((name) =>
  readFileSync(`examples/${name}.yaml`, 'utf8'),
)
const PIECES = [
  '', ' ', '  ', '\n', '\t', '\r\n', ':', ': ', '- ', '#', '"', "'", '{', '}', '[', ']', ',', '&a ', '*a', '<<: *a',
  '---\n', '!', '|', '>', '%', '@', '\u0000', '\ufeff', '\ud800', 'ü', '🔑', '~', 'null', 'true', '0', '-1', '1e99',
  '.nan', '0.0.0.0/0', '::/0', '__proto__', 'constructor', '${' + 'var.x}', '$${', 'name', 'ensure: absent', '10.0.0.1/99',
] as const

interface Edit {
  readonly at: number
  readonly remove: number
  readonly insert: string
}

const edits = fc.array(
  fc.record<Edit>({
    at: fc.nat(10_000),
    remove: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.nat(40)),
    insert: fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', maxLength: 6 })),
  }),
  { minLength: 1, maxLength: 6 },
)

function mutate(text: string, changes: readonly Edit[]): string {
  return changes.reduce((current, { at, remove, insert }) => {
    const start = at % (current.length + 1)
    return current.slice(0, start) + insert + current.slice(start + remove)
  }, text)
}

describe('a valid file that was damaged', () => {
  it('gives a state or diagnostics in order by place, and never a crash', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...TEXTS), edits, async (text, changes) => {
        const { desired, diagnostics, sources } = await loadText(mutate(text, changes))
        expect(desired === null).toBe(hasErrors(diagnostics))
        const length = sources.get('<stdin>')?.length ?? 0
        let last = 0
        for (const { message, hint, at } of diagnostics) {
          expect(`${message} ${hint ?? ''}`).not.toMatch(/undefined|\[object|TypeError|\bat [\w.<]+ \(/)
          if (at === undefined) continue
          expect(at.start.offset).toBeGreaterThanOrEqual(last)
          expect(at.end.offset).toBeGreaterThanOrEqual(at.start.offset)
          expect(at.end.offset).toBeLessThanOrEqual(Math.max(length, at.start.offset + 1))
          expect(Math.min(at.start.line, at.start.column)).toBeGreaterThanOrEqual(1)
          last = at.start.offset
        }
      }),
      { numRuns: 400 },
    )
  })

  it('gives diagnostics for any bytes', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        const { desired, diagnostics } = await loadText('', { readStdin: async () => bytes })
        expect(desired).toBeNull()
        expect(hasErrors(diagnostics)).toBe(true)
      }),
      { numRuns: 400 },
    )
  })
})
