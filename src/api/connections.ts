import { Agent, type AgentOptions } from 'node:http'
import { Agent as TlsAgent } from 'node:https'

/** The connections of a run, kept alive and used again. */
export interface Connections {
  readonly agents: { readonly http: Agent; readonly https: TlsAgent }
  /** Call before a request to `url`: closes an idle connection to another origin when there are too many. */
  makeRoom(url: URL): void
  close(): void
}

/**
 * At most `limit` connections. The gate in front sees to it for one origin; with several locations, idle
 * connections to one must give way to those of another. Node's own `maxTotalSockets` cannot do that: it lets the
 * new request wait for ever behind the idle ones.
 */
export function createConnections(limit: number): Connections {
  // lifo: the rest of the connections can go idle and be closed by the server, which costs nothing.
  const options: AgentOptions = {
    keepAlive: true,
    maxSockets: limit,
    maxFreeSockets: limit,
    scheduling: 'lifo',
  }
  const agents = { http: new Agent(options), https: new TlsAgent(options) }
  return {
    agents,
    makeRoom(url) {
      const both = [agents.http, agents.https]
      let open = both.reduce((sum, agent) => sum + openSockets(agent), 0)
      for (const agent of both) {
        for (const [origin, sockets] of Object.entries(agent.freeSockets)) {
          if (origin.startsWith(`${url.hostname}:${portOf(url)}:`)) continue
          for (const socket of sockets ?? []) {
            if (open < limit) return
            socket.destroy()
            open -= 1
          }
        }
      }
    },
    close() {
      agents.http.destroy()
      agents.https.destroy()
    },
  }
}

function openSockets(agent: Agent): number {
  const lists = [...Object.values(agent.sockets), ...Object.values(agent.freeSockets)]
  return lists.reduce((sum, sockets) => sum + (sockets?.length ?? 0), 0)
}

function portOf(url: URL): string {
  return url.port || (url.protocol === 'https:' ? '443' : '80')
}
