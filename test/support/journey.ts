import type { SandboxOptions } from '../../src/sandbox/server.ts'
import type { RunOptions, RunResult } from './run-cli.ts'
import { openStage, type Stage } from './stage.ts'

/** A stage without a file, for tests that change what is live between commands. */
export interface Journey extends Pick<Stage, 'folder' | 'sandbox' | 'env' | 'write' | 'close'> {
  /** Runs a command line; no output of it may hold a secret. */
  vpnctl(...argv: string[]): Promise<RunResult>
  /** The same with more environment, or a part of it gone, and other streams. */
  run(argv: readonly string[], options?: RunOptions): Promise<RunResult>
  /** The writes since the last call, as `METHOD /path`, ids shortened. */
  writes(): string[]
  /** Changes a live resource of that name behind the tool's back; undefined deletes it. */
  edit(collection: string, name: string, change: Record<string, unknown> | undefined): Promise<void>
}

/** Starts a journey; close it at the end. */
export async function startJourney(options: SandboxOptions = {}): Promise<Journey> {
  const stage = await openStage(options, '')
  return {
    ...stage,
    run: stage.vpnctl,
    vpnctl: (...argv) => stage.vpnctl(argv),
    writes: () => {
      const seen = stage.writes()
      stage.sandbox.resetRequests()
      return seen
    },
    edit: (collection, name, change) => edit(stage.sandbox.url, collection, name, change),
  }
}

async function edit(
  url: string,
  collection: string,
  name: string,
  change: Record<string, unknown> | undefined,
): Promise<void> {
  const headers = { authorization: 'Bearer someone-else', 'content-type': 'application/json' }
  const list = await fetch(`${url}/${collection}?limit=1000`, { headers })
  const { items } = (await list.json()) as { items: { id: string; properties: Record<string, unknown> }[] }
  const found = items.find(({ properties }) => properties.name === name)
  if (found === undefined) throw new Error(`there is no ${collection}/${name}`)
  const answer =
    change === undefined
      ? await fetch(`${url}/${collection}/${found.id}`, { method: 'DELETE', headers })
      : await fetch(`${url}/${collection}/${found.id}`, {
          method: 'PUT',
          headers,
          body: JSON.stringify({ id: found.id, properties: { ...found.properties, ...change } }),
        })
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`)
  // Until it is available again.
  await new Promise((resolve) => setTimeout(resolve, 60))
}
