import fc from 'fast-check'
import { deriveId } from '../../src/model/identity.ts'
import type { PlainObject } from '../../src/model/json.ts'
import { type LiveState, targetKey } from '../../src/model/resource.ts'
import type { Plan } from '../../src/plan/types.ts'
import { type ApiModel, collectionOf, unownedId } from '../support/api-model.ts'
import {
  type Entry,
  ipsec,
  lan,
  peer,
  sampleKey,
  throwAwayKey,
  tunnel,
  type Wanted,
  wireguard,
} from '../support/desired-builder.ts'

// Small pools: names, keys and addresses that meet again are where a planner goes wrong.
const NAMES = ['a', 'b', 'c', 'd']
const CHILD_NAMES = ['p', 'q', 'r']

const description = fc.constantFrom(undefined, 'first', 'second', '')
const someKey = fc.integer({ min: 1, max: 6 })

function defined(members: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}

const peerEntry = (name: string): fc.Arbitrary<Entry> =>
  fc
    .record({
      key: someKey,
      description,
      allowedIPs: fc.subarray(['10.0.0.1/32', '10.0.0.0/24', '2001:DB8::/64', '10.0.0.1'], { minLength: 1 }),
      endpoint: fc.constantFrom(undefined, { host: 'VPN.example.com' }, { host: '198.51.100.7', port: 4500 }),
    })
    .map(({ key, ...more }) => peer(name, key, defined({ ...more, publicKey: sampleKey(key) })))

const tunnelEntry = (name: string): fc.Arbitrary<Entry> =>
  fc
    .record({
      description,
      ike: fc.constantFrom({}, { lifetime: 7200 }, { encryptionAlgorithm: 'AES128' }),
      esp: fc.constantFrom({}, { integrityAlgorithm: 'SHA512', lifetime: 3600 }),
      peerNetworkCIDRs: fc.subarray(['10.20.0.0/16', '10.21.0.0/16', '10.20.9.9/16'], { minLength: 1 }),
    })
    .map((more) => tunnel(name, defined(more)))

function children(of: (name: string) => fc.Arbitrary<Entry>): fc.Arbitrary<readonly Entry[]> {
  return fc.subarray(CHILD_NAMES).chain((names) => fc.tuple(...names.map(of)))
}

// Now and then someone renames, sometimes to a name that was another's.
const formerName = fc.option(fc.constantFrom(...NAMES), { freq: 6, nil: undefined })

/** Both locations that the files of the laws name. */
export const LOCATIONS = ['de/fra', 'de/txl']

// Ids that someone wrote in the file: of unmanaged resources, now and then to have them deleted.
const pin = fc.option(
  fc.record({
    id: fc.integer({ min: 1, max: 4 }).map(unownedId),
    ensure: fc.constantFrom(undefined, undefined, 'absent'),
  }),
  { freq: 8, nil: {} },
)

const windows = fc.constantFrom(undefined, { time: '9:00:00', dayOfTheWeek: 'Monday' })
const tiers = fc.constantFrom(undefined, 'STANDARD', 'PREMIUM_HA')

const wireguardEntry = (name: string): fc.Arbitrary<Entry> =>
  fc
    .record({
      description,
      key: someKey,
      listenPort: fc.constantFrom(undefined, 51820, 4501),
      tier: tiers,
      maintenanceWindow: windows,
      connections: fc.constantFrom(
        [lan(2, '192.168.1.100/24')],
        [lan('3', '10.1.0.9/24'), lan('2', '192.168.1.7/24')],
      ),
      renamedFrom: formerName,
      pin,
      peers: children(peerEntry),
    })
    .map(({ key, pin, ...more }) =>
      wireguard(name, defined({ ...more, ...pin, privateKey: throwAwayKey(key) })),
    )

const ipsecEntry = (name: string): fc.Arbitrary<Entry> =>
  fc
    .record({ description, tier: tiers, maintenanceWindow: windows, tunnels: children(tunnelEntry) })
    .map((more) => ipsec(name, defined(more)))

/** The same file by someone who neither renames nor writes ids. */
export function plain(file: Wanted): Wanted {
  const gateways = file.wireguardGateways ?? []
  return {
    ...file,
    wireguardGateways: gateways.map(
      ({ renamedFrom: _, id: _id, ensure: _ensure, ...entry }) => entry as Entry,
    ),
  }
}

/** The ids that are written in a file. */
export function pinnedIds(file: Wanted): ReadonlySet<unknown> {
  return new Set(file.wireguardGateways?.flatMap(({ id }) => (id === undefined ? [] : [id])))
}

/** What someone points at: one, some, a whole location. */
export const targets: fc.Arbitrary<readonly string[]> = fc.subarray(
  [
    'wireguardgateways/a',
    'wireguardgateways/b/peers/*',
    'wireguardgateways/*/peers/q',
    'ipsecgateways/*',
    'ipsecgateways/c/tunnels/p',
    'de/txl:*',
    'de/fra:wireguardgateways/d',
  ],
  { minLength: 1, maxLength: 3 },
)

// A name once in each location; most are in the location of the file.
const places = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom(...NAMES),
    location: fc.constantFrom(undefined, undefined, undefined, 'de/txl'),
  }),
  { maxLength: 4, selector: ({ name, location }) => `${location}:${name}` },
)

