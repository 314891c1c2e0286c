import { Agent, get } from 'node:http'
import type * as Remotes from '../../src/api/remote.ts'
import type * as Fetching from '../../src/live/fetch.ts'
import type * as Secrets from '../../src/model/secret.ts'
import { LOCATION } from '../estates.ts'
import { library } from './library.ts'
import { timed } from './timed.ts'

const PARALLELISM = 10

/** Reads all that a server has, as vpnctl does or with `node:http` alone. */
export async function readEverything(folder: string, [how, url = '']: readonly string[]): Promise<object> {
  const { result, ...cost } = await timed(() => (how === 'bare' ? readBare(url) : readOurs(folder, url)))
  return { resources: result, ...cost }
}

async function readOurs(folder: string, url: string): Promise<number> {
  const { createRemote } = await library<typeof Remotes>(folder, 'api/remote')
  const { fetchLive } = await library<typeof Fetching>(folder, 'live/fetch')
  const { Secret } = await library<typeof Secrets>(folder, 'model/secret')
  const remote = createRemote({
    baseUrl: () => url,
    credentials: { type: 'token', token: new Secret('bench') },
    parallelism: PARALLELISM,
    userAgent: 'bench',
  })
  const { resources } = await fetchLive(remote, { locations: [LOCATION] })
  remote.close()
  return resources.length
}

// The least that a client can do: the same requests, ten at a time on kept connections, and their JSON parsed.
async function readBare(url: string): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: PARALLELISM })
  const headers = { authorization: 'Bearer bench', accept: 'application/json' }
  const page = (path: string): Promise<readonly { readonly id: string }[]> =>
    new Promise((resolve, reject) => {
      get(`${url}${path}`, { agent, headers }, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve(JSON.parse(Buffer.concat(chunks).toString('utf8')).items))
      }).on('error', reject)
    })
  const gateways: string[] = []
  for (let full = true; full; ) {
    const items = await page(`/wireguardgateways?limit=1000&offset=${gateways.length}`)
    gateways.push(...items.map(({ id }) => id))
    full = items.length === 1000
  }
  let count = gateways.length + (await page('/ipsecgateways?limit=1000&offset=0')).length
  let next = 0
  const reader = async (): Promise<void> => {
    for (let id = gateways[next++]; id !== undefined; id = gateways[next++]) {
      count += (await page(`/wireguardgateways/${id}/peers?limit=1000&offset=0`)).length
    }
  }
  await Promise.all(Array.from({ length: PARALLELISM }, reader))
  agent.destroy()
  return count
}
