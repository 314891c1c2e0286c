import { resolve } from 'node:path'
import { optional } from '../../../model/optional.ts'
import { startSandbox } from '../../../sandbox/server.ts'
import type { Context } from '../../context.ts'

/** Flags of `sandbox`. */
export interface SandboxFlags {
  readonly port: number
  readonly data: string
  readonly memory?: boolean
  readonly latency: number
  readonly provision: number
  readonly destroyTime: number
  readonly fault?: string
  readonly seed: number
  readonly rate?: string
  readonly fail?: readonly string[]
  readonly failFirstGetAfterDelete?: boolean
  readonly strictParent?: boolean
  readonly hideDestroying?: boolean
  readonly readLag: number
}

/** `vpnctl sandbox`: serves until a signal ends it. */
export async function run(context: Context, flags: SandboxFlags): Promise<number> {
  const sandbox = await startSandbox({
    port: flags.port,
    ...(flags.memory === true ? {} : { data: resolve(context.io.cwd, flags.data) }),
    latencyMs: flags.latency,
    provisionMs: flags.provision,
    destroyMs: flags.destroyTime,
    readLagMs: flags.readLag,
    ...optional({ hideDestroying: flags.hideDestroying }),
    seed: flags.seed,
    ...optional({
      faults: flags.fault,
      rate: flags.rate,
      failNames: flags.fail,
      failFirstGetAfterDelete: flags.failFirstGetAfterDelete,
      strictParent: flags.strictParent,
    }),
    ...(context.verbose
      ? {
          log: (entry) => context.err(`${entry.method} ${entry.path} ${entry.status} ${entry.fault ?? ''}\n`),
        }
      : {}),
  })
  context.out(`The sandbox listens on ${sandbox.url}\n`)
  context.err(
    `Requests: ${sandbox.url}/_sandbox/requests   State: ${flags.memory === true ? 'in memory' : flags.data}\n`,
  )
  context.err('Stop it with Ctrl-C.\n')
  await new Promise<void>((resolve) => {
    if (context.stopping.aborted) resolve()
    context.stopping.addEventListener('abort', () => resolve(), { once: true })
  })
  await sandbox.close()
  return 0
}
