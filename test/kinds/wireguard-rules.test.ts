import { describe, expect, it } from 'vitest'
import { derivePublicKey } from '../../src/kinds/wireguard/keys.ts'
import { publicKey, type Sample } from '../setup/sample-files.ts'
import { found } from './findings.ts'

type Bend = (file: Sample) => unknown

const GATEWAY_ID = '0b1f6e1c-3c0a-4c57-9e0b-1c5d2f3a4b5c'
const hq = (file: Sample): Sample => file.wireguardGateways[0]
/** The networks of the peers anna and ben. */
const claims =
  (anna: unknown, ben: unknown = ['10.99.0.3/32'], gateway: object = {}): Bend =>
  (file) => {
    Object.assign(hq(file), gateway)
    hq(file).peers[0].allowedIPs = anna
    hq(file).peers[1].allowedIPs = ben
  }
/** The same networks at tunnels, which know no such field. */
const atTunnels =
  (...lists: readonly (readonly string[])[]): Bend =>
  (file) => {
    file.ipsecGateways[0].interfaceIPv4CIDR = '10.99.0.1/24'
    lists.forEach((allowedIPs, index) => {
      Object.assign(file.ipsecGateways[0].tunnels[index], { allowedIPs })
    })
  }
/** The first peer is on its way out. */
const leaving =
  (bend: Bend): Bend =>
  (file) => {
    bend(file)
    Object.assign(hq(file).peers[0], { ensure: 'absent', id: GATEWAY_ID })
  }

describe('the networks of two peers', () => {
  const SHARED = ['VPN302', 'VPN303']

  it('that are the same are reported at the later one', async () => {
    expect(await found(SHARED, claims(['10.99.0.8/32'], ['10.99.0.3/32', '10.99.0.8/32']))).toEqual([
      'error VPN302 at 10.99.0.8/32: 10.99.0.8/32 is allowed for two peers, "anna" and "ben"',
      '  do: WireGuard gives a range to the last peer that claims it: give it to one of them',
      '  see 10.99.0.8/32: allowed for "anna" here',
    ])
  })

  it.each([
    [['10.99.0.0/24'], ['10.99.0.8/30'], '10.99.0.8/30 of "ben" lies in 10.99.0.0/24 of "anna"'],
    [['10.99.0.8/30'], ['10.99.0.0/24'], '10.99.0.8/30 of "anna" lies in 10.99.0.0/24 of "ben"'],
    // They begin alike: the order comes from their size.
    [['10.99.0.0/24'], ['10.99.0.0/30'], '10.99.0.0/30 of "ben" lies in 10.99.0.0/24 of "anna"'],
    [['10.99.0.0/30'], ['10.99.0.0/24'], '10.99.0.0/30 of "anna" lies in 10.99.0.0/24 of "ben"'],
  ])('%j and %j of which one lies in the other are reported at the inner one', async (anna, ben, message) => {
    const lines = await found(SHARED, claims(anna, ben))
    expect(lines).toHaveLength(3)
    expect(lines[0]).toContain(`: ${message}`)
    expect(lines[1]).toBe('  do: WireGuard sends it to the more specific one: check that this is meant')
    expect(lines[2]).toMatch(/^ {2}see 10\.99\.0\.0\/24: allowed for "(anna|ben)" here$/)
  })

  it('are told apart where they have nothing in common', async () => {
    expect(await found(SHARED, claims(['10.99.0.2/32', 'TODO', 7], ['10.99.0.3/32', 'TODO', 7]))).toEqual([])
    expect(await found(SHARED, claims(['10.99.0.0/25', '10.99.1.0/25'], ['10.99.0.128/25']))).toEqual([])
    expect(await found(SHARED, claims('10.99.0.2/32', '10.99.0.2/32'))).toEqual([])
  })

  it('are found although addresses of the other family lie between them by their number', async () => {
    const lines = await found(SHARED, claims(['10.0.0.0/16', '::a00:1/128'], ['10.0.0.2/32']))
    expect(lines[0]).toContain('10.0.0.2/32 of "ben" lies in 10.0.0.0/16 of "anna"')
    const other = await found(SHARED, claims(['::/96', '10.0.0.1/32'], ['::a00:2/128']))
    expect(other[0]).toContain('::a00:2/128 of "ben" lies in ::/96 of "anna"')
  })

  it('may overlap within one peer, and with one that may use every address', async () => {
    expect(await found(SHARED, claims(['10.99.0.0/24', '10.99.0.2/32'], []))).toEqual([])
    expect(await found(SHARED, claims(['0.0.0.0/0'], ['10.99.0.3/32']))).toEqual([])
  })

  it("may lie in a supernet of the tunnel's own network, and may not be equal to it", async () => {
    expect(await found(SHARED, claims(['10.0.0.0/8'], ['10.99.0.3/32', '10.20.0.0/16']))).toEqual([])
    expect(await found(SHARED, claims(['10.0.0.0/8'], ['10.0.0.0/8']))).toHaveLength(3)
    expect(await found(SHARED, claims(['10.99.0.0/24'], ['10.99.0.3/32']))).toHaveLength(3)
  })

  it('are of no interest where one of them goes, or where they are of tunnels', async () => {
    const same = ['10.99.0.8/32']
    expect(await found(SHARED, leaving(claims(same, same)))).toEqual([])
    expect(await found(SHARED, atTunnels(same, same))).toEqual([])
  })
})

