import { ipsecGateway } from '../../src/kinds/ipsec/gateway.ts'
import { ipsecTunnel } from '../../src/kinds/ipsec/tunnel.ts'
import { wireguardGateway } from '../../src/kinds/wireguard/gateway.ts'
import { wireguardPeer } from '../../src/kinds/wireguard/peer.ts'
import { type AddressStep, formatAddress } from '../../src/model/address.ts'
import type { SourceRange } from '../../src/model/diagnostic.ts'
import { deriveId } from '../../src/model/identity.ts'
import { type FieldPath, formatPath, getPath, type PlainObject } from '../../src/model/json.ts'
import type {
  DesiredResource,
  DesiredSecret,
  LiveMetadata,
  LiveResource,
  ResourceKind,
} from '../../src/model/resource.ts'
import type { Secret } from '../../src/model/secret.ts'
import { plan } from '../../src/plan/plan.ts'
import type { Plan, PlanOptions } from '../../src/plan/types.ts'

export const STACK = 'test'
export const LOCATION = 'de/fra'
export const PUBLIC_KEY = 'HIgo9xNzJMWLKASShiTqIybxZ0U3wGLiUeJ1PKf8ykw='
export const CONNECTION = {
  datacenterId: '5a029f4a-72e5-11ec-90d6-0242ac120003',
  lanId: '2',
  ipv4CIDR: '192.168.1.100/24',
}

/** A range of one line. */
export function range(file: string, line: number, column: number, length = 1): SourceRange {
  return {
    file,
    start: { line, column, offset: 0 },
    end: { line, column: column + length, offset: length },
  }
}

interface Wanted {
  readonly parent?: DesiredResource
  readonly secrets?: readonly DesiredSecret[]
  /** Line of its name in `vpn.yaml`; none: it has no place. */
  readonly line?: number
  readonly more?: Partial<DesiredResource>
}

/** A resource as a file would want it. */
export function wanted(
  kind: ResourceKind,
  name: string,
  spec: PlainObject,
  { parent, secrets = [], line, more = {} }: Wanted = {},
): DesiredResource {
  const written = { ...spec, name }
  return {
    kind,
    location: LOCATION,
    name,
    address: formatAddress([...stepsOf(parent), { collection: kind.collection, name }]),
    protect: false,
    ensure: 'present',
    parent: parent ?? null,
    spec: kind.normalise(written),
    secrets,
    locate: (path: FieldPath = []) =>
      line === undefined || (path.length > 0 && getPath(written, path) === undefined)
        ? undefined
        : range('vpn.yaml', line, 5, Math.max(4, formatPath(path).length)),
    ...more,
  }
}

/** An IPSec gateway that a file would want. */
export function ipsecGatewayOf(name: string): DesiredResource {
  return wanted(ipsecGateway, name, { gatewayIP: '203.0.113.11', connections: [CONNECTION] })
}

/** A tunnel that a file would want, its key from an environment variable; null: the variable gave no value. */
export function tunnelOf(
  parent: DesiredResource,
  name: string,
  remoteHost: string,
  psk: { readonly variable: string; readonly value: Secret | null },
): DesiredResource {
  const path = ['auth', 'psk', 'key']
  return wanted(
    ipsecTunnel,
    name,
    { remoteHost, auth: { method: 'PSK' }, ike: {}, esp: {} },
    { parent, secrets: [{ path, reference: { from: 'env', name: psk.variable }, value: psk.value }] },
  )
}

function stepsOf(resource: DesiredResource | undefined | null): readonly AddressStep[] {
  if (resource === undefined || resource === null) return []
  return [...stepsOf(resource.parent), { collection: resource.kind.collection, name: resource.name }]
}

/** The live counterpart of a wanted resource, owned by the stack, with some fields different. */
export function liveOf(
  resource: DesiredResource,
  spec: PlainObject = {},
  more: Partial<LiveResource> = {},
): LiveResource {
  return {
    kind: resource.kind,
    location: LOCATION,
    parentIds: resource.parent === null ? [] : [idOf(resource.parent)],
    id: idOf(resource),
    name: resource.name,
    spec: resource.kind.normalise({ ...resource.spec, ...spec }),
    secrets: [],
    status: 'AVAILABLE',
    metadata: {},
    ...more,
  }
}

function idOf(resource: DesiredResource): string {
  return resource.id ?? deriveId(STACK, LOCATION, resource.address)
}

/** A plan of the real planner. */
export function planOf(
  desired: readonly DesiredResource[],
  live: readonly LiveResource[],
  options: Partial<PlanOptions> = {},
): Plan {
  return plan(
    { stack: STACK, locations: [LOCATION], resources: desired, protectedPatterns: [] },
    { locations: [LOCATION], resources: live },
    options,
  )
}

export const METADATA: LiveMetadata = {
  createdDate: '2025-11-02T08:00:00Z',
  createdBy: 'max@example.com',
  lastModifiedDate: '2026-03-01T09:30:00Z',
  lastModifiedBy: 'erika@example.com',
}

/** A WireGuard gateway whose private key was compared and found the same. */
export function gateway(name = 'hq', spec: PlainObject = {}, more: Wanted = {}): DesiredResource {
  return wanted(
    wireguardGateway,
    name,
    { gatewayIP: '203.0.113.10', interfaceIPv4CIDR: '10.99.0.1/24', connections: [CONNECTION], ...spec },
    { line: 5, ...more },
  )
}

/** `hq` and as many more gateways as the service needs for that many peers, 20 each. */
export function gatewaysFor(peers: number): readonly DesiredResource[] {
  return Array.from({ length: Math.ceil(peers / 20) }, (_, index) =>
    gateway(index === 0 ? 'hq' : `gw${index}`, {
      gatewayIP: `203.0.113.${10 + index}`,
      connections: [{ ...CONNECTION, ipv4CIDR: `192.168.1.${100 + index}/24` }],
    }),
  )
}

/** A peer of a gateway. */
export function peer(
  parent: DesiredResource,
  name: string,
  spec: PlainObject = {},
  more: Omit<Wanted, 'parent'> = {},
): DesiredResource {
  return wanted(
    wireguardPeer,
    name,
    { publicKey: PUBLIC_KEY, allowedIPs: ['10.99.0.2/32'], ...spec },
    { line: 31, ...more, parent },
  )
}
