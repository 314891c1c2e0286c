import type { Agent } from 'node:https'
import { proxyFromEnv } from '../../api/proxy-choice.ts'
import { Failure } from '../failure.ts'
import type { Io } from '../io.ts'

/** The way out that the environment asks for. */
export interface WayOut {
  /** The agent for a host; undefined where it is reached directly. Absent where there is no proxy. */
  readonly proxy?: (url: URL) => Agent | undefined
  /** How messages name it. */
  readonly proxyName?: (url: URL) => string | undefined
  readonly close: () => Promise<void>
}

/** A proxy's URL that is none ends the run. */
export function checkProxy(env: Io['env']): void {
  const proxy = proxyFromEnv(env)
  if (proxy !== undefined && 'invalid' in proxy)
    throw new Failure('usage', `${proxy.invalid} is no URL of a proxy; it has to look like http://proxy:3128`)
}

/** The way out for `limit` connections at a time; a proxy has `timeoutMs` to make one. */
export async function wayOut(env: Io['env'], limit: number, timeoutMs: number): Promise<WayOut> {
  checkProxy(env)
  const proxy = proxyFromEnv(env)
  if (proxy === undefined || 'invalid' in proxy) return { close: async () => undefined }
  const { proxiedAgent } = await import('../../api/proxied-agent.ts')
  const agent = proxiedAgent(proxy.url, limit, timeoutMs)
  return {
    proxy: (url) => (proxy.appliesTo(url) ? agent : undefined),
    proxyName: (url) => (proxy.appliesTo(url) ? proxy.name : undefined),
    close: async () => agent.destroy(),
  }
}
