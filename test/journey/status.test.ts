import { readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { stackFingerprint } from '../../src/model/identity.ts'
import { displayWidth } from '../../src/report/writing/display-width.ts'
import { type Journey, startJourney } from '../support/journey.ts'
import { faultsOf } from '../support/report-schemas.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')

let journey: Journey
beforeEach(async () => {
  journey = await startJourney()
  journey.write(QUICKSTART)
  await journey.vpnctl('apply', '--yes')
  const foreign = journey.sandbox.store.resources().find(({ parentIds }) => parentIds.length === 0)
  if (foreign === undefined) throw new Error('there is no gateway')
  journey.sandbox.store.seed(
    foreign.kind,
    { ...foreign.properties, name: 'somebody-elses', gatewayIP: '203.0.113.77' },
    { status: 'FAILED' },
  )
})
afterEach(() => journey.close())

describe('status', () => {
  test('tells state, addresses, owner and last change of each resource, children under their gateways', async () => {
    const { stdout, code } = await journey.vpnctl('status')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^de\/fra: 2 gateways, 2 peers$/m)
    expect(stdout).toMatch(
      /^ {2}WireGuard gateway hq +AVAILABLE +STANDARD {2}203\.0\.113\.10:51820, 10\.99\.0\.1\/24/m,
    )
    expect(stdout).toMatch(/^ {4}peer anna-laptop +AVAILABLE +10\.99\.0\.2\/32/m)
    expect(stdout).toMatch(/this stack {2}\d{4}-\d\d-\d\d \d\d:\d\d UTC {2}by [0-9a-f-]{36}$/m)
    expect(stdout).toMatch(
      /^ {2}WireGuard gateway somebody-elses +FAILED[\s\S]*foreign[\s\S]*it was seeded as failed/m,
    )
    expect(stdout).toContain('1 resource not AVAILABLE.')
  })

  test.each([60, 80, 120, 200])('has no line wider than %i columns', async (columns) => {
    const { stdout } = await journey.run(['status'], { tty: { columns } })
    const lines = stdout.split('\n').map((line) => stripVTControlCharacters(line))
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns)
    expect(stdout).toContain('10.99.0.2/32')
  })

  test('needs no file; without one what a stack made is told by its fingerprint', async () => {
    const { stdout, code } = await journey.run(['status'], { cwd: '/' })
    expect(code).toBe(0)
    expect(stdout).toContain(`stack ${stackFingerprint('quickstart')}`)
    expect(stdout).not.toContain('this stack  ')
  })

  test('goes on without a file that cannot be used', async () => {
    journey.write('version: 2\n')
    const { stdout, stderr, code } = await journey.vpnctl('status')
    expect(stderr).toMatch(/warning: vpn\.yaml cannot be used/)
    expect(stdout).toContain('hq')
    expect(code).toBe(0)
  })

  test('as JSON is as its schema says', async () => {
    const { stdout } = await journey.vpnctl('status', '--format', 'json')
    const document = JSON.parse(stdout)
    expect(faultsOf('status', document)).toEqual([])
    expect(document.resources).toHaveLength(4)
    expect(document.stack).toBe('quickstart')
  })

  test('--watch tells what changed until it is stopped, and ends well', async () => {
    let stop: ((signal: 'SIGINT') => void) | undefined
    const running = journey.run(['status', '--watch', '--interval', '20ms'], {
      onStart: (given) => {
        stop = given
      },
    })
    await new Promise((resolve) => setTimeout(resolve, 300))
    const hq = journey.sandbox.store.resources()[0]
    journey.sandbox.store.edit(hq?.id ?? '', (properties) => ({ ...properties, gatewayIP: '203.0.113.11' }))
    await new Promise((resolve) => setTimeout(resolve, 300))
    stop?.('SIGINT')
    const { stdout, code } = await running
    expect(code).toBe(0)
    const looks = stdout.match(/^de\/fra:/gm)?.length ?? 0
    expect(looks).toBeGreaterThanOrEqual(2)
    expect(looks).toBeLessThan(6)
  })
})

describe('get', () => {
  test('shows one resource with all its settings and no secret', async () => {
    const { stdout, code } = await journey.vpnctl('get', 'wireguardgateways/hq')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^address: wireguardgateways\/hq$/m)
    expect(stdout).toMatch(/^ {2}listenPort: 51820$/m)
    expect(stdout).not.toMatch(/privateKey/)
  })

  test('takes an id, and a location in front of an address', async () => {
    const id = JSON.parse((await journey.vpnctl('get', 'wireguardgateways/hq', '--format', 'json')).stdout).id
    expect((await journey.vpnctl('get', id)).stdout).toContain('name: hq')
    expect((await journey.vpnctl('get', 'de/fra:wireguardgateways/hq')).stdout).toContain(`id: ${id}`)
  })

  test('tells what was meant', async () => {
    const { stderr, code } = await journey.vpnctl('get', 'wireguardgateways/hg')
    expect(stderr).toContain(
      'there is no wireguardgateways/hg live in de/fra (did you mean "wireguardgateways/hq"?)',
    )
    expect(code).toBe(1)
    expect((await journey.vpnctl('get', 'hq')).stderr).toContain('(did you mean "wireguardgateways/hq"?)')
  })

  test('an empty address, as of an empty variable, is wrong usage and asks nothing', async () => {
    const before = journey.sandbox.requests().length
    const { stderr, code } = await journey.vpnctl('get', '')
    expect(code).toBe(64)
    expect(journey.sandbox.requests()).toHaveLength(before)
    expect(stderr).toContain('It is empty, and has to be an address')
  })

  test('of a name that two have asks for the id', async () => {
    const { kind, properties } = journey.sandbox.store.resources()[0] ?? { kind: undefined, properties: {} }
    if (kind === undefined) throw new Error('nothing there')
    journey.sandbox.store.seed(kind, { ...properties, gatewayIP: '203.0.113.78' })
    const { stderr, code } = await journey.vpnctl('get', 'wireguardgateways/hq')
    expect(stderr).toContain('wireguardgateways/hq means 2 resources')
    expect(code).toBe(1)
  })

  test('does not show what it does not know, since it may be a key', async () => {
    const hq = journey.sandbox.store.resources().find(({ properties }) => properties.name === 'hq')
    journey.sandbox.store.edit(hq?.id ?? '', (properties) => ({
      ...properties,
      sharedKey: 'new-and-unknown',
    }))
    const { stdout } = await journey.vpnctl('get', 'wireguardgateways/hq', '--format', 'json')
    expect(stdout).not.toContain('new-and-unknown')
    expect(JSON.parse(stdout).unknownFields).toEqual(['sharedKey'])
  })
})
