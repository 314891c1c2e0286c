import { expect, test, vi } from 'vitest'
import {
  type Endpoint,
  type Estate,
  endpointsOf,
  estateOf,
  type NetworkResource,
} from '../../src/access/estate.ts'
import { flowsFrom } from '../../src/access/flows.ts'
import { meets, networksOf } from '../../src/access/networks.ts'
import { IS_NIGHTLY, RANDOM_TIMEOUT_MS, runs } from '../support/random-runs.ts'
import { addressText, FEW_ADDRESSES, type Random, randomEstate, randomOf } from './random-estate.ts'
import {
  anyHolds,
  connectionsOf,
  type Delivery,
  networksAt,
  networksOfResource,
  numberOf,
  type Packet,
  simulate,
} from './simulator.ts'

vi.setConfig({ testTimeout: RANDOM_TIMEOUT_MS })

const PACKETS = runs(2_000, 100_000)
const PER_ESTATE = 25

interface Sent {
  readonly packet: Packet
  readonly source: string
  readonly destination: string
  readonly endpoint: Endpoint
}

// Most packets start where they may, and go to an address that is in some network: others are dropped at once.
function randomPacket(random: Random, resources: readonly NetworkResource[], estate: Estate): Sent {
  const isIpv6 = random(4) === 0
  const endpoints = endpointsOf(estate).filter(({ type }) => type !== 'gateway')
  const endpoint = endpoints[random(endpoints.length)] as Endpoint
  const from = startOf(random, resources, endpoint)
  const source = addressIn(random, isIpv6, networksAt(resources, from))
  const destination = addressIn(random, isIpv6, networksOfResource(resources[random(resources.length)]))
  const packet = { from, source: numberOf(source), destination: numberOf(destination) }
  return { packet, source, destination, endpoint }
}

function addressIn(random: Random, isIpv6: boolean, texts: readonly string[]): string {
  const all = Array.from({ length: FEW_ADDRESSES }, (_, n) => addressText(n, isIpv6))
  const inside = random(8) === 0 ? [] : all.filter((text) => anyHolds(texts, numberOf(text)))
  const among = inside.length === 0 ? all : inside
  return among[random(among.length)] as string
}

function startOf(random: Random, resources: readonly NetworkResource[], endpoint: Endpoint): Packet['from'] {
  if (endpoint.type === 'end') return { type: 'end', key: endpoint.key }
  if (endpoint.type === 'cloud') return { type: 'cloud', gateway: endpoint.home ?? '' }
  const attached = resources.filter(
    (each) =>
      each.parentKey === undefined &&
      connectionsOf(each).some(
        ({ datacenterId, lanId }) => JSON.stringify([datacenterId, lanId]) === endpoint.key,
      ),
  )
  return {
    type: 'lan',
    key: endpoint.key,
    gateway: (attached[random(attached.length)] as NetworkResource).key,
  }
}

function computed(estate: Estate, { packet, source, destination, endpoint }: Sent): Delivery[] {
  const [s, d] = [networksOf([source]), networksOf([destination])]
  const start = packet.from.type === 'end' ? undefined : packet.from.gateway
  return flowsFrom(estate, endpoint)
    .filter(({ sources, destinations }) => meets(sources, s) && meets(destinations, d))
    .filter(({ through }) => start === undefined || through[0]?.key === start)
    .map(({ to, through }) => ({
      to: to.type === 'cloud' ? to.key : `${to.type} ${to.key}`,
      through: through.map(({ key }) => key),
    }))
}

test('what is computed as sets is what happens to each packet', () => {
  const counts = { delivered: 0, dropped: 0, twoGateways: 0, ends: 0, lans: 0, cloud: 0 }
  for (let seed = 1; seed <= PACKETS / PER_ESTATE; seed += 1) {
    const random = randomOf(seed)
    const resources = randomEstate(random)
    const estate = estateOf(resources)
    for (let n = 0; n < PER_ESTATE; n += 1) {
      const sent = randomPacket(random, resources, estate)
      const delivery = simulate(resources, sent.packet)
      const found = computed(estate, sent)
      expect(
        found,
        `seed ${seed}, packet ${n}: ${sent.endpoint.key} ${sent.source} > ${sent.destination}`,
      ).toEqual(delivery === undefined ? [] : [delivery])
      counts[delivery === undefined ? 'dropped' : 'delivered'] += 1
      if (delivery === undefined) continue
      if (delivery.through.length > 1) counts.twoGateways += 1
      if (delivery.to.startsWith('end')) counts.ends += 1
      if (delivery.to.startsWith('lan')) counts.lans += 1
      if (delivery.to.startsWith('cloud')) counts.cloud += 1
    }
  }
  if (IS_NIGHTLY) console.log(counts)
  expect(counts.delivered / PACKETS).toBeGreaterThan(0.1)
  expect(counts.dropped / PACKETS).toBeGreaterThan(0.3)
})
