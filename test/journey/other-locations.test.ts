import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { wireguardGateway } from '../../src/kinds/wireguard/gateway.ts'
import { type Journey, startJourney } from '../support/journey.ts'
import { listsFor, TOP_LISTS } from '../support/lists.ts'

// Throw-away keys, of this test alone.
const KEYS = {
  FRA_KEY: Buffer.alloc(32, 1).toString('base64'),
  TXL_KEY: Buffer.alloc(32, 2).toString('base64'),
}
const HEAD = `version: 1
stack: two-places
wireguardGateways:
`
const gatewayIn = (location: string, key: string, more = ''): string => `  - name: hq
    location: ${location}
    gatewayIP: 203.0.113.10
    interfaceIPv4CIDR: 10.99.0.1/24
    privateKey: { env: ${key} }
    connections:
      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.100/24 }
${more}`
const FRA = gatewayIn('de/fra', 'FRA_KEY')
const TXL = gatewayIn('de/txl', 'TXL_KEY').replace('203.0.113.10', '203.0.113.20')
const OTHERS = 8

let journey: Journey
const cleanups: (() => unknown)[] = []
beforeEach(async () => {
  journey = await startJourney()
})
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup()
  await journey.close()
})

const run = (argv: readonly string[], endpoint = `${journey.sandbox.url}/{location}`) =>
  journey.run(argv, { env: { ...KEYS, VPNCTL_ENDPOINT: endpoint } })

/** What was asked for since the last call, as `METHOD /path`. */
function asked(): readonly string[] {
  const seen = journey.sandbox.requests().map(({ method, path }) => `${method} ${path}`)
  journey.sandbox.resetRequests()
  return seen
}

