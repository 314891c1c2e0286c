import { readFileSync } from 'node:fs'
import { stripVTControlCharacters } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
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
  const unowned = journey.sandbox.store.resources().find(({ parentIds }) => parentIds.length === 0)
  if (unowned === undefined) throw new Error('there is no gateway')
  journey.sandbox.store.seed(
    unowned.kind,
    { ...unowned.properties, name: 'someone-elses', gatewayIP: '203.0.113.77' },
    { status: 'FAILED' },
  )
})
afterEach(() => journey.close())

describe('status', () => {
  test('shows state, addresses, owner and last change of each resource, children under their gateways', async () => {
    const { stdout, code } = await journey.vpnctl('status')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^NAME +KIND +STATUS +ADDRESS +OWNER +AGE +LAST CHANGE$/m)
    expect(stdout).toMatch(
      /^hq +wg gateway +AVAILABLE +203\.0\.113\.10:51820, 10\.99\.0\.1\/24 +quickstart +0m +0m by [0-9a-f-]{36}$/m,
    )
    expect(stdout).toMatch(/^├ anna-laptop +peer +AVAILABLE +10\.99\.0\.2\/32 +quickstart/m)
    expect(stdout).toMatch(/^└ ben-laptop /m)
    expect(stdout).toMatch(/^someone-elses +wg gateway +FAILED .*unmanaged +0m +it was seeded as failed$/m)
    expect(stdout).toContain('1 resource not AVAILABLE.')
  })

  test.each([60, 80, 120, 200])('has no line wider than %i columns', async (columns) => {
    const { stdout } = await journey.run(['status'], { tty: { columns } })
    const lines = stdout.split('\n').map((line) => stripVTControlCharacters(line))
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(columns)
    expect(stdout).toContain('10.99.0.2/32')
  })

  test('needs no file; without one what a stack made is reported by its fingerprint', async () => {
    const { stdout, code } = await journey.run(['status'], { cwd: '/' })
    expect(code).toBe(0)
    expect(stdout).toContain(`stack ${stackFingerprint('quickstart')}`)
    expect(stdout).not.toContain('quickstart')
  })

  test('goes on without a file that cannot be used', async () => {
    journey.write('version: 2\n')
    const { stdout, stderr, code } = await journey.vpnctl('status')
    expect(stderr).toMatch(/warning: ignoring vpn\.yaml: /)
    expect(stdout).toContain('hq')
    expect(code).toBe(0)
  })

  test('is cut to the terminal and whole in a file', async () => {
    const { stdout } = await journey.run(['status'], { tty: { columns: 80 } })
    expect(stripVTControlCharacters(stdout)).toMatch(/^someone-el.*…$/m)
    expect((await journey.vpnctl('status')).stdout).not.toContain('…')
  })

  test('shows ids and exact dates with --wide, which is --format wide too', async () => {
    const { stdout } = await journey.vpnctl('status', '--wide')
    expect(stdout).toMatch(/^hq .* STANDARD .* [0-9a-f-]{36} +\d{4}-\d\d-\d\d \d\d:\d\d UTC/m)
    expect((await journey.vpnctl('status', '--format', 'wide')).stdout).toBe(stdout)
  })

  test('shows what is targeted, owned or unhealthy alone, in the order that is asked for', async () => {
    const names = async (...flags: string[]): Promise<readonly string[]> => {
      const { stdout } = await journey.vpnctl('status', '--format', 'csv', ...flags)
      return stdout
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split(',')[2] ?? '')
    }
    expect(await names('--target', '*/peers/anna*')).toEqual(['anna-laptop'])
    expect(await names('--owned')).toEqual(['hq', 'anna-laptop', 'ben-laptop'])
    expect(await names('--unhealthy')).toEqual(['someone-elses'])
    expect(await names('--sort', 'name')).toEqual(['anna-laptop', 'ben-laptop', 'hq', 'someone-elses'])
    expect((await names('--sort', 'status'))[0]).toBe('someone-elses')
    expect((await names('--sort', 'change'))[0]).toBe('someone-elses')
    const { stderr, code } = await journey.vpnctl('status', '--target', 'wireguardgateways/hg')
    expect(stderr).toContain(
      '--target wireguardgateways/hg names nothing live (did you mean "wireguardgateways/hq"?)',
    )
    expect(code).toBe(1)
  })

  test('says whether there is nothing or nothing that matches', async () => {
    const each = { VPNCTL_ENDPOINT: `${journey.sandbox.url}/{location}` }
    const text = async (...flags: string[]): Promise<string> =>
      (await journey.run(['status', ...flags], { env: each })).stdout
    expect((await journey.vpnctl('status', '--unhealthy', '--owned')).stdout).toBe(
      'de/fra: no matching resources.\n',
    )
    expect(await text('--location', 'es/vit')).toMatch(/^(de\/fra, )?es\/vit: no resources\.$/m)
    expect(await text('--only-location', 'us/las')).toBe('us/las: no resources of this stack.\n')
  })

  test('as YAML says the same as JSON, and CSV has nothing that a spreadsheet takes for a formula', async () => {
    const [gateway] = journey.sandbox.store.resources()
    journey.sandbox.store.edit(gateway?.id ?? '', (properties) => ({ ...properties, name: '=1+1, "x"' }))
    const json = JSON.parse((await journey.vpnctl('status', '--format', 'json')).stdout)
    const yaml = parse((await journey.vpnctl('status', '--format', 'yaml')).stdout)
    expect({ ...yaml, readAt: '' }).toEqual({ ...json, readAt: '' })
    expect((await journey.vpnctl('status', '--format', 'csv')).stdout).toContain(`,"'=1+1, ""x""",`)
  })

  test('names the stacks of neighbours, what is released, adopted and about to expire', async () => {
    const gateways = journey.sandbox.store.resources().filter(({ parentIds }) => parentIds.length === 0)
    const unowned = gateways.find(({ properties }) => properties.name === 'someone-elses')
    const day = new Date(Date.now() + 6 * 24 * 60 * 60 * 1000).toISOString().slice(0, 10)
    journey.write(
      `${QUICKSTART.replace('- name: ben-laptop', `- name: ben-laptop\n        expires: ${day}`)}
  - name: someone-elses
    id: ${unowned?.id}
    gatewayIP: 203.0.113.77
    interfaceIPv4CIDR: 10.98.0.1/24
    privateKey: { env: OTHER_PRIVATE_KEY }
    connections: [{ datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.101/24 }]
`,
    )
    const { stdout } = await journey.vpnctl('status')
    expect(stdout).toMatch(/^someone-elses .* quickstart /m)
    expect(stdout).toMatch(/^└ ben-laptop .* expires in 6d$/m)
    journey.write('version: 1\nstack: other\nneighbours: [quickstart]\n')
    expect((await journey.vpnctl('status')).stdout).toMatch(/^hq .* quickstart /m)
    journey.write('version: 1\nstack: quickstart\nreleased: [wireguardgateways/hq]\n')
    expect((await journey.vpnctl('status')).stdout).toMatch(/^└ ben-laptop .* released /m)
  })

  test('needs no value of a variable that is in neither the stack nor a location', async () => {
    journey.write(QUICKSTART.replace('203.0.113.10', '$' + '{var.ip}'))
    const known = await journey.vpnctl('status')
    expect(known.stdout).toMatch(/^hq .* quickstart /m)
    expect(known.stderr).toBe('')
    for (const text of ['stack: quickstart', 'location: de/fra']) {
      journey.write(QUICKSTART.replace(text, `${text.split(' ')[0]} \${var.x}`))
      expect((await journey.vpnctl('status')).stderr).toContain('ignoring vpn.yaml')
    }
  })

  test('as JSON is as its schema says', async () => {
    const { stdout } = await journey.vpnctl('status', '--format', 'json')
    const document = JSON.parse(stdout)
    expect(faultsOf('status', document)).toEqual([])
    expect(document.resources).toHaveLength(4)
    expect(document.stack).toBe('quickstart')
  })

  test('--watch reports what changed until it is stopped, and ends well', async () => {
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
    const looks = stdout.match(/^NAME /gm)?.length ?? 0
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

  test('names what the other end needs, and prints one field alone', async () => {
    const { stdout } = await journey.vpnctl('get', 'wireguardgateways/hq', '--format', 'json')
    const { fields } = JSON.parse(stdout)
    expect(fields).toEqual({
      publicKey: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      publicAddress: '203.0.113.10:51820',
      interfaceAddress: '10.99.0.1/24',
    })
    const field = await journey.vpnctl('get', 'wireguardgateways/hq', '--field', 'publicKey')
    expect(field.stdout).toBe(`${fields.publicKey}\n`)
    const unknown = await journey.vpnctl('get', 'wireguardgateways/hq', '--field', 'privateKey')
    expect(unknown.stderr).toContain('has no field "privateKey"')
    expect(unknown.code).toBe(1)
  })

  test('lists a collection or what a pattern matches', async () => {
    const names = async (wanted: string): Promise<readonly string[]> =>
      parse((await journey.vpnctl('get', wanted)).stdout).map(({ name }: { name: string }) => name)
    expect(await names('wireguardgateways')).toEqual(['hq', 'someone-elses'])
    expect(await names('de/fra:wireguardgateways/hq/peers')).toEqual(['anna-laptop', 'ben-laptop'])
    expect(await names('*/peers/b*')).toEqual(['ben-laptop'])
    expect(await names('ipsecgateways')).toEqual([])
    for (const wanted of ['peers', 'wireguardgateways/hg/peers', 'de/fra:ipsecgateways/hq/tunnels']) {
      const { stdout, stderr, code } = await journey.vpnctl('get', wanted)
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).toContain(' is not live in de/fra')
    }
    expect((await journey.vpnctl('get', 'ipsecgateways/*')).code).toBe(1)
  })

  test('reports what was meant', async () => {
    const { stderr, code } = await journey.vpnctl('get', 'wireguardgateways/hg')
    expect(stderr).toContain(
      'wireguardgateways/hg is not live in de/fra (did you mean "wireguardgateways/hq"?)',
    )
    expect(code).toBe(1)
  })

  test('takes a name in place of the address where one resource alone has it', async () => {
    const byName = await journey.vpnctl('get', 'anna-laptop', '--field', 'address')
    expect(byName.stdout).toBe('wireguardgateways/hq/peers/anna-laptop\n')
    expect((await journey.vpnctl('get', 'hg')).code).toBe(1)
  })

  test('an empty address, as of an empty variable, is wrong usage and asks nothing', async () => {
    const before = journey.sandbox.requests().length
    const { stderr, code } = await journey.vpnctl('get', '')
    expect(code).toBe(64)
    expect(journey.sandbox.requests()).toHaveLength(before)
    expect(stderr).toContain('It is empty; it must be an address')
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
