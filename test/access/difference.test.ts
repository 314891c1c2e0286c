import { expect, test, vi } from 'vitest'
import { accessDifference } from '../../src/access/difference.ts'
import {
  desiredEstate,
  type Estate,
  endpointsOf,
  estateOf,
  type NetworkResource,
} from '../../src/access/estate.ts'
import { flowsFrom } from '../../src/access/flows.ts'
import type { AccessChange } from '../../src/access/lines.ts'
import { conciseList } from '../../src/access/network-texts.ts'
import {
  EVERYWHERE,
  intersect,
  meets,
  type Networks,
  networksOf,
  subtract,
  union,
} from '../../src/access/networks.ts'
import { unmanagedAccess } from '../../src/access/report.ts'
import { accessSentence } from '../../src/report/access/words.ts'
import { desiredState, type Entry } from '../support/desired-builder.ts'
import { RANDOM_TIMEOUT_MS, Reached, runs } from '../support/random-runs.ts'
import { randomEstate, randomOf } from './random-estate.ts'

vi.setConfig({ testTimeout: RANDOM_TIMEOUT_MS })

const LAN = [
  { datacenterId: '5a029f4a-72e5-11ec-90d6-0242ac120003', lanId: '2', ipv4CIDR: '192.168.1.100/24' },
]

function hq(peers: Readonly<Record<string, readonly string[]>>, more: Partial<Entry> = {}): Estate {
  const entries = Object.entries(peers).map(([name, allowedIPs]) => ({ name, allowedIPs }))
  const gateway = {
    name: 'hq',
    gatewayIP: '203.0.113.10',
    interfaceIPv4CIDR: '10.99.0.1/24',
    connections: LAN,
  }
  return desiredEstate(desiredState({ wireguardGateways: [{ ...gateway, ...more, peers: entries }] }))
}

function sentences(before: Estate, after: Estate): readonly string[] {
  return accessDifference(before, after).map((change) => accessSentence(change, 'plan'))
}

const anna = ['10.99.0.2/32']

test('a peer with another address is named with both, since it gains and loses the same', () => {
  const ben = ['10.99.0.3/32']
  expect(sentences(hq({ anna, ben }), hq({ anna: ['10.99.0.22/32'], ben }))).toEqual([
    'ben, LAN 2 gain 10.99.0.22/32 (anna, through hq)',
    'anna from 10.99.0.22/32 gains 10.99.0.3/32 (ben), 192.168.1.0/24 (LAN 2), through hq',
    'anna from 10.99.0.2/32 loses 10.99.0.3/32 (ben), 192.168.1.0/24 (LAN 2), through hq',
    'nobody in the VPN will still reach 10.99.0.2/32 (anna, through hq)',
  ])
})

test('an endpoint that is not in the files is not called unmanaged by drift, which may have found it owned', () => {
  const resources = [...hqResources(), rogue(['10.99.0.66/32'])]
  expect(unmanagedAccess(resources).map((change) => accessSentence(change, 'drift'))).toEqual([
    'rogue: not in the files, reaches 10.20.0.0/16 (office), 192.168.1.0/24 (LAN 2), through hq',
  ])
})

test('a network behind one peer is what all others gain', () => {
  expect(
    sentences(hq({ anna, office: ['10.99.0.4/32'] }), hq({ anna, office: ['10.99.0.4/32', '10.20.0.0/16'] })),
  ).toEqual([
    'anna, LAN 2 gain 10.20.0.0/16 (office, through hq)',
    'office from 10.20.0.0/16 gains 10.99.0.2/32 (anna), 192.168.1.0/24 (LAN 2), through hq',
  ])
})

test('a more specific network takes packets from another peer', () => {
  expect(
    sentences(hq({ office: ['10.20.0.0/16'] }), hq({ office: ['10.20.0.0/16'], rogue: ['10.20.5.0/24'] })),
  ).toContain('packets from LAN 2 to 10.20.5.0/24 will go to rogue and not to office (through hq)')
})

test('what is reached from some addresses only is a line of its own', () => {
  expect(
    sentences(
      hq({ anna, office: ['10.99.0.4/32'] }),
      hq({ anna, ben: ['10.99.0.3/32'], office: ['10.99.0.4/32', '10.20.0.0/16'] }),
    ).filter((line) => line.startsWith('office')),
  ).toEqual([
    'office from 10.20.0.0/16 gains 10.99.0.2/32 (anna), 10.99.0.3/32 (ben), 192.168.1.0/24 (LAN 2), through hq',
    'office from 10.99.0.4/32 gains 10.99.0.3/32 (ben, through hq)',
  ])
})

