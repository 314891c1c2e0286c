import { createServer, type Server } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Journey, startJourney } from '../support/journey.ts'

const FILE = `version: 1
stack: acme
location: de/fra
wireguardGateways:
  - name: hq
    gatewayIP: 203.0.113.10
    connections:
      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.100/24 }
    interfaceIPv4CIDR: 10.99.0.1/24
    privateKey: { env: HQ_KEY }
    peers:
      - { name: anna, allowedIPs: [10.99.0.2/32], publicKey: SfwTrc5AWuqT5MS7wvXHB4hIVfCYzIOZ3oha4kt5cxs= }
`
// Throw-away: 32 bytes that no one uses, as base64.
const KEY = 'QEFCQ0RFRkdISUpLTE1OT1BRUlNUVVZXWFlaW1xdXl8='

const METADATA = {
  createdDate: '2026-01-01T00:00:00Z',
  createdBy: 'a',
  lastModifiedDate: '2026-01-01T00:00:00Z',
  lastModifiedBy: 'a',
  status: 'AVAILABLE',
}

let journey: Journey
let server: Server | undefined
beforeEach(async () => {
  journey = await startJourney()
  journey.write(FILE)
})
afterEach(async () => {
  server?.close()
  server = undefined
  await journey.close()
})

interface Check {
  readonly name: string
  readonly state: string
  readonly message: string
}

async function contract(
  env: Record<string, string> = {},
): Promise<{ code: number; checks: readonly Check[]; all: readonly Check[]; output: string }> {
  const run = await journey.run(['doctor', '--contract', '--format', 'json'], { env })
  const { checks: all } = JSON.parse(run.stdout) as { checks: readonly Check[] }
  const checks = all.filter(({ name }) => name.startsWith('contract '))
  return { code: run.code, checks, all, output: run.stdout + run.stderr }
}

