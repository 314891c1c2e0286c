import { expect, test } from 'vitest'
import { clockText, durationText } from '../../src/report/writing/duration.ts'

test('durations read as people say them', () => {
  const cases: readonly (readonly [number, string])[] = [
    [0, '0.0s'],
    [420, '0.4s'],
    [9_949, '9.9s'],
    [9_950, '10s'],
    [59_499, '59s'],
    [59_500, '1m 00s'],
    [185_000, '3m 05s'],
    [3_720_000, '1h 02m'],
    [-5, '0.0s'],
    [Number.NaN, '0.0s'],
  ]
  for (const [ms, text] of cases) expect(durationText(ms)).toBe(text)
})

test('a clock shows hours once there are any', () => {
  expect(clockText(41_900)).toBe('00:41')
  expect(clockText(3_727_000)).toBe('1:02:07')
})
