import { parseArgs } from 'node:util'
import { failures, runBatch, summary } from './batch.ts'

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    run: { type: 'string' },
    at: { type: 'string', default: '4' },
  },
})
const runs =
  values.run === undefined
    ? Array.from({ length: Number(values.runs) }, (_, run) => run)
    : [Number(values.run)]
const started = performance.now()
const reports = await runBatch(Number(values.seed), runs, Number(values.at), ({ run, faults, story }) => {
  if (faults.length === 0) return
  process.stdout.write(`run ${run}: ${faults[0]}\n`)
  if (values.run !== undefined) process.stdout.write(`${story}\n`)
})
for (const failure of failures(reports)) process.stdout.write(`\n${failure}\n`)
const seconds = Math.round((performance.now() - started) / 1000)
process.stdout.write(`\nseed ${values.seed}: ${summary(reports)}; ${seconds} s\n`)
process.exitCode = reports.every(({ faults }) => faults.length === 0) ? 0 : 1
