import { inspect } from 'node:util'
import { expect } from 'vitest'
import type { ApiRemote, RemoteOptions } from '../../src/api/options.ts'
import { createRemote } from '../../src/api/remote.ts'
import { wireguardGateway } from '../../src/kinds/wireguard/gateway.ts'
import { wireguardPeer } from '../../src/kinds/wireguard/peer.ts'
import { ApiError } from '../../src/model/errors.ts'
import type { WireResource, WriteBody } from '../../src/model/remote.ts'
import type { Collection, Target } from '../../src/model/resource.ts'
import { Secret } from '../../src/model/secret.ts'
import { formsOf } from '../support/examples.ts'
import { hastyClock } from '../support/virtual-clock.ts'

export const ORIGIN = 'https://vpn.example.com'
/** Throw-away values; nothing that was ever real. */
export const TOKEN = 'throw-away.eyJzdWIiOiJ0ZXN0In0.token-for-tests-only-0123456789'
export const PRIVATE_KEY = 'TEST+key/for/tests+only/0000000000000000000='

export const GATEWAY_ID = '0b5e7f6c-4f0e-5c1d-8a44-2b6f3f1d9e01'
export const PEER_ID = '0b5e7f6c-4f0e-5c1d-8a44-2b6f3f1d9e02'

export const gateways: Collection = { kind: wireguardGateway, location: 'de/fra', parentIds: [] }
export const peers: Collection = { kind: wireguardPeer, location: 'de/fra', parentIds: [GATEWAY_ID] }
export const gateway: Target = { ...gateways, id: GATEWAY_ID }
export const peer: Target = { ...peers, id: PEER_ID }

export const gatewayBody = (): WriteBody => ({
  spec: { name: 'hq', gatewayIP: '203.0.113.10' },
  secrets: [{ path: ['privateKey'], value: new Secret(PRIVATE_KEY) }],
})

export const wire = (id: string, name = 'hq'): WireResource => ({
  id,
  metadata: { status: 'AVAILABLE' },
  properties: { name },
})

export const page = (items: unknown, more: object = {}): object => ({
  id: 'list',
  type: 'collection',
  items,
  limit: 1000,
  offset: 0,
  ...more,
})

/** A remote on which nobody waits; `random` is 0.5 unless it is given. */
export function aRemote(options: Partial<RemoteOptions> = {}): ApiRemote {
  return createRemote({
    baseUrl: () => ORIGIN,
    credentials: { type: 'token', token: new Secret(TOKEN) },
    parallelism: 10,
    userAgent: 'vpnctl/test',
    clock: hastyClock(),
    random: () => 0.5,
    ...options,
  })
}

export async function readAll(
  remote: ApiRemote,
  collection: Collection,
  signal?: AbortSignal,
): Promise<string[]> {
  const ids: string[] = []
  for await (const resources of remote.list(collection, signal)) ids.push(...resources.map(({ id }) => id))
  return ids
}

/** The ApiError of something that must fail, after a search for everything that must not be in it. */
export async function failureOf(work: Promise<unknown>, secrets: readonly string[] = []): Promise<ApiError> {
  const error: unknown = await work.then(
    () => {
      throw new Error('this should have failed')
    },
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ApiError)) throw error
  const shown = [
    inspect(error, { depth: 20, showHidden: true, getters: true }),
    JSON.stringify(error),
    JSON.stringify(Object.getOwnPropertyDescriptors(error)),
    error.stack,
    String(error),
  ].join('\n')
  for (const secret of [TOKEN, PRIVATE_KEY, ...secrets].flatMap(formsOf)) expect(shown).not.toContain(secret)
  expect(error.cause).toBeUndefined()
  return error
}
