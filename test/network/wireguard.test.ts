import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { derivePublicKey } from '../../src/kinds/wireguard/keys.ts'
import type { PlainObject } from '../../src/model/json.ts'
import { Secret } from '../../src/model/secret.ts'
import type { OtherEndOptions } from '../../src/peer-config/index.ts'
import { renderWgQuick } from '../../src/peer-config/wg-quick.ts'
import { textOf } from '../other-end/fixtures.ts'
import { Lab, within } from './lab.ts'
import { missing, skipMessage } from './tools.ts'

const why = missing('wg', 'wg-quick', 'wireguard-go', 'ip', 'ping')
skipMessage('tests with WireGuard', why)

// Throw-away keys, made for these tests.
const keyOf = (seed: number): string => Buffer.alloc(32, seed).toString('base64')
const publicOf = (seed: number): string => derivePublicKey(keyOf(seed)) ?? ''
const GATEWAY = 99

interface Peer {
  readonly name: string
  readonly seed: number
  readonly allowedIPs: readonly string[]
  readonly options?: OtherEndOptions
}

describe.skipIf(why !== undefined)("wg-quick with vpnctl's file", () => {
  let lab: Lab
  beforeEach(() => {
    lab = new Lab()
  })
  afterEach(() => lab.close())

  const up = (host: string, name: string, config: string): void => {
    const file = lab.file(`${name}.conf`, config)
    lab.leave(host, 'wg-quick', 'up', file)
    lab.atEnd(() => lab.leave(host, 'wg-quick', 'down', file))
  }

  /** A gateway with its LAN, written by hand from the fields, and peers with what vpnctl writes for them. */
  const network = (fields: PlainObject, peers: readonly Peer[]): void => {
    const spec = {
      gatewayIP: '203.0.113.10',
      listenPort: 51820,
      connections: [{ lanId: '2', ipv4CIDR: '192.168.1.100/24', ipv6CIDR: '2001:db8:1::10/64' }],
      ...fields,
    }
    lab.host('gateway', '203.0.113.10', '192.168.1.100/24', '2001:db8:1::10/64')
    lab.in('gateway', 'sh', '-c', 'echo 1 > /proc/sys/net/ipv6/conf/all/forwarding')
    const own = [fields.interfaceIPv4CIDR, fields.interfaceIPv6CIDR].filter((each) => each !== undefined)
    const sections = peers.map(
      ({ seed, allowedIPs }) =>
        `[Peer]\nPublicKey = ${publicOf(seed)}\nAllowedIPs = ${allowedIPs.join(', ')}\n`,
    )
    const head = `[Interface]\nPrivateKey = ${keyOf(GATEWAY)}\nAddress = ${own.join(', ')}\nListenPort = 51820\n`
    up('gateway', `g${process.pid}`, head + sections.join(''))
    for (const [index, { name, seed, allowedIPs, options }] of peers.entries()) {
      const siblings = peers
        .filter((peer) => peer.name !== name)
        .map((peer) => ({ name: peer.name, spec: { allowedIPs: peer.allowedIPs } }))
      const config = renderWgQuick({
        gateway: { name: 'hq', spec, publicKey: publicOf(GATEWAY) },
        child: { name, spec: { publicKey: publicOf(seed), allowedIPs } },
        siblings,
        secret: new Secret(keyOf(seed)),
        ...(options === undefined ? {} : { options }),
      })
      up(name, `p${index}x${process.pid}`, textOf(config))
    }
  }
  const answers = (host: string, from: string, to: string): Promise<boolean> =>
    within(6, () => lab.pings(host, from, to))

  it('lets peers of one family and of both reach the LAN, on a host without IPv6 too', async () => {
    lab.host('four', '203.0.113.21')
    lab.in('four', 'sh', '-c', 'for each in /proc/sys/net/ipv6/conf/*/disable_ipv6; do echo 1 > $each; done')
    lab.host('both', '203.0.113.22')
    lab.host('six', '203.0.113.23')
    network({ interfaceIPv4CIDR: '10.99.0.1/24', interfaceIPv6CIDR: '2001:db8:99::1/64' }, [
      { name: 'four', seed: 1, allowedIPs: ['10.99.0.2/32'] },
      { name: 'both', seed: 2, allowedIPs: ['10.99.0.3/32', '2001:db8:99::3/128'] },
      { name: 'six', seed: 3, allowedIPs: ['2001:db8:99::4/128'] },
    ])
    expect(await answers('four', '10.99.0.2', '192.168.1.100')).toBe(true)
    expect(await answers('both', '10.99.0.3', '192.168.1.100')).toBe(true)
    expect(await answers('both', '2001:db8:99::3', '2001:db8:1::10')).toBe(true)
    expect(await answers('six', '2001:db8:99::4', '2001:db8:1::10')).toBe(true)
  })

  it('reaches what is behind another peer with --via-hub only', async () => {
    lab.host('site', '203.0.113.21', '10.20.0.1/16')
    lab.host('laptop', '203.0.113.22')
    lab.host('plain', '203.0.113.23')
    network({ interfaceIPv4CIDR: '10.99.0.1/24' }, [
      {
        name: 'site',
        seed: 1,
        allowedIPs: ['10.99.0.3/32', '10.20.0.0/16'],
        options: { keepaliveSeconds: 1 },
      },
      { name: 'laptop', seed: 2, allowedIPs: ['10.99.0.2/32'], options: { viaHub: true } },
      { name: 'plain', seed: 3, allowedIPs: ['10.99.0.4/32'] },
    ])
    expect(await answers('laptop', '10.99.0.2', '10.20.0.1')).toBe(true)
    expect(lab.pings('plain', '10.99.0.4', '10.20.0.1')).toBe(false)
    expect(await answers('plain', '10.99.0.4', '192.168.1.100')).toBe(true)
  })

  it('reaches the LAN where the interface of the gateway has one address only', async () => {
    lab.host('anna', '203.0.113.21')
    network({ interfaceIPv4CIDR: '172.16.0.1/32' }, [
      { name: 'anna', seed: 1, allowedIPs: ['172.16.0.2/32'] },
    ])
    expect(await answers('anna', '172.16.0.2', '192.168.1.100')).toBe(true)
    expect(await answers('anna', '172.16.0.2', '172.16.0.1')).toBe(true)
  })
})