/** A service that gives the same answer to every list. */
async function serve(list: (offset: number) => unknown, refused?: string): Promise<Record<string, string>> {
  server = createServer((request, response) => {
    const offset = Number(new URL(request.url ?? '/', 'http://x').searchParams.get('offset'))
    response.setHeader('content-type', 'application/json')
    if (refused !== undefined && request.url?.startsWith(refused) === true) response.statusCode = 403
    response.end(JSON.stringify(list(offset)))
  })
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  return { VPNCTL_ENDPOINT: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}` }
}

describe('doctor --contract', () => {
  test('finds nothing to report of the service that this version was built for, and sends reads only', async () => {
    expect((await journey.run(['apply', '--yes'], { env: { HQ_KEY: KEY } })).code).toBe(0)
    const sent = journey.sandbox.requests().length
    const { code, checks } = await contract()
    expect(code).toBe(0)
    expect(checks.map(({ name, state }) => `${state} ${name}`)).toEqual([
      'ok contract de/fra wireguardgateways',
      'ok contract de/fra peers',
      'ok contract de/fra ipsecgateways',
      'note contract de/fra tunnels',
    ])
    expect(checks[0]?.message).toMatch(
      /^as expected \(ids of version 5: 1; privateKey is returned by 0 of 1; publicKey is PEM in [01] of 1\)$/,
    )
    const methods = journey.sandbox
      .requests()
      .slice(sent)
      .map(({ method }) => method)
    expect(new Set(methods)).toEqual(new Set(['GET']))
  })

  test('names each difference by its field, without a value, a name or an id', async () => {
    const id = '0b1f6e1c-3c0a-4c57-9e0b-1c5d2f3a4b5c'
    const item = {
      id,
      type: 'gateway',
      href: '/',
      metadata: {
        createdDate: '2026-01-01T00:00:00Z',
        createdBy: 'a',
        lastModifiedDate: '',
        status: 'SLEEPING',
      },
      properties: { name: 'not-to-be-seen', gatewayIP: '203.0.113.10', mtu: 1400, privateKey: KEY },
      links: {},
    }
    const env = await serve(() => ({
      id,
      type: 'collection',
      href: '/',
      items: [item],
      offset: 0,
      limit: 100,
    }))
    const { code, checks, output } = await contract(env)
    expect(code).toBe(0)
    const [gateways] = checks
    expect(gateways?.state).toBe('warning')
    for (const part of [
      'list: no field "_links"',
      'resource: unknown field "links"',
      'metadata: no field "lastModifiedBy"',
      'metadata: unknown status "SLEEPING"',
      'properties: unknown field "mtu"',
      'paging: the answer does not repeat the limit 1',
      'paging: no "next" link although a second page exists',
      'paging: offset=1 gave the resource of offset=0',
      'privateKey is returned by 1 of 1',
    ]) {
      expect(gateways?.message).toContain(part)
    }
    // The whole output, since all of it is pasted into a report.
    const host = env.VPNCTL_ENDPOINT ?? ''
    for (const value of ['not-to-be-seen', id, KEY, '203.0.113.10', '1400', 'acme', host, 'vpn.yaml']) {
      expect(output).not.toContain(value)
    }
    const text = await journey.run(['doctor', '--contract'], {
      env: { ...env, IONOS_CONTRACT_NUMBER: '31415926' },
    })
    for (const value of ['acme', host, '31415926', journey.folder]) expect(text.stdout).not.toContain(value)
    const asked = await journey.run(['doctor', '--contract', '--verbose'], { env })
    expect(asked.stdout).toContain('acme')
  })

  test('an answer that is not a list is a difference, and an empty contract is not', async () => {
    const env = await serve(() => ({
      id: 'x',
      type: 'collection',
      href: '/',
      items: [],
      offset: 0,
      limit: 1,
      _links: {},
    }))
    const { checks, all } = await contract(env)
    expect(checks.map(({ state }) => state)).toEqual(['ok', 'note', 'ok', 'note'])
    expect(checks[0]?.message).toContain('no resources, so their fields were not compared')
    expect(all.some(({ name }) => name === 'clock')).toBe(true)
  })

  test('compares the values of fields with the types that requests have, and ids, of each item', async () => {
    const item = (id: string, properties: object, metadata: object = {}) => ({
      id,
      type: 'gateway',
      href: '/',
      metadata: { ...METADATA, ...metadata },
      properties,
    })
    const good = {
      name: 'hq',
      gatewayIP: '203.0.113.10',
      interfaceIPv4CIDR: '10.99.0.1/24',
      connections: [
        { datacenterId: '5a029f4a-72e5-11ec-90d6-0242ac120003', lanId: '2', ipv4CIDR: '192.168.1.4/24' },
      ],
    }
    const items = [
      item('0b1f6e1c-3c0a-4c57-9e0b-1c5d2f3a4b5c', good),
      item(
        'seventeen',
        { ...good, gatewayIP: ['x'], tier: true, description: null },
        { createdDate: 12_345 },
      ),
    ]
    const list = { id: 'x', type: 'collection', href: '/', items, offset: 0, limit: 1, _links: {} }
    const [gateways] = (await contract(await serve(() => list))).checks
    for (const part of [
      'properties: gatewayIP is not as expected (type) in 1 of 2',
      'properties: tier is not as expected (type) in 1 of 2',
      'metadata: createdDate is not a string in 1 of 2',
      'resource: the id is not a UUID in 1 of 2',
    ]) {
      expect(gateways?.message).toContain(part)
    }
    expect(gateways?.message).not.toContain('description')
    expect(gateways?.message).not.toContain('seventeen')
  })

  test('a location that refuses is named, and the others are compared', async () => {
    const list = { id: 'x', type: 'collection', href: '/', items: [], offset: 0, limit: 1, _links: {} }
    const { VPNCTL_ENDPOINT } = await serve(() => list, '/de-txl/')
    const env = { VPNCTL_ENDPOINT: `${VPNCTL_ENDPOINT}/{location}` }
    const run = await journey.run(['doctor', '--contract', '--location', 'de/txl', '--format', 'json'], {
      env,
    })
    const { checks } = JSON.parse(run.stdout) as { checks: readonly Check[] }
    expect(run.code).toBe(4)
    expect(
      checks.filter(({ name }) => name.startsWith('contract ')).map(({ name, state }) => `${state} ${name}`),
    ).toEqual([
      'ok contract de/fra wireguardgateways',
      'note contract de/fra peers',
      'ok contract de/fra ipsecgateways',
      'note contract de/fra tunnels',
      'note contract de/txl',
    ])
  })
})