test('a LAN that grows around the network of a peer no longer sends there', () => {
  const lab = { anna, lab: ['192.168.7.0/24'] }
  const wide = { connections: LAN.map((each) => ({ ...each, ipv4CIDR: '192.168.1.100/16' })) }
  expect(sentences(hq(lab), hq(lab, wide))).toContain('LAN 2 loses 192.168.7.0/24 (lab, through hq)')
})

test('a peer whose network becomes a LAN of the gateway gains that LAN', () => {
  const peers = { anna, office: ['10.20.0.0/16'] }
  const connections = [...LAN, { ...LAN[0], lanId: '3', ipv4CIDR: '10.20.5.100/24' }]
  expect(sentences(hq(peers), hq(peers, { connections }))).toContain(
    'office gains 10.20.5.0/24 (LAN 3, through hq)',
  )
})

test('what nobody reaches any more is said once', () => {
  expect(
    sentences(
      hq({ anna, ben: ['10.99.0.3/32'], office: ['10.9.0.0/16'] }),
      hq({ anna, ben: ['10.99.0.3/32'] }),
    ),
  ).toEqual([
    'office loses 10.99.0.2/32 (anna), 10.99.0.3/32 (ben), 192.168.1.0/24 (LAN 2), through hq',
    'nobody in the VPN will still reach 10.9.0.0/16 (office, through hq)',
  ])
})

test('peers of a new gateway share one line', () => {
  const peers = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`p${n}`, [`10.99.0.${n + 2}/32`]]))
  expect(sentences(estateOf([]), hq(peers))).toHaveLength(1)
})

test('whose network each one is can be read, also where they are adjacent', () => {
  const peers = { anna, ben: ['10.99.0.3/32'], eva: ['10.99.0.4/32', '10.99.0.5/32'] }
  expect(sentences(hq({ anna }), hq(peers))).toEqual([
    'anna, LAN 2 gain 10.99.0.3/32 (ben), 10.99.0.4/32, 10.99.0.5/32 (eva), through hq',
    "ben (10.99.0.3/32), eva (10.99.0.4/32, 10.99.0.5/32) gain each other's networks and 10.99.0.2/32 (anna), 192.168.1.0/24 (LAN 2), through hq",
  ])
  expect(sentences(hq(peers), hq({ anna }))).toContain(
    'nobody in the VPN will still reach 10.99.0.3/32 (ben), 10.99.0.4/32, 10.99.0.5/32 (eva), through hq',
  )
})

test('exceptions of a network are not mixed with what follows', () => {
  const set = subtract(
    networksOf(['10.0.0.0/8', '172.16.0.0/12']),
    networksOf(['10.1.1.0/24', '10.9.0.0/16']),
  )
  expect(conciseList(set)).toBe('10.0.0.0/8 except 10.1.1.0/24, 10.9.0.0/16; 172.16.0.0/12')
  const all = ['10.99.0.1/32', '10.99.0.2/32', '10.99.0.4/32', '192.168.1.0/24', '192.168.10.0/24']
  expect(conciseList(subtract(networksOf(['0.0.0.0/0']), networksOf(all)))).toBe(
    `0.0.0.0/0 except ${all.join(', ')}`,
  )
})

test('a peer without an address of a family gains nothing of it', () => {
  const v6 = { interfaceIPv6CIDR: '2001:db8::1/64' }
  expect(sentences(hq({ anna }, v6), hq({ anna, lab: ['2001:db8::2/128'] }, v6))).toEqual([])
})

test('descriptions and the order of peers change nothing', () => {
  const reordered = hq({ ben: ['10.99.0.3/32'], anna }, { description: 'moved' })
  expect(accessDifference(hq({ anna, ben: ['10.99.0.3/32'] }), reordered)).toEqual([])
})

test('an unmanaged peer is named with what it reaches and what it takes', () => {
  const resources = [...hqResources(), rogue(['10.99.0.66/32', '10.20.5.0/24'])]
  expect(unmanagedAccess(resources).map((change) => accessSentence(change, 'plan'))).toEqual([
    'rogue: not in the files, reaches 10.20.0.0/16 except 10.20.5.0/24 (office), 192.168.1.0/24 (LAN 2), through hq',
    'packets from LAN 2 to 10.20.5.0/24 will go to rogue and not to office (through hq)',
  ])
})

function hqResources(): readonly NetworkResource[] {
  const { resources } = desiredState({
    wireguardGateways: [
      {
        name: 'hq',
        gatewayIP: '203.0.113.10',
        interfaceIPv4CIDR: '10.99.0.1/24',
        connections: LAN,
        peers: [{ name: 'office', allowedIPs: ['10.20.0.0/16'] }],
      },
    ],
  })
  return resources.map((each) => ({ ...each, key: each.address, parentKey: each.parent?.address }))
}

