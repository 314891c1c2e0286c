import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { ProbeNetwork } from '../../src/probe/network.ts'
import { startSandbox } from '../../src/sandbox/server.ts'
import { SHARED_CODE_CACHE } from './code-cache.ts'
import { EXAMPLE_ENV, EXAMPLE_SECRETS, formsOf } from './examples.ts'
import { type RunResult, runCli } from './run-cli.ts'
import { hastyClock } from './virtual-clock.ts'

const TOKEN = 'throw-away-token'
/** The day on which every page is played. */
const START = Date.UTC(2026, 11, 1, 9)
const MINUTE_MS = 60_000
/** As long as a heartbeat, which no run on a page lives to see. */
const NEVER_MS = 30_000

/** A folder, a sandbox and a command line for one section of a page: the same bytes in every run. */
export interface PageStage {
  readonly folder: string
  readonly env: Record<string, string>
  write(name: string, text: string): void
  read(name: string): string
  vpnctl(argv: readonly string[]): Promise<RunResult>
  /** Anything but vpnctl, as bash runs it in the folder. */
  shell(script: string, stdin?: string): { readonly code: number; readonly output: string }
  /** What a script prints, for a variable: it may be a secret. */
  valueOf(script: string): string
  /** Sends a request as someone who does not use vpnctl; the path is below the endpoint. */
  request(
    method: 'GET' | 'PUT' | 'DELETE',
    path: string,
    properties?: Record<string, unknown>,
  ): Promise<unknown>
  /** Names of resources that become FAILED when they are written. */
  readonly failNames: string[]
  /** While true, the service completes nothing: what is PROVISIONING or DESTROYING stays so. */
  isServiceStuck: boolean
  /** Probes go through it. */
  probeNetwork?: ProbeNetwork
  /** The id of a live resource of a collection, by its name. */
  idOf(collection: string, name: string): Promise<string>
  close(): Promise<void>
}

/** Starts a stage; close it at the end. */
export async function openPageStage(): Promise<PageStage> {
  // No output depends on how fast the machine is.
  const clock = hastyClock({ start: START, limitMs: NEVER_MS })
  const failNames: string[] = []
  let stuckAt: number | undefined
  const now = (): number => stuckAt ?? clock.now()
  const sandbox = await startSandbox({ provisionMs: 20, destroyMs: 20, failNames, now })
  const folder = mkdtempSync(join(tmpdir(), 'vpnctl-page-'))
  const env: Record<string, string> = { ...EXAMPLE_ENV, IONOS_TOKEN: TOKEN, VPNCTL_ENDPOINT: sandbox.url }
  const { randomBytes, made } = countedBytes()
  const clean = (text: string): string => {
    for (const secret of [...EXAMPLE_SECRETS, ...formsOf(TOKEN), ...made]) expect(text).not.toContain(secret)
    return text.replaceAll(sandbox.url, 'http://127.0.0.1:8080').replaceAll(folder, '.')
  }
  const bash = (script: string, input: string): { code: number; output: string } => {
    const { status, stdout } = spawnSync('bash', ['-c', `exec 2>&1; ${script}`], {
      cwd: folder,
      env: { ...env, PATH: process.env.PATH, HOME: folder, ...SHARED_CODE_CACHE, ...GIT },
      input,
      encoding: 'utf8',
    })
    return { code: status ?? 1, output: stdout }
  }
  const request: PageStage['request'] = async (method, path, properties) => {
    const answer = await fetch(`${sandbox.url}/${path}`, {
      method,
      headers: { authorization: 'Bearer someone-else', 'content-type': 'application/json' },
      ...(properties === undefined
        ? {}
        : { body: JSON.stringify({ id: path.split('/').at(-1), properties }) }),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    clock.advance(MINUTE_MS)
    return answer.json().catch(() => undefined)
  }
  const stage: PageStage = {
    folder,
    env,
    write: (name, text) => writeFileSync(join(folder, name), text),
    read: (name) => readFileSync(join(folder, name), 'utf8'),
    vpnctl: async (argv) => {
      clock.advance(MINUTE_MS)
      const { probeNetwork } = stage
      const options = { cwd: folder, env, clock, randomBytes, ...(probeNetwork && { probeNetwork }) }
      const { code, stdout, stderr, output } = await runCli(argv, options)
      return { code, stdout: clean(stdout), stderr: clean(stderr), output: clean(output) }
    },
    shell: (script, stdin = '') => {
      const { code, output } = bash(script, stdin)
      return { code, output: clean(output) }
    },
    valueOf: (script) => bash(script, '').output,
    request,
    failNames,
    get isServiceStuck() {
      return stuckAt !== undefined
    },
    set isServiceStuck(isStuck) {
      stuckAt = isStuck ? clock.now() : undefined
    },
    idOf: async (collection, name) => {
      const list = (await request('GET', `${collection}?limit=1000`)) as {
        readonly items: readonly { readonly id: string; readonly properties: { readonly name: string } }[]
      }
      const found = list.items.find(({ properties }) => properties.name === name)
      if (found === undefined) throw new Error(`nothing live is ${collection}/${name}`)
      return found.id
    },
    close: async () => {
      await sandbox.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return stage
}

const GIT = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_AUTHOR_NAME: 'Ops',
  GIT_AUTHOR_EMAIL: 'ops@example.com',
  GIT_COMMITTER_NAME: 'Ops',
  GIT_COMMITTER_EMAIL: 'ops@example.com',
}

// What is made of them is recognised by its middle: keys for WireGuard have other first and last bits.
function countedBytes(): { randomBytes: (count: number) => Uint8Array; made: string[] } {
  const made: string[] = []
  const randomBytes = (count: number): Uint8Array => {
    const bytes = createHash('sha512').update(`page ${made.length}`).digest().subarray(0, count)
    made.push(bytes.toString('base64').slice(4, 40))
    return bytes
  }
  return { randomBytes, made }
}
