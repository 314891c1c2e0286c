import { expect, test } from 'vitest'
import { failures, runBatch } from './batch.ts'

const RUNS = process.env.NIGHTLY === '1' ? 200 : 24

test(`whatever happens during an apply, running it again repairs it: ${RUNS} seeded runs`, async () => {
  const runs = Array.from({ length: RUNS }, (_, run) => run)
  const reports = await runBatch(1, runs, 6, () => undefined)
  // Each failure begins with the command that repeats it.
  expect(failures(reports)).toEqual([])
  // The weather was bad indeed, and runs were really ended in the middle.
  const met = new Set(reports.flatMap(({ facts }) => Object.keys(facts.faults)))
  expect([...met].sort()).toEqual(
    expect.arrayContaining([
      '429',
      '500',
      '503',
      'empty',
      'hang',
      'html',
      'reset-after',
      'reset-before',
      'truncate',
    ]),
  )
  expect(reports.filter(({ facts }) => facts.killed).length).toBeGreaterThan(RUNS / 4)
}, 900_000)
