import { limitTime, type ProbeSurroundings } from './ask.ts'
import { probeIke } from './ike.ts'
import type { ProbeTask } from './tasks.ts'
import type { ProbeResult, Verdict } from './verdict.ts'
import { probeWireguard } from './wireguard.ts'

/** Probes at the same time: each is a socket and a timer. */
const AT_ONCE = 32

/** Carries out all checks; the results are in the order of the tasks. */
export async function runProbes(
  tasks: readonly ProbeTask[],
  around: ProbeSurroundings,
): Promise<readonly ProbeResult[]> {
  const results: ProbeResult[] = []
  for (let start = 0; start < tasks.length; start += AT_ONCE) {
    const batch = tasks.slice(start, start + AT_ONCE)
    const verdicts = await Promise.all(batch.map((task) => verdictOf(task, around)))
    for (const [index, { address, location, check, at }] of batch.entries()) {
      const verdict = verdicts[index]
      if (verdict !== undefined) results.push({ address, location, check, at, verdict })
    }
  }
  return results
}

async function verdictOf(task: ProbeTask, around: ProbeSurroundings): Promise<Verdict> {
  switch (task.type) {
    case 'known':
      return task.verdict
    case 'name':
      return resolve(task.host, around)
    case 'ike':
      return probeIke(around, task.target)
    case 'wireguard':
      return probeWireguard(around, task.probe)
    default:
      return task satisfies never
  }
}

async function resolve(
  host: string,
  { network, clock, signal, timeoutMs }: ProbeSurroundings,
): Promise<Verdict> {
  const budget = limitTime(clock, timeoutMs, signal)
  const found = await network.resolve(host, budget.signal)
  budget.end()
  switch (found.type) {
    case 'addresses':
      return { type: 'resolves', addresses: found.addresses }
    case 'none':
      return { type: 'no-address' }
    case 'failed':
      return { type: 'unresolved' }
    default:
      return found satisfies never
  }
}
