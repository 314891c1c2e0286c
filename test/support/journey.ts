import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type RunningSandbox, startSandbox } from '../../src/sandbox/server.ts'
import { EXAMPLE_ENV, EXAMPLE_SECRETS, formsOf } from './examples.ts'
import { type RunOptions, type RunResult, runCli } from './run-cli.ts'

const TOKEN = 'throw-away-token'

/** A folder, a sandbox, and a command line that knows both. */
export interface Journey {
  readonly folder: string
  readonly sandbox: RunningSandbox
  readonly env: Readonly<Record<string, string>>
  /** Runs a command line; no output of it may hold a secret. */
  vpnctl(...argv: string[]): Promise<RunResult>
  /** The same with more environment, or a part of it gone, and other streams. */
  run(argv: readonly string[], options?: RunOptions): Promise<RunResult>
  write(text: string, name?: string): void
  /** The writes since the last call, as `METHOD /path`, ids shortened. */
  writes(): string[]
  /** Changes a live resource of that name behind the tool's back; undefined deletes it. */
  edit(collection: string, name: string, change: Record<string, unknown> | undefined): Promise<void>
  close(): Promise<void>
}

/** Starts a journey; close it at the end. */
export async function startJourney(): Promise<Journey> {
  const sandbox = await startSandbox({ provisionMs: 20, destroyMs: 20 })
  const folder = mkdtempSync(join(tmpdir(), 'vpnctl-'))
  const env = { ...EXAMPLE_ENV, IONOS_TOKEN: TOKEN, VPNCTL_ENDPOINT: sandbox.url }
  const run: Journey['run'] = async (argv, options = {}) => {
    const result = await runCli(argv, { cwd: folder, ...options, env: { ...env, ...options.env } })
    for (const secret of [...EXAMPLE_SECRETS, ...formsOf(TOKEN)]) {
      expect(result.stdout + result.stderr).not.toContain(secret)
    }
    return result
  }
  return {
    folder,
    sandbox,
    env,
    run,
    vpnctl: (...argv) => run(argv),
    write: (text, name = 'vpn.yaml') => writeFileSync(join(folder, name), text),
    writes: () => {
      const seen = sandbox
        .requests()
        .filter(({ method }) => method !== 'GET')
        .map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/g, 'ID')}`)
      sandbox.resetRequests()
      return seen
    },
    edit: (collection, name, change) => edit(sandbox.url, collection, name, change),
    close: async () => {
      await sandbox.close()
      rmSync(folder, { recursive: true, force: true })
    },
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
  // Until it is at rest again.
  await new Promise((resolve) => setTimeout(resolve, 60))
}