describe("a peer's addresses and its gateway's network", () => {
  it('have one address in common, or are reported with every network of the gateway', async () => {
    const both = { interfaceIPv6CIDR: '2001:db8:99::1/64' }
    expect(await found('VPN305', claims(['10.98.0.7/32', '10.97.0.2/32'], undefined, both))).toEqual([
      'warning VPN305 at 10.98.0.7/32: no allowedIPs of "anna" are in the gateway\'s network 10.99.0.1/24, 2001:db8:99::1/64',
      "  do: use an address of that network, or check that the LAN's hosts and the other peers have a route to this one",
      "  see 10.99.0.1/24: the gateway's network",
      "  see 2001:db8:99::1/64: the gateway's network",
    ])
    expect(await found('VPN305', claims(['10.99.0.9/32'], undefined, both))).toEqual([])
    expect(await found('VPN305', claims(['2001:db8:99::9/128'], undefined, both))).toEqual([])
  })

  it.each([
    ['the peer has none', claims([])],
    ['what the peer has is not a network', claims(['TODO'])],
    ['the peer may use every address', claims(['0.0.0.0/0'])],
    ['the peer is a site without a number in the tunnel', claims(['10.98.0.0/24'])],
    [
      'the interface has one address only',
      claims(['10.98.0.7/32'], [], { interfaceIPv4CIDR: '10.99.0.1/32' }),
    ],
    ['the gateway has none', claims(['10.98.0.7/32'], ['10.98.1.7/32'], { interfaceIPv4CIDR: 'TODO' })],
    [
      'the gateway says nothing',
      claims(['10.98.0.7/32'], ['10.98.1.7/32'], { interfaceIPv4CIDR: undefined }),
    ],
    ['the peer goes', leaving(claims(['10.98.0.7/32']))],
    ['it is a tunnel', atTunnels(['10.98.0.7/32'])],
  ])('are not compared where %s', async (_why, bend) => {
    expect(await found('VPN305', bend)).toEqual([])
  })

  it('are not compared where the gateway dials the peer', async () => {
    const dialled = (file: Sample) => {
      claims(['10.98.0.7/32'])(file)
      file.wireguardGateways[0].peers[0].endpoint = { host: 'site.example.com' }
    }
    expect(await found('VPN305', dialled)).toEqual([])
  })
})

describe('a peer that may use every address', () => {
  it('is reported for each family', async () => {
    expect(await found('VPN306', claims(['10.99.0.2/32', '0.0.0.0/0', '::/0']))).toEqual([
      'warning VPN306 at 0.0.0.0/0: "anna" may use every address (0.0.0.0/0)',
      "  do: list the peer's own addresses; 0.0.0.0/0 belongs in the peer's own configuration, not here",
      'warning VPN306 at ::/0: "anna" may use every address (::/0)',
      "  do: list the peer's own addresses; ::/0 belongs in the peer's own configuration, not here",
    ])
    expect(await found('VPN306', leaving(claims(['0.0.0.0/0'])))).toEqual([])
    expect(await found('VPN306', atTunnels(['0.0.0.0/0']))).toEqual([])
  })
})

