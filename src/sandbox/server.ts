import type { Server } from 'node:http'
import { createAdaptorServer } from '@hono/node-server'
import { DEFAULT_LOCATION } from '../kinds/locations.ts'
import { buildApp } from './app.ts'
import { type BehaviourOptions, behaviourOf } from './behaviour.ts'
import { type CredentialOptions, Credentials } from './credentials.ts'
import { type NetworkFaultOptions, NetworkFaults } from './network-faults.ts'
import { Places } from './places.ts'
import { seededRandom } from './random.ts'
import { type ConnectionCounts, Connections, RequestLog, type RequestLogEntry } from './request-log.ts'
import { fault, SandboxError } from './sandbox-error.ts'
import { IN_MEMORY, StateFile } from './state-file.ts'
import type { LockWait } from './state-lock.ts'
import { SandboxStore } from './store-access.ts'

// Longer than any pause of a client, so that the server never closes a connection that is about to be used.
const KEEP_ALIVE_MS = 120_000

/** How to run the sandbox. Everything is optional. */
export interface SandboxOptions extends BehaviourOptions, NetworkFaultOptions, CredentialOptions {
  /** Default 0: any free one. */
  readonly port?: number
  /** File that keeps the state, with its secrets. Default: memory. */
  readonly data?: string
  /** For another process that uses the file of `data`. Default: none. */
  readonly waitForData?: LockWait
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  /** Called at the end of each request. */
  readonly log?: (entry: RequestLogEntry) => void
}

/** A sandbox that listens on loopback. */
export interface RunningSandbox {
  /** `http://127.0.0.1:PORT`, the base URL for clients. */
  readonly url: string
  /** Of the default location. */
  readonly store: SandboxStore
  /** Of any location; over HTTP its path is `/de-txl/...`. */
  storeAt(location: string): SandboxStore
  /** In the order of arrival. */
  requests(): readonly RequestLogEntry[]
  resetRequests(): void
  connections(): ConnectionCounts
  /** Keeps the state, ends every connection at once and stops. */
  close(): Promise<void>
}

/** Starts the API itself on 127.0.0.1. Throws {@link SandboxError}. */
export async function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const now = options.now ?? Date.now
  const behaviour = behaviourOf(options)
  const networkFaults = new NetworkFaults(options, now)
  const places = new Places({ behaviour, now, random: seededRandom(options.seed ?? 1) })
  const stateFile = options.data === undefined ? undefined : new StateFile(options.data, places)
  await stateFile?.open(options.waitForData ?? {})
  const persistence = stateFile ?? IN_MEMORY
  const log = new RequestLog(now, options.log ?? (() => undefined))
  const connections = new Connections()
  const app = buildApp({
    places,
    persistence,
    log,
    connections,
    networkFaults,
    credentials: new Credentials(options),
    state: () =>
      [...places.all()].flatMap(({ store, wire }) =>
        [...store.all()].map((stored) => wire.resource(stored, now())),
      ),
  })
  // The global Request and Response stay Node's own: the sandbox runs inside other programs.
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server
  server.keepAliveTimeout = KEEP_ALIVE_MS
  const port = await listen(server, options.port ?? 0).catch(async (error: unknown) => {
    await stateFile?.close()
    throw error
  })
  return {
    url: `http://127.0.0.1:${port}`,
    store: new SandboxStore(places.at(DEFAULT_LOCATION).store, now),
    storeAt: (location) => new SandboxStore(places.at(location).store, now),
    requests: () => log.entries(),
    resetRequests: () => log.reset(),
    connections: () => connections.counts(),
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      await closed
      await stateFile?.close()
    },
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => reject(cannotListen(error, port)))
    server.listen(port, '127.0.0.1', () => {
      const bound = server.address()
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port)
    })
  })
}

function cannotListen(error: Error, port: number): SandboxError {
  const code = 'code' in error ? String(error.code) : error.name
  const what = code === 'EADDRINUSE' ? 'is in use' : `cannot be used (${code})`
  const hint = 'choose another one, or 0 for any free one'
  return new SandboxError([fault('VPN705', `port ${port} on 127.0.0.1 ${what}`, hint)])
}
