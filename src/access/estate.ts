import type { Address } from '../model/address.ts'
import type { PlainObject } from '../model/json.ts'
import { compareText, groupBy } from '../model/lists.ts'
import type { NetworkRole } from '../model/networks/network-role.ts'
import type { DesiredState, ResourceKind } from '../model/resource.ts'
import { type Networks, networksOf } from './networks.ts'

/** A resource that exists, as far as networks are concerned. */
export interface NetworkResource {
  /** The same in two states that are compared. */
  readonly key: string
  readonly parentKey?: string | undefined
  readonly kind: ResourceKind
  readonly location: string
  readonly name: string
  readonly address: Address
  readonly spec: PlainObject
  readonly unmanaged?: boolean
}

/** Something that sends packets and that packets are delivered to. */
export interface Endpoint {
  readonly key: string
  /** `end`: behind a peer or tunnel. `cloud`: networks behind the LANs that a gateway's tunnels may use. */
  readonly type: 'end' | 'lan' | 'gateway' | 'cloud'
  readonly name: string
  /** Where several have the name. */
  readonly fullName: string
  /** Of the resource; absent for LANs and what is behind them. */
  readonly address?: Address | undefined
  readonly location?: string | undefined
  /** The key of the gateway that it is behind; absent for gateways and LANs. */
  readonly home?: string | undefined
  readonly unmanaged: boolean
}

/** The other end of a peer or tunnel. */
export interface End extends Endpoint {
  readonly kind: ResourceKind
  readonly spec: PlainObject
  readonly role: NetworkRole
}

/** A LAN with the networks of all connections to it. */
export interface Lan extends Endpoint {
  readonly gateways: Gateway[]
  readonly texts: string[]
}

/** A gateway with all that it forwards between. */
export interface Gateway extends Endpoint {
  readonly spec: PlainObject
  readonly role: NetworkRole
  readonly lans: readonly { readonly lan: Lan; readonly networks: readonly string[] }[]
  /** In the order of their addresses, which decides between equal networks. */
  readonly ends: readonly End[]
  /** The networks that tunnels open behind the LANs. */
  readonly cloud: Endpoint
  /** The gateway at the other end, and the end through which packets arrive there. */
  readonly links: Map<End, { readonly gateway: Gateway; readonly end: End }>
}

/** All gateways and LANs, by their keys. */
export interface Estate {
  readonly gateways: ReadonlyMap<string, Gateway>
  readonly lans: ReadonlyMap<string, Lan>
}

/** The networks of resources, parents before their children or not. */
export function estateOf(resources: readonly NetworkResource[]): Estate {
  const below = groupBy(resources, ({ parentKey }) => parentKey)
  const lans = new Map<string, Lan>()
  const gateways = new Map<string, Gateway>()
  // Pages come in any order; who is first must not depend on it.
  for (const resource of [...(below.get(undefined) ?? [])].sort(byAddress)) {
    gateways.set(resource.key, gatewayOf(resource, below.get(resource.key) ?? [], lans))
  }
  link([...gateways.values()])
  return { gateways, lans }
}

/** The estate that files describe. */
export function desiredEstate({ resources }: Pick<DesiredState, 'resources'>): Estate {
  const keyOf = ({ location, address }: { readonly location: string; readonly address: Address }): string =>
    `${location}:${address}`
  return estateOf(
    resources
      .filter(({ ensure, parent }) => ensure === 'present' && parent?.ensure !== 'absent')
      .map((resource) => ({
        ...resource,
        key: keyOf(resource),
        parentKey: resource.parent === null ? undefined : keyOf(resource.parent),
      })),
  )
}

/** All endpoints; those of the gateways first. */
export function endpointsOf({ gateways, lans }: Estate): readonly Endpoint[] {
  return [
    ...[...gateways.values()].flatMap((gateway) => [gateway, ...gateway.ends, gateway.cloud]),
    ...lans.values(),
  ]
}

function gatewayOf(
  resource: NetworkResource,
  below: readonly NetworkResource[],
  lans: Map<string, Lan>,
): Gateway {
  const role = roleOf(resource)
  const gateway: Gateway = {
    key: resource.key,
    type: 'gateway',
    name: resource.name,
    fullName: resource.address,
    address: resource.address,
    location: resource.location,
    home: undefined,
    unmanaged: resource.unmanaged === true,
    spec: resource.spec,
    role,
    lans: (role.lans ?? []).map((lan) => ({ lan: lanOf(lan, lans), networks: lan.networks })),
    ends: below.map(endOf).sort(byAddress),
    cloud: cloudOf(resource),
    links: new Map(),
  }
  for (const { lan, networks } of gateway.lans) {
    lan.texts.push(...networks)
    if (!lan.gateways.includes(gateway)) lan.gateways.push(gateway)
  }
  return gateway
}

function cloudOf({ key, name, address }: NetworkResource): Endpoint {
  const fullName = `cloud side of ${address}`
  return {
    key: `cloud ${key}`,
    type: 'cloud',
    name: `cloud side of ${name}`,
    fullName,
    home: key,
    unmanaged: false,
  }
}

function lanOf({ key, title, place }: NonNullable<NetworkRole['lans']>[number], lans: Map<string, Lan>): Lan {
  const known = lans.get(key)
  if (known !== undefined) return known
  const lan: Lan = {
    key,
    type: 'lan',
    name: title,
    fullName: `${title} in ${place}`,
    unmanaged: false,
    gateways: [],
    texts: [],
  }
  lans.set(key, lan)
  return lan
}

function endOf(resource: NetworkResource): End {
  const { key, name, address, location, parentKey, kind, spec, unmanaged = false } = resource
  return {
    key,
    type: 'end',
    name,
    fullName: address,
    address,
    location,
    home: parentKey,
    kind,
    spec,
    role: roleOf(resource),
    unmanaged,
  }
}

function roleOf({ kind, spec }: NetworkResource): NetworkRole {
  return kind.network?.(spec) ?? {}
}

const lanNetworks = new WeakMap<Lan, Networks>()

/** The addresses of a LAN. */
export function networksOfLan(lan: Lan): Networks {
  const networks = lanNetworks.get(lan) ?? networksOf(lan.texts)
  lanNetworks.set(lan, networks)
  return networks
}

// Two ends of one kind are one tunnel where each connects to the address of the other's gateway.
function link(gateways: readonly Gateway[]): void {
  const byAddress = new Map<string, Gateway>()
  for (const gateway of gateways) {
    const { listensAt } = gateway.role
    if (listensAt !== undefined && !byAddress.has(listensAt)) byAddress.set(listensAt, gateway)
  }
  for (const gateway of gateways) {
    for (const end of gateway.ends) {
      const other = byAddress.get(end.role.connectsTo ?? '')
      if (other === undefined || other === gateway) continue
      const back = other.ends.find(
        ({ kind, role }) => kind === end.kind && role.connectsTo === gateway.role.listensAt,
      )
      if (back !== undefined) gateway.links.set(end, { gateway: other, end: back })
    }
  }
}

function byAddress<T extends Pick<Endpoint, 'address' | 'key'>>(a: T, b: T): number {
  return compareText(a.address ?? '', b.address ?? '') || compareText(a.key, b.key)
}