/** An endpoint with {location} in it that answers 403 for one location, and is the sandbox for the others. */
async function endpointWithout(location: string): Promise<string> {
  const server: Server = createServer((request, response) => {
    if (request.url?.startsWith(`/${location}/`)) {
      response.writeHead(403, { 'content-type': 'application/json' }).end('{"messages":[]}')
      return
    }
    const { method = 'GET', headers } = request
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', async () => {
      const answer = await fetch(`${journey.sandbox.url}${request.url}`, {
        method,
        headers: { authorization: headers.authorization ?? '', 'content-type': 'application/json' },
        ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
      })
      response.writeHead(answer.status, { 'content-type': 'application/json' })
      response.end(await answer.text())
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  cleanups.push(() => new Promise((resolve) => server.close(resolve)))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/{location}`
}

describe('a gateway that left the file, in another location than the rest,', () => {
  beforeEach(async () => {
    journey.write(HEAD + FRA + TXL)
    expect((await run(['apply', '--yes'])).code).toBe(0)
    journey.write(HEAD + FRA)
  })

  test('is found by plan, drift and status', async () => {
    const plan = await run(['plan', '--detailed-exitcode'])
    expect(plan.stdout).toContain('# de/txl:wireguardgateways/hq will be destroyed')
    expect(plan.stdout).toContain('Plan: 0 to add, 0 to change, 1 to destroy.')
    expect(plan.code).toBe(2)
    const drift = await run(['drift'])
    expect(drift.stdout).toContain('de/txl:wireguardgateways/hq')
    expect(drift.code).toBe(2)
    const status = await run(['status'])
    expect(status.stdout).toMatch(/^hq +de\/txl +wg gateway /m)
  })

  test('is deleted by apply, once and for all', async () => {
    const apply = await run(['apply', '--yes'])
    expect(apply.code).toBe(0)
    expect(journey.sandbox.storeAt('de/txl').resources()).toHaveLength(0)
    expect(journey.sandbox.store.resources()).toHaveLength(1)
  })

  test('is deleted by destroy, and by the apply of a saved plan', async () => {
    expect((await run(['plan', '--out', 'plan.json'])).code).toBe(0)
    expect((await run(['apply', 'plan.json'])).code).toBe(0)
    expect(journey.sandbox.storeAt('de/txl').resources()).toHaveLength(0)
    journey.write(HEAD + FRA + TXL)
    await run(['apply', '--yes'])
    journey.write(HEAD + FRA)
    expect((await run(['destroy', '--yes'])).code).toBe(0)
    expect(journey.sandbox.storeAt('de/txl').resources()).toHaveLength(0)
    expect(journey.sandbox.store.resources()).toHaveLength(0)
  })

  test('is not looked for where the file or a flag limits the run', async () => {
    asked()
    const limited = await run(['plan', '--only-location', 'de/fra'])
    expect(limited.stdout).toContain('No changes.')
    journey.write(`${HEAD}${FRA}locations: [de/fra]\n`)
    expect((await run(['plan'])).stdout).toContain('No changes.')
    expect(asked().filter((request) => !request.includes('/de-fra/'))).toEqual([])
  })
})

test('what others have in other locations is no drift, not even for --prune all', async () => {
  journey.write(HEAD + FRA)
  await run(['apply', '--yes'])
  const [kind] = (await import('../../src/kinds/index.ts')).KINDS
  if (kind === undefined) throw new Error('no kinds')
  journey.sandbox.storeAt('us/ewr').seed(kind, { name: 'hq' })
  expect((await run(['drift'])).code).toBe(0)
  expect((await run(['plan', '--prune', 'all'])).stdout).toContain('No changes.')
  expect((await run(['drift', '--location', 'us/ewr'])).code).toBe(2)
})

test('a gateway that moves to another location is deleted where it was, unless it is protected', async () => {
  journey.write(HEAD + FRA)
  await run(['apply', '--yes'])
  journey.write(HEAD + gatewayIn('de/txl', 'FRA_KEY', '    protect: true\n'))
  const refused = await run(['plan'])
  expect(refused.code).toBe(6)
  expect(refused.stdout).toContain('VPN507')
  journey.write(HEAD + gatewayIn('de/txl', 'FRA_KEY'))
  const plan = await run(['plan'])
  expect(plan.stdout).toContain('VPN519')
  expect(plan.stdout).toContain('Plan: 1 to add, 0 to change, 1 to destroy.')
  expect((await run(['apply', '--yes'])).code).toBe(0)
  expect(journey.sandbox.store.resources()).toHaveLength(0)
  expect(journey.sandbox.storeAt('de/txl').resources()).toHaveLength(1)
})

describe('the requests of a plan', () => {
  beforeEach(async () => {
    journey.write(HEAD + FRA)
    await run(['apply', '--yes'])
    asked()
  })

  test('are the lists of gateways for each location more', async () => {
    await run(['plan'])
    const seen = asked()
    const own = seen.filter((request) => request.includes('/de-fra/'))
    expect(own).toHaveLength(listsFor([wireguardGateway, 1]).length)
    expect(seen).toHaveLength(own.length + TOP_LISTS.length * OTHERS)
    expect(new Set(seen).size).toBe(seen.length)
  })

  test('are none more on one fixed endpoint, and nothing is said', async () => {
    const plan = await run(['plan', '--format', 'json'], `${journey.sandbox.url}/de-fra`)
    expect(asked()).toHaveLength(listsFor([wireguardGateway, 1]).length)
    const document = JSON.parse(plan.stdout) as { warnings: unknown[]; unreadLocations: unknown[] }
    expect(document.warnings.filter((warning) => JSON.stringify(warning).includes('VPN520'))).toEqual([])
    expect(document.unreadLocations).toEqual([])
  })
})

describe('a location that cannot be read', () => {
  let endpoint: string
  beforeEach(async () => {
    journey.write(HEAD + FRA)
    await run(['apply', '--yes'])
    endpoint = await endpointWithout('es-vit')
  })

  test('is named in text and JSON, and ends nothing', async () => {
    const plan = await run(['plan'], endpoint)
    expect(plan.code).toBe(0)
    expect(plan.stdout).toContain('1 location was not read (es/vit): leftovers there cannot be seen')
    expect(plan.stdout).toContain('locations: [de/fra,')
    const unreadLocations = [
      { location: 'es/vit', reason: 'failed', message: expect.stringContaining('403') },
    ]
    const json = async (...argv: string[]) => {
      const { stdout } = await run([...argv, '--format', 'json'], endpoint)
      return JSON.parse(
        stdout.trim().split('\n').at(-1)?.startsWith('{') ? (stdout.trim().split('\n').at(-1) ?? '') : stdout,
      ) as object
    }
    for (const command of ['plan', 'drift', 'status']) {
      expect(await json(command)).toMatchObject({ unreadLocations })
    }
    expect(await json('apply', '--yes')).toMatchObject({ unreadLocations, ending: 'converged' })
    expect((await run(['status'], endpoint)).stdout).toContain('1 location was not read (es/vit)')
    const drift = await run(['drift'], endpoint)
    expect(drift.stdout).toContain('1 location was not read (es/vit)')
    expect(drift.code).toBe(0)
  })

  test('lets destroy end with 9, since what is left there is not destroyed', async () => {
    const destroy = await run(['destroy', '--yes'], endpoint)
    expect(destroy.code).toBe(9)
    expect(destroy.stdout).toContain('not read: es/vit')
    expect(journey.sandbox.store.resources()).toHaveLength(0)
    const again = await run(['destroy', '--yes'], endpoint)
    expect(again.code).toBe(9)
    expect((await run(['destroy', '--yes', '--only-location', 'de/fra'], endpoint)).code).toBe(0)
  })
})
