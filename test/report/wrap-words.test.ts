import fc from 'fast-check'
import { expect, test } from 'vitest'
import { displayWidth } from '../../src/report/writing/display-width.ts'
import { wrapWords } from '../../src/report/writing/wrap.ts'
import { Reached, runs } from '../support/random-runs.ts'

const WORDS = fc.array(fc.stringMatching(/^[a-z世]{1,12}$/), { minLength: 1, maxLength: 20 })

test('text is broken at spaces, and what follows is indented', () => {
  expect(wrapWords('  = hint: check the name, or name the file', 24, '    ')).toEqual([
    '  = hint: check the',
    '    name, or name the',
    '    file',
  ])
})

test('a word that is wider than the terminal stays whole', () => {
  const command = 'vpnctl/apply/--endpoint/http://127.0.0.1:8080'
  expect(wrapWords(`run ${command} now`, 20)).toEqual(['run', command, 'now'])
})

test('without a width nothing is folded', () => {
  const text = 'word '.repeat(200).trim()
  expect(wrapWords(text, Number.POSITIVE_INFINITY)).toEqual([text])
})

test('no word is lost or changed, and no line is wider than it has to be', () => {
  const broken = new Reached()
  fc.assert(
    fc.property(WORDS, fc.integer({ min: 1, max: 40 }), (words, width) => {
      const lines = wrapWords(words.join(' '), width)
      broken.count(lines.length > 1)
      expect(lines.join(' ')).toBe(words.join(' '))
      for (const line of lines) expect(displayWidth(line) <= width || !line.includes(' ')).toBe(true)
    }),
    { numRuns: runs(100) },
  )
  broken.expectShare(0.5)
})