/** A file: gateways of both kinds in two locations, each public address once, in any order. */
export function wanted(stack = 'acme'): fc.Arbitrary<Wanted> {
  return fc
    .record({
      wireguardPlaces: places,
      ipsecPlaces: places,
      addresses: fc.shuffledSubarray(
        Array.from({ length: 10 }, (_, index) => `203.0.113.${index + 1}`),
        { minLength: 8 },
      ),
    })
    .chain(({ wireguardPlaces, ipsecPlaces, addresses }) =>
      fc.record({
        wireguardGateways: fc.tuple(
          ...wireguardPlaces.map(({ name, location }, index) =>
            placed(wireguardEntry(name), location, addresses[index]),
          ),
        ),
        ipsecGateways: fc.tuple(
          ...ipsecPlaces.map(({ name, location }, index) =>
            placed(ipsecEntry(name), location, addresses[wireguardPlaces.length + index]),
          ),
        ),
      }),
    )
    .map((gateways) => ({ stack, ...gateways }))
}

function placed(
  entry: fc.Arbitrary<Entry>,
  location: string | undefined,
  gatewayIP: string | undefined,
): fc.Arbitrary<Entry> {
  return entry.map((made) => ({ ...made, gatewayIP, ...defined({ location }) }))
}

/** What someone did by hand. */
export interface Meddling {
  readonly unowned: readonly { readonly name: string; readonly parent: number | null }[]
  readonly edits: readonly { readonly which: number; readonly change: Readonly<Record<string, unknown>> }[]
  readonly removals: readonly number[]
  readonly statuses: readonly { readonly which: number; readonly status: string }[]
}

/** Nobody did anything. */
export const NO_MEDDLING: Meddling = { unowned: [], edits: [], removals: [], statuses: [] }

export const meddling: fc.Arbitrary<Meddling> = fc.record({
  unowned: fc.array(
    fc.record({
      name: fc.constantFrom(...NAMES, ...CHILD_NAMES, 'unowned'),
      parent: fc.option(fc.nat(5), { nil: null }),
    }),
    { maxLength: 3 },
  ),
  edits: fc.array(
    fc.record({
      which: fc.nat(20),
      change: fc.constantFrom<Readonly<Record<string, unknown>>>(
        { description: 'by hand' },
        { name: 'renamed by hand' },
        { tier: 'ENHANCED' },
        { mtu: 1400 },
        { allowedIPs: ['0.0.0.0/0'] },
        { description: null },
        { endpoint: null },
      ),
    }),
    { maxLength: 4 },
  ),
  removals: fc.array(fc.nat(20), { maxLength: 2 }),
  statuses: fc.array(
    fc.record({ which: fc.nat(20), status: fc.constantFrom('DESTROYING', 'FAILED', 'PROVISIONING') }),
    { maxLength: 2 },
  ),
})

/** Does it, on what is live. */
export function meddle(api: ApiModel, { unowned, edits, removals, statuses }: Meddling): void {
  let number = 1
  const all = () => api.live(LOCATIONS).resources
  for (const { name, parent } of unowned) {
    const gateways = all().filter(({ kind }) => kind.name === 'wireguard-gateway')
    const holder = parent === null ? undefined : gateways[parent % Math.max(1, gateways.length)]
    const id = unownedId(number++)
    if (all().some((resource) => resource.id === id)) continue
    if (holder === undefined) {
      const { name: _, privateKey, ...spec } = wireguard(name, { gatewayIP: `198.51.100.${number}` })
      api.put({ ...collectionOf('wireguard-gateway'), id }, { name, ...spec } as PlainObject)
    } else {
      api.put(
        { ...collectionOf('wireguard-peer', [holder.id], holder.location), id },
        peer(name, 40 + number) as PlainObject,
      )
    }
  }
  for (const { which, change } of edits) {
    const resources = all()
    const resource = resources[which % Math.max(1, resources.length)]
    if (resource === undefined) continue
    const known = Object.keys(change).every(
      (key) => key === 'mtu' || Object.hasOwn(resource.kind.schema.properties as object, key),
    )
    if (known) api.edit(resource.id, ({ properties }) => void Object.assign(properties, change))
  }
  for (const which of removals) {
    const resources = all()
    const resource = resources[which % Math.max(1, resources.length)]
    if (resource !== undefined) api.delete(resource)
  }
  for (const { which, status } of statuses) {
    const resources = all()
    const resource = resources[which % Math.max(1, resources.length)]
    if (resource !== undefined)
      api.edit(resource.id, ({ metadata }) => void Object.assign(metadata, { status }))
  }
}

/** The live state with its siblings in another order; parents stay in front of their children. */
export function shuffled(live: LiveState, seed: number): LiveState {
  const weight = (key: string): string => deriveId(String(seed), '', key)
  const resources = [...live.resources].sort(
    (a, b) =>
      a.parentIds.length - b.parentIds.length || (weight(targetKey(a)) < weight(targetKey(b)) ? -1 : 1),
  )
  return { ...live, resources }
}

/** A plan as a value that can be compared: without secrets, schemas and places. */
export function comparable(plan: Plan): unknown {
  return JSON.parse(
    JSON.stringify(plan, (key, value: unknown) => {
      if (key === 'kind') return (value as { name: string }).name
      return ['desired', 'secrets', 'at', 'related', 'value'].includes(key) ? undefined : value
    }),
  )
}
