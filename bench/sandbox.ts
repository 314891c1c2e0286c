import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Build } from './builds.ts'

/** The sandbox in a process of its own. */
export interface Served {
  readonly url: string
  /** What was asked of it: requests, and connections. */
  readonly counts: () => Promise<{ readonly requests: number; readonly connections: number }>
  readonly close: () => Promise<void>
}

// `flags` as the command line takes them.
async function serve(build: Build, flags: readonly string[]): Promise<Served> {
  const child = spawn(process.execPath, [build.cli, 'sandbox', '--port', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const exited = new Promise((resolve) => child.once('exit', resolve))
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0]
    if (url === undefined) continue
    return {
      url,
      counts: async () => {
        const answer = await fetch(`${url}/_sandbox/requests`)
        const { counters, connections } = (await answer.json()) as {
          counters: { requests: number }
          connections: { total: number }
        }
        return { requests: counters.requests, connections: connections.total }
      },
      close: async () => {
        child.kill('SIGTERM')
        await exited
      },
    }
  }
  throw new Error('the sandbox ended before it printed its address')
}

/** Serves the sandbox of `build` for the time of `work`; `flags` as the command line takes them. */
export async function served<T>(
  build: Build,
  flags: readonly string[],
  work: (server: Served) => Promise<T>,
): Promise<T> {
  const server = await serve(build, flags)
  try {
    return await work(server)
  } finally {
    await server.close()
  }
}