describe("a peer with its gateway's address", () => {
  it('is reported next to that address', async () => {
    expect(await found('VPN308', claims(['10.99.0.2/32', '10.99.0.1']))).toEqual([
      'error VPN308 at 10.99.0.1: 10.99.0.1 of "anna" is the address of the gateway itself',
      '  do: give the peer another address of the network',
      "  see 10.99.0.1/24: the gateway's address",
    ])
  })

  it.each([
    ['a network holds it', claims(['10.99.0.1/30'])],
    ['it is one of the other family with the same number', claims(['::a63:1/128'])],
    ['the peer goes', leaving(claims(['10.99.0.1/32']))],
    ['it is a tunnel', atTunnels(['10.99.0.1/32'])],
  ])('is not reported where %s', async (_why, bend) => {
    expect(await found('VPN308', bend)).toEqual([])
  })
})

describe("a peer's public key", () => {
  const key = (text: unknown): Bend => {
    return (file) => {
      hq(file).peers[0].publicKey = text
    }
  }
  const hint = '  do: ask the peer for the output of: wg pubkey < private.key'

  it('that is none is reported', async () => {
    expect(await found('VPN310', key('TODO'))).toEqual([
      'error VPN310 at TODO: publicKey of "anna" is not a WireGuard key: 32 bytes of base64 (44 characters)',
      hint,
    ])
  })

  it('that gives no secrecy is reported', async () => {
    const zero = Buffer.alloc(32).toString('base64')
    expect(await found('VPN310', key(zero))).toEqual([
      `error VPN310 at ${zero}: publicKey of "anna" is a key that gives no secrecy (all zero or a point of low order)`,
      hint,
    ])
  })

  it('is left to the schema where it is empty or no text', async () => {
    for (const text of ['', 7, undefined]) expect(await found('VPN310', key(text))).toEqual([])
  })

  it('is looked for at peers only', async () => {
    const elsewhere: Bend = (file) => {
      file.ipsecGateways[0].tunnels[0].publicKey = 'TODO'
      hq(file).publicKey = 'TODO'
    }
    expect(await found('VPN310', elsewhere)).toEqual([])
  })
})

describe("a gateway's own keys at a peer", () => {
  const PRIVATE = Buffer.alloc(32, 7).toString('base64')
  const PUBLIC = derivePublicKey(PRIVATE) ?? ''
  const OWN = ['VPN304', 'VPN311']
  const env = { HQ_KEY: `${PRIVATE}\n`, LAB_KEY: Buffer.alloc(32, 9).toString('base64') }
  const key =
    (text: string, gateway = 0): Bend =>
    (file) => {
      file.wireguardGateways[gateway].peers[0].publicKey = text
    }

  it('are reported where it is the private one, at a peer of whichever gateway', async () => {
    const reported = [
      `error VPN311 at ${PRIVATE}: publicKey of "anna" is the private key of the gateway "hq"`,
      '  do: it has been written down in the clear: make a new private key, then put in the public key of the peer',
    ]
    expect(await found(OWN, key(PRIVATE), env)).toEqual(reported)
    expect(await found(OWN, key(PRIVATE, 1), env)).toEqual(reported)
    expect(await found(OWN, key(` ${PRIVATE} `), env)).toHaveLength(2)
  })

  it('are reported where it is the public one, at a peer of that gateway', async () => {
    expect(await found(OWN, key(PUBLIC), env)).toEqual([
      `error VPN304 at ${PUBLIC}: publicKey of "anna" is the gateway's own`,
      '  do: put in the public key of the peer: wg pubkey < private.key, on the peer',
    ])
    expect(await found(OWN, key(PUBLIC, 1), env)).toEqual([])
  })

  it('are not guessed from a private key that is none or gave no value', async () => {
    const bend = key('no key')
    expect(await found(OWN, bend, { ...env, HQ_KEY: 'no key' })).toEqual([])
    expect(await found(OWN, bend, {})).toEqual([])
    expect(await found(OWN, key(publicKey(2)), env)).toEqual([])
  })

  it('are those of WireGuard gateways, and looked for at peers with a text there', async () => {
    expect(await found(OWN, key(PRIVATE), { BERLIN_PSK: PRIVATE })).toEqual([])
    const elsewhere: Bend = (file) => {
      hq(file).publicKey = PRIVATE
      file.ipsecGateways[0].tunnels[0].publicKey = PRIVATE
      delete hq(file).peers[0].publicKey
    }
    expect(await found(OWN, elsewhere, env)).toEqual([])
  })
})
