import { type Report, runScenario } from './scenario.ts'

/** Runs scenarios, a few at a time; shows each report as it comes. */
export async function runBatch(
  seed: number,
  runs: readonly number[],
  atATime: number,
  onReport: (report: Report) => void,
): Promise<readonly Report[]> {
  const reports: Report[] = []
  const queue = [...runs]
  const worker = async (): Promise<void> => {
    for (let run = queue.shift(); run !== undefined; run = queue.shift()) {
      const report = await runScenario(seed, run)
      reports.push(report)
      onReport(report)
    }
  }
  await Promise.all(Array.from({ length: atATime }, worker))
  return reports.sort((a, b) => a.run - b.run)
}

/** What failed, each with the command that repeats it. */
export function failures(reports: readonly Report[]): readonly string[] {
  return reports
    .filter(({ faults }) => faults.length > 0)
    .map(({ seed, run, faults }) => `${repeatCommand(seed, run)}\n  ${faults.join('\n  ')}`)
}

/** What all runs met together, in one line. */
export function summary(reports: readonly Report[]): string {
  const totals: Record<string, number> = {}
  for (const { facts } of reports) {
    for (const [name, count] of Object.entries(facts.faults)) totals[name] = (totals[name] ?? 0) + count
  }
  const count = (of: (report: Report) => boolean): number => reports.filter(of).length
  const requests = reports.reduce((sum, { facts }) => sum + facts.requests, 0)
  return [
    `${count(({ faults }) => faults.length === 0)} of ${reports.length} runs passed`,
    `${count(({ facts }) => facts.killed)} killed, ${count(({ facts }) => facts.stopped)} stopped by a signal`,
    `${requests} requests, faults: ${Object.entries(totals)
      .map(([name, number]) => `${name} ${number}`)
      .join(', ')}`,
    `${count(({ facts }) => facts.repairs > 1)} took a second repair`,
  ].join('; ')
}

function repeatCommand(seed: number, run: number): string {
  return `npm run test:faults -- --seed ${seed} --run ${run}`
}
