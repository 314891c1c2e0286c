import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import { type RunningSandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts'
import { type Ended, type Running, start } from './cli-process.ts'
import { EXAMPLE_ENV, EXAMPLE_SECRETS, formsOf } from './examples.ts'
import { type RunOptions, type RunResult, runCli } from './run-cli.ts'

export const TOKEN = 'throw-away-token'

/** One gateway with two peers. */
export const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
/** The same gateway without peers. */
export const ALONE = QUICKSTART.slice(0, QUICKSTART.indexOf('    peers:'))

/** A sandbox, a folder with `vpn.yaml`, and the command line in it. No output may ever hold a secret. */
export interface Stage {
  readonly sandbox: RunningSandbox
  readonly folder: string
  readonly env: Readonly<Record<string, string>>
  write(text: string, name?: string): void
  read(name: string): string
  /** In this process. */
  vpnctl(argv: readonly string[], options?: RunOptions): Promise<RunResult>
  /** The built command line, as a process. */
  process(argv: readonly string[], env?: Readonly<Record<string, string>>): Running
  end(running: Running): Promise<Ended>
  /** `METHOD /path` with the ids cut, in order of arrival. */
  requests(): string[]
  writes(): string[]
  close(): Promise<void>
}

/** Opens a stage with this file, or without one for an empty text; close it at the end. */
export async function openStage(options: SandboxOptions = {}, text = QUICKSTART): Promise<Stage> {
  const sandbox = await startSandbox({ provisionMs: 20, destroyMs: 20, ...options })
  const folder = mkdtempSync(join(tmpdir(), 'vpnctl-stage-'))
  const env = { ...EXAMPLE_ENV, IONOS_TOKEN: TOKEN, VPNCTL_ENDPOINT: sandbox.url }
  const requests = (): string[] =>
    sandbox.requests().map(({ method, path }) => `${method} ${path.replace(/[0-9a-f-]{36}/g, 'ID')}`)
  const clean = <T extends { readonly stdout: string; readonly stderr: string }>(result: T): T => {
    for (const secret of [...EXAMPLE_SECRETS, ...formsOf(TOKEN)])
      expect(result.stdout + result.stderr).not.toContain(secret)
    return result
  }
  const stage: Stage = {
    sandbox,
    folder,
    env,
    requests,
    write: (content, name = 'vpn.yaml') => writeFileSync(join(folder, name), content),
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    vpnctl: async (argv, more = {}) =>
      clean(await runCli(argv, { cwd: folder, ...more, env: { ...env, ...more.env } })),
    process: (argv, more = {}) => start(argv, { cwd: folder, env: { ...env, ...more } }),
    end: async (running) => clean(await running.ended),
    writes: () => requests().filter((line) => !line.startsWith('GET')),
    close: async () => {
      await sandbox.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  if (text !== '') stage.write(text)
  return stage
}
