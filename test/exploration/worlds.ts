import { deriveId } from '../../src/model/identity.ts'
import type { BehaviourOptions } from '../../src/sandbox/behaviour.ts'
import { STACK } from '../simulation/estate.ts'
import { revealed } from '../simulation/files.ts'
import type { RunActor, Scenario, Seeded } from '../simulation/scenario.ts'
import type { Arriving, Service } from '../simulation/service.ts'
import { lan, sampleKey, throwAwayKey, type Wanted } from '../support/desired-builder.ts'

const LOCATION = 'de/fra'
const GATEWAY = deriveId(STACK, LOCATION, 'wireguardgateways/hq')
const peerId = (name: string): string => deriveId(STACK, LOCATION, `wireguardgateways/hq/peers/${name}`)
/** Who acts at the portal. */
export const ADMINISTRATOR = '00000000-0000-4000-8000-0000000ad317'

const peer = (name: string, number: number) => ({
  name,
  publicKey: sampleKey(number),
  allowedIPs: [`10.99.${number}.2/32`],
})
const ANNA = peer('anna', 1)
const BEN = peer('ben', 2)
const HQ = {
  name: 'hq',
  gatewayIP: '203.0.113.10',
  connections: [lan('2', '192.168.1.100/24')],
  interfaceIPv4CIDR: '10.0.0.1/24',
  privateKey: throwAwayKey(1),
}

/** What is live when both runs begin, and the file that both are given. */
export interface World {
  readonly file: Wanted
  readonly seeded: readonly Seeded[]
}

const fileOf = (peers: readonly (typeof ANNA)[]): Wanted => ({
  stack: STACK,
  location: LOCATION,
  wireguardGateways: [{ ...HQ, peers: [...peers] }],
})
const liveGateway = (more = {}): Seeded => ({
  kind: 'wireguard-gateway',
  location: LOCATION,
  id: GATEWAY,
  properties: revealed({ ...HQ, ...more }),
})
const livePeer = (of: typeof ANNA, more = {}): Seeded => ({
  kind: 'wireguard-peer',
  location: LOCATION,
  parentId: GATEWAY,
  id: peerId(of.name),
  properties: revealed({ ...of, ...more }),
})
const FORMER = { description: 'former' }

/** The start worlds, by name. */
export const WORLDS: Readonly<Record<string, World>> = {
  'nothing exists': { file: fileOf([ANNA, BEN]), seeded: [] },
  'a peer differs': {
    file: fileOf([ANNA, BEN]),
    seeded: [liveGateway(), livePeer(ANNA, FORMER), livePeer(BEN)],
  },
  'a peer is to be deleted': {
    file: fileOf([ANNA]),
    seeded: [liveGateway(), livePeer(ANNA), livePeer(BEN)],
  },
  'the gateway differs': {
    file: fileOf([ANNA, BEN]),
    seeded: [liveGateway(FORMER), livePeer(ANNA), livePeer(BEN)],
  },
}

/** What the administrator can do once. */
export const ACTS = ['edit peer', 'delete peer', 'edit gateway', 'delete gateway'] as const
/** One of {@link ACTS}. */
export type Act = (typeof ACTS)[number]

const peerOf = (world: World): string => (world === WORLDS['a peer is to be deleted'] ? 'ben' : 'anna')
const GATEWAY_PATH = `/de-fra/wireguardgateways/${GATEWAY}`

/** Does one act at the service; false where its resource does not exist. */
export function act(service: Service, world: World, what: Act): boolean {
  const isPeer = what.endsWith(' peer')
  const id = isPeer ? peerId(peerOf(world)) : GATEWAY
  const found = service.find(LOCATION, id)
  if (found === undefined) return false
  const path = isPeer ? `${GATEWAY_PATH}/peers/${id}` : GATEWAY_PATH
  const properties = { ...found.properties, description: 'edited by the administrator' }
  service.handle({
    user: ADMINISTRATOR,
    method: what.startsWith('edit') ? 'PUT' : 'DELETE',
    path,
    body: JSON.stringify({ id, properties }),
  })
  return true
}

/** True if an act and a request do not commute. */
export function dependsOn({ path }: Arriving, world: World, what: Act): boolean {
  const isAtGateway = path === '/de-fra/wireguardgateways' || path === GATEWAY_PATH
  if (what === 'delete gateway') return isAtGateway || path.startsWith(`${GATEWAY_PATH}/`)
  if (what === 'edit gateway') return isAtGateway
  // Any deletion or creation of the gateway takes its peers along.
  return (
    path === `${GATEWAY_PATH}/peers` ||
    path === `${GATEWAY_PATH}/peers/${peerId(peerOf(world))}` ||
    path === GATEWAY_PATH
  )
}

/** Ids as names, for people. */
export function readable(text: string): string {
  return text
    .replaceAll(GATEWAY, 'hq')
    .replaceAll(peerId('anna'), 'anna')
    .replaceAll(peerId('ben'), 'ben')
    .replaceAll('/de-fra/', '')
}

/** A run of the file, with one request at a time. */
export function runActor(name: string): RunActor {
  return {
    type: 'run',
    name,
    at: 0,
    command: 'apply',
    file: 0,
    laterFile: 0,
    plan: { maxDeletes: { type: 'count', value: 1000 } },
    pauseMs: 0,
    onStale: 'abort',
    timeoutMs: 3_600_000,
    parallelism: 1,
    skewMs: 0,
  }
}

/** The world as the simulation's oracle knows it. */
export function scenarioOf({ file, seeded }: World): Scenario {
  const behaviour: BehaviourOptions = {}
  return {
    seed: 1,
    behaviour,
    rate: undefined,
    latencyMs: 0,
    probabilities: {},
    failedOdds: 0,
    others: [],
    files: [file],
    seeded,
    actors: [runActor('A'), runActor('B')],
  }
}
