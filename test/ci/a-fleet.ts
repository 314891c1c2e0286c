import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type RunningSandbox, startSandbox } from '../../src/sandbox/server.ts'

/** One endpoint for several contracts: the token says which, as in the real API. */
export interface Contracts {
  readonly url: string
  tokenOf(contract: string): string
  /** Where nobody listens. */
  readonly closed: string
  /** Requests with a token of no contract. */
  readonly rejected: string[]
  close(): Promise<void>
}

/** Starts a sandbox for each contract. */
export async function startContracts(names: readonly string[]): Promise<Contracts> {
  const tokenOf = (contract: string): string => `throw-away-token-of-${contract}`
  const sandboxes = new Map<string, RunningSandbox>()
  for (const name of names) sandboxes.set(`Bearer ${tokenOf(name)}`, await startSandbox({ provisionMs: 0 }))
  const rejected: string[] = []
  const front = createServer((incoming, response) => {
    const { authorization = '' } = incoming.headers
    const sandbox = sandboxes.get(authorization)
    if (sandbox === undefined) {
      rejected.push(`${incoming.method} ${incoming.url}`)
      response.writeHead(401).end('{}')
      return
    }
    const { method, headers } = incoming
    const onward = request(`${sandbox.url}${incoming.url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => front.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
    tokenOf,
    closed: `http://127.0.0.1:${await closedPort()}`,
    rejected,
    close: async () => {
      front.closeAllConnections()
      front.close()
      for (const sandbox of sandboxes.values()) await sandbox.close()
    },
  }
}

async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
