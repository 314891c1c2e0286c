import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ipsecTunnel } from '../../src/kinds/ipsec/tunnel.ts'
import { getPath } from '../../src/model/json.ts'
import { Secret } from '../../src/model/secret.ts'
import { renderSwanctl } from '../../src/peer-config/swanctl.ts'
import { phase, textOf, tunnelInput } from '../other-end/fixtures.ts'
import { Charon } from './charon.ts'
import { Lab, within } from './lab.ts'
import { missing, missingPlugin, skipMessage } from './tools.ts'

const why = missing('charon-systemd', 'swanctl', 'ip', 'ping')
skipMessage('tests with strongSwan', why)
const noTraffic = why ?? missingPlugin('kernel-libipsec')
if (why === undefined) skipMessage('tests with traffic through strongSwan', noTraffic)
const forwarding = it.skipIf(noTraffic !== undefined)

const PSK = 'throw-away-key-of-this-test'
const REKEYS = Number(process.env.REKEYS ?? 1000)
const ONE = { ike: 1, child: 1 }

interface Ends {
  readonly gatewayIP: string
  readonly remoteHost: string
  readonly cloud: string
  readonly peer: string
}
const ENDS: Ends = {
  gatewayIP: '203.0.113.11',
  remoteHost: '203.0.113.20',
  cloud: '192.168.1.0/24',
  peer: '10.20.0.0/16',
}

/** The site's end, as vpnctl writes it; outages are noticed sooner than in the field. */
function site({ gatewayIP, remoteHost, cloud, peer }: Ends): string {
  const algorithms = phase('AES256-GCM-16', 'SHA256', '19-ECP256', 3600)
  const spec = {
    remoteHost,
    ike: algorithms,
    esp: algorithms,
    cloudNetworkCIDRs: [cloud],
    peerNetworkCIDRs: [peer],
  }
  const input = {
    gateway: { name: 'branch', spec: { gatewayIP } },
    child: { name: 'berlin', spec },
    secret: new Secret(PSK),
  }
  return textOf(renderSwanctl(input)).replace('dpd_delay = 30s', 'dpd_delay = 2s')
}

/** The gateway's end, written by hand from the fields of the tunnel. */
function cloud({ gatewayIP, remoteHost, cloud: own, peer }: Ends, start: 'none' | 'start'): string {
  return `connections { berlin {
    version = 2
    local_addrs = ${gatewayIP}
    remote_addrs = ${remoteHost}
    proposals = aes256gcm16-prfsha256-ecp256
    dpd_delay = 2s
    local { auth = psk
      id = ${gatewayIP} }
    remote { auth = psk
      id = ${remoteHost} }
    children { berlin {
      local_ts = ${own}
      remote_ts = ${peer}
      esp_proposals = aes256gcm16-ecp256
      start_action = ${start}
      dpd_action = ${start === 'start' ? 'restart' : 'clear'} } } } }
secrets { ike-berlin { id-1 = ${gatewayIP}
    id-2 = ${remoteHost}
    secret = ${PSK} } }
`
}