function rogue(allowedIPs: readonly string[]): NetworkResource {
  const [, office] = hqResources()
  const address = 'wireguardgateways/hq/peers/rogue'
  return {
    ...(office as NetworkResource),
    key: address,
    name: 'rogue',
    address,
    spec: { allowedIPs },
    unmanaged: true,
  }
}

const PAIRS = runs(100, 3000)

// Every pair of addresses that an endpoint reaches in one estate and not in the other is in a line, and nothing else is.
test('the lines say all that changes between two random estates, and nothing else', () => {
  let changed = 0
  const reached = new Reached()
  for (let seed = 1; seed <= PAIRS; seed += 1) {
    const random = randomOf(seed)
    const [one, other] = [randomEstate(random), randomEstate(random)]
    // The comparison below knows the addresses of the random networks alone.
    const text = JSON.stringify([one, other].flat().map(({ spec }) => spec))
    if (!reached.count(!text.includes('/0"'))) continue
    const [before, after] = [
      estateOf(one),
      estateOf(random(3) === 0 ? other : changedSlightly(one, other, random)),
    ]
    const lines = accessDifference(before, after)
    for (const [type, from, to] of [
      ['gain', before, after],
      ['loss', after, before],
    ] as const) {
      const wanted = onlyReached(to, from)
      const said = lines.filter(
        (line) => line.type === type || (type === 'loss' && line.type === 'unreached'),
      )
      const networks = networksOf(said.flatMap((line) => line.networks))
      for (const { key, sources, destinations } of wanted) {
        expect(intersect(destinations, networks), `seed ${seed}`).toEqual(destinations)
        const from = said
          .filter((line) => line.type === 'unreached' || isFrom(line, key))
          .filter((line) => meets(networksOf(line.networks), destinations))
          .flatMap((line) => (line.sources === undefined ? EVERYWHERE : networksOf(line.sources)))
        expect(intersect(sources, union(from)), `seed ${seed}: ${key}`).toEqual(sources)
      }
      for (const line of said) {
        const own = wanted.filter(({ key }) => line.type === 'unreached' || isFrom(line, key))
        expect(
          own.some(({ destinations }) => meets(destinations, networksOf(line.networks))),
          `seed ${seed}: ${type}`,
        ).toBe(true)
        // Each address of a part reaches all that the line says. Of several senders, none reaches its own networks.
        if (line.sources === undefined || line.from.length !== 1) continue
        const part = networksOf(line.sources)
        for (const { destinations, sources } of own)
          if (meets(destinations, networksOf(line.networks)))
            expect(subtract(intersect(part, KNOWN), sources), `seed ${seed}: ${type}`).toEqual([])
      }
      changed += wanted.length
    }
  }
  reached.expectShare(0.4)
  expect(changed).toBeGreaterThan(PAIRS)
})

// One or two resources differ, as in most changes.
function changedSlightly(
  one: readonly NetworkResource[],
  other: readonly NetworkResource[],
  random: (limit: number) => number,
): readonly NetworkResource[] {
  const at = random(one.length)
  return one.flatMap((resource, index) => {
    if (index !== at) return [resource]
    const like = other.find(({ kind }) => kind === resource.kind)
    return like === undefined
      ? resource.parentKey === undefined
        ? [resource]
        : []
      : [{ ...resource, spec: like.spec }]
  })
}

function isFrom({ from }: AccessChange, key: string): boolean {
  return from.some(({ address, name }) => key === (address ?? name))
}

interface ReachedNetworks {
  readonly key: string
  /** Those of the known addresses that reach it. */
  readonly sources: Networks
  readonly destinations: Networks
}

const ADDRESSES = Array.from({ length: 32 }, (_, n) => [`192.0.2.${n}`, `2001:db8::${n.toString(16)}`]).flat()
const KNOWN = networksOf(ADDRESSES)

// Address by address, without the functions that compare.
function onlyReached(estate: Estate, reference: Estate): readonly ReachedNetworks[] {
  const single = ADDRESSES.map((text) => networksOf([text]))
  return endpointsOf(estate).flatMap((endpoint) => {
    const twin = endpointsOf(reference).find(({ key }) => key === endpoint.key)
    const now = flowsFrom(estate, endpoint).filter(({ to }) => to.type !== 'gateway')
    const then =
      twin === undefined ? [] : flowsFrom(reference, twin).filter(({ to }) => to.type !== 'gateway')
    return single.flatMap((destination): ReachedNetworks[] => {
      const sources = single.filter((source) => {
        const isIn = (flows: typeof now): boolean =>
          flows.some((flow) => meets(flow.sources, source) && meets(flow.destinations, destination))
        return isIn(now) && !isIn(then)
      })
      const key = endpoint.address ?? endpoint.name
      return sources.length === 0 ? [] : [{ key, sources: union(sources.flat()), destinations: destination }]
    })
  })
}
