import { expect, test, vi } from 'vitest'
import { RANDOM_TIMEOUT_MS, runs } from '../support/random-runs.ts'
import { failures, runBatch } from './batch.ts'

vi.setConfig({ testTimeout: RANDOM_TIMEOUT_MS })

const RUNS = runs(16, 200)

test(`whatever happens during an apply, running it again repairs it: ${RUNS} seeded runs`, async () => {
  const runs = Array.from({ length: RUNS }, (_, run) => run)
  const reports = await runBatch(1, runs, 6, () => undefined)
  // Each failure begins with the command that repeats it.
  expect(failures(reports)).toEqual([])
  // The network was bad indeed, and runs were really ended in the middle.
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
})
