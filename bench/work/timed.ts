/** What a piece of work cost. */
export interface Cost {
  /** The wall or the processor time, whichever is less: other programs on the machine add to the wall only. */
  readonly elapsedMs: number
  readonly wallMs: number
  readonly cpuMs: number
}

/** Does `work` and reports what it cost. */
export async function timed<T>(work: () => T | Promise<T>): Promise<{ readonly result: T } & Cost> {
  const cpu = process.cpuUsage()
  const started = performance.now()
  const result = await work()
  const wallMs = performance.now() - started
  const { user, system } = process.cpuUsage(cpu)
  const cpuMs = (user + system) / 1000
  return { result, elapsedMs: Math.min(wallMs, cpuMs), wallMs, cpuMs }
}
