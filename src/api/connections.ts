import { Agent, type AgentOptions } from 'node:http'
import { Agent as TlsAgent } from 'node:https'
import type { Socket } from 'node:net'

/** The connections of a run, kept alive and used again. */
export interface Connections {
  readonly agents: { readonly http: Agent; readonly https: TlsAgent }
  /** Call before a request to `url`, and what it returns after it: idle connections to other hosts make room. */
  use(url: URL): () => void
  close(): void
}

/**
 * At most `limit` connections. The gate in front sees to it for one host; with several locations, idle connections
 * to one must give way to those to another. Node's own `maxTotalSockets` cannot do that: it lets the new request
 * wait for ever behind the idle ones.
 */
export function createConnections(limit: number): Connections {
  // lifo: the connections that are not needed go idle and are closed by the server, which costs nothing.
  const options: AgentOptions = {
    keepAlive: true,
    maxSockets: limit,
    maxFreeSockets: limit,
    scheduling: 'lifo',
  }
  const agents = { http: new Agent(options), https: new TlsAgent(options) }
  let inUse = 0
  return {
    agents,
    use(url) {
      inUse += 1
      // A request that has begun may not have its connection yet; that is why requests are counted, not sockets.
      const idle = idleElsewhere([agents.http, agents.https], url)
      for (const socket of idle.slice(0, Math.max(0, idle.length + inUse - limit))) socket.destroy()
      return () => {
        inUse -= 1
      }
    },
    close() {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

function idleElsewhere(agents: readonly Agent[], url: URL): Socket[] {
  const here = `${url.hostname}:${url.port || (url.protocol === 'https:' ? '443' : '80')}:`
  return agents
    .flatMap((agent) => Object.entries(agent.freeSockets))
    .filter(([origin]) => !origin.startsWith(here))
    .flatMap(([, sockets]) => sockets ?? [])
    .filter((socket) => !socket.destroyed)
}
