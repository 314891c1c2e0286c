import type { Agent } from 'node:https'
import { HttpsProxyAgent } from 'https-proxy-agent'

/** Connections to https hosts through a proxy, by CONNECT: the proxy sees the host's name and nothing else. */
export function proxiedAgent(proxy: URL, limit: number): Agent {
  const agent: unknown = new HttpsProxyAgent(proxy, {
    keepAlive: true,
    maxSockets: limit,
    maxFreeSockets: limit,
    scheduling: 'lifo',
  })
  return agent as Agent
}