describe.skipIf(why !== undefined)("strongSwan with vpnctl's file", () => {
  let lab: Lab
  beforeEach(() => {
    lab = new Lab()
  })
  afterEach(() => lab.close())

  const pair = (): { gateway: Charon; other: Charon } => {
    lab.host('gateway', ENDS.gatewayIP, '192.168.1.1/24')
    lab.host('site', ENDS.remoteHost, '10.20.0.1/16')
    return { gateway: new Charon(lab, 'gateway'), other: new Charon(lab, 'site') }
  }
  const flows = (): boolean => lab.pings('site', '10.20.0.1', '192.168.1.1')

  // Both ends may start within one round trip of each other, which neither can see: then there are two for a while.
  forwarding.each([
    ['none', 1],
    ['start', 2],
  ] as const)('recovers from every outage, the gateway starting by %s', async (start, most) => {
    const { gateway, other } = pair()
    await gateway.start(cloud(ENDS, start))
    await other.start(site(ENDS))
    const recovers = async (after: string, seconds: number): Promise<void> => {
      expect(await within(seconds, () => gateway.sas().child > 0 && flows()), after).toBe(true)
      expect(await within(10, () => gateway.sas().child <= most && other.sas().child <= most), after).toBe(
        true,
      )
    }
    await recovers('after the start', 10)

    gateway.swanctl('--terminate', '--child', 'berlin')
    await recovers('after the gateway closed the child', 10)
    gateway.swanctl('--terminate', '--ike', 'berlin')
    await recovers('after the gateway closed the connection', 10)

    await gateway.stop()
    await other.stop()
    await other.start(site(ENDS))
    await sleep(8000)
    await gateway.start(cloud(ENDS, start))
    await recovers('after a boot while the gateway was away', 20)

    lab.in('gateway', 'ip', 'link', 'set', 'eth0', 'down')
    await sleep(12_000)
    lab.in('gateway', 'ip', 'link', 'set', 'eth0', 'up')
    await recovers('after an outage', 30)

    await gateway.stop('SIGKILL')
    await gateway.start(cloud(ENDS, start))
    await recovers('after the gateway lost its state', 30)
  })

  // The daemons answer at once and work on: the second command meets the first.
  const collide = (one: Charon, first: readonly string[], two: Charon, second: readonly string[]): void => {
    one.swanctl(...first)
    two.swanctl(...second)
  }
  const siteName = /\n {2}(\S+) \{/.exec(site(ENDS))?.[1] ?? ''

  forwarding(`has one child after ${REKEYS} re-keys from both ends at once`, async () => {
    const { gateway, other } = pair()
    await gateway.start(cloud(ENDS, 'none'))
    await other.start(site(ENDS))
    expect(await within(10, () => gateway.sas().child === 1 && flows())).toBe(true)
    for (let round = 0; round < REKEYS; round += 1)
      collide(gateway, ['--rekey', '--child', 'berlin'], other, ['--rekey', '--child', siteName])
    await within(20, () => [gateway, other].every((each) => each.sas().child === 1))
    expect([gateway.sas(), other.sas()]).toEqual([ONE, ONE])
    expect(flows()).toBe(true)
  })

  forwarding('makes no storm of connections when both ends start at once, twenty times', async () => {
    const { gateway, other } = pair()
    await gateway.start(cloud(ENDS, 'start'))
    await other.start(site(ENDS))
    expect(await within(10, () => gateway.sas().child > 0 && flows())).toBe(true)
    for (let round = 0; round < 20; round += 1) {
      gateway.swanctl('--terminate', '--ike', 'berlin', '--force', '--timeout', '1')
      const start = ['--timeout', '-1', '--initiate', '--child']
      collide(gateway, [...start, 'berlin'], other, [...start, siteName])
    }
    await sleep(8000)
    const before = gateway.sas()
    expect(before.child).toBeGreaterThan(0)
    expect(before.child).toBeLessThanOrEqual(2)
    await sleep(8000)
    expect(gateway.sas()).toEqual(before)
    expect(flows()).toBe(true)
  })

  forwarding('reaches one site through either gateway of a redundant pair', async () => {
    const second = { ...ENDS, gatewayIP: '203.0.113.12', remoteHost: '203.0.113.21' }
    lab.host('gateway', ENDS.gatewayIP, '192.168.1.1/24')
    lab.host('second', second.gatewayIP, '192.168.1.2/24')
    lab.host('site', ENDS.remoteHost, '10.20.0.1/16')
    lab.host('router', second.remoteHost, '10.20.0.2/16')
    const gateways = [new Charon(lab, 'gateway'), new Charon(lab, 'second')] as const
    const sites = [new Charon(lab, 'site'), new Charon(lab, 'router')] as const
    for (const [index, ends] of [ENDS, second].entries()) {
      await gateways[index]?.start(cloud(ends, 'none'))
      await sites[index]?.start(site(ends))
    }
    expect(await within(10, () => lab.pings('site', '10.20.0.1', '192.168.1.1'))).toBe(true)
    expect(await within(10, () => lab.pings('router', '10.20.0.2', '192.168.1.2'))).toBe(true)
    await gateways[0].stop('SIGKILL')
    expect(lab.pings('router', '10.20.0.2', '192.168.1.2')).toBe(true)
  })

  it('loads every combination of algorithms, and two files with one tunnel name', async () => {
    const allowed = (field: string): readonly string[] =>
      getPath(ipsecTunnel.schema, ['properties', 'ike', 'properties', field, 'enum']) as string[]
    const phases = allowed('encryptionAlgorithm').flatMap((cipher) =>
      allowed('integrityAlgorithm').flatMap((integrity) =>
        allowed('diffieHellmanGroup').map((group) => phase(cipher, integrity, group, 3600)),
      ),
    )
    expect(phases).toHaveLength(320)
    const input = tunnelInput()
    const render = (name: string, gatewayIP: string, both: ReturnType<typeof phase>): string =>
      textOf(
        renderSwanctl({
          gateway: { name: 'branch', spec: { gatewayIP } },
          child: { name, spec: { ...input.child.spec, ike: both, esp: both } },
          secret: new Secret(`throw-away-${name}`),
          options: { start: 'none' },
        }),
      )
    const config = phases.map((both, index) => render(`t${index}`, '203.0.113.11', both)).join('')
    const { other } = pair()
    const [one] = phases
    if (one === undefined) throw new Error('no phases')
    await other.start(render('berlin', '203.0.113.11', one) + render('berlin', '203.0.113.12', one))
    expect(other.swanctl('--list-conns', '--raw')?.match(/list-conn event/g)).toHaveLength(2)
    const loaded = other.load(config)
    for (const index of phases.keys())
      expect(loaded).toMatch(new RegExp(`event \\{branch-t${index}-[0-9a-f]{6} \\{`))
    expect(loaded).toContain('local-ts=[10.20.0.0/16 2001:db8:20::/48] remote-ts=[192.168.1.0/24]')
    // charon refuses what it does not know, so that the loop above can fail.
    expect(() => other.load(config.replaceAll('aes128ccm12', 'aes128ccm13'))).toThrow(/refused/)
  })
})
