import type { Agent } from 'node:https'
import { proxyFromEnv } from '../api/proxy-choice.ts'
import type { Environment } from './environment.ts'

/** The way out that the environment asks for. */
export interface WayOut {
  /** The agent for a host; undefined where it is reached directly. Absent where there is no proxy. */
  readonly proxy?: (url: URL) => Agent | undefined
  /** How messages name it. */
  readonly proxyName?: (url: URL) => string | undefined
  readonly close: () => Promise<void>
}

/** Why the proxy of the environment cannot be used, in a sentence; undefined when it can, or when there is none. */
export function proxyProblem(env: Environment): string | undefined {
  const proxy = proxyFromEnv(env)
  if (proxy === undefined || !('invalid' in proxy)) return undefined
  return `${proxy.invalid} is not a URL of a proxy; it has to look like http://proxy:3128`
}

/** The way out for `limit` connections at a time; a proxy has `timeoutMs` to make one. None where the proxy is invalid. */
export async function wayOut(env: Environment, limit: number, timeoutMs: number): Promise<WayOut> {
  const proxy = proxyFromEnv(env)
  if (proxy === undefined || 'invalid' in proxy) return { close: async () => undefined }
  const { proxiedAgent } = await import('../api/proxied-agent.ts')
  const agent = proxiedAgent(proxy.url, limit, timeoutMs)
  return {
    proxy: (url) => (proxy.appliesTo(url) ? agent : undefined),
    proxyName: (url) => (proxy.appliesTo(url) ? proxy.name : undefined),
    close: async () => agent.destroy(),
  }
}
