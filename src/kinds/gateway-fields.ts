import { type FieldPath, isPlainObject, type Plain, type PlainObject } from '../model/json.ts'
import type { DriftSeverities, ResourceKind } from '../model/resource.ts'
import {
  address,
  type Canonical,
  digits,
  emptyIsAbsent,
  interfaceAddress,
  interfaceAddress6,
  objectOf,
  optionalText,
  setOf,
  timeOfDay,
  uuid,
} from './canonical.ts'
import { COSMETIC } from './cosmetic-fields.ts'
import {
  connectionsSchema,
  descriptionSchema,
  gatewayIpSchema,
  maintenanceWindowSchema,
  nameSchema,
  tierSchema,
} from './schema-parts.ts'

// What WireGuard and IPSec gateways have in common.

export const gatewayProperties = (thing: string, example: string) => ({
  name: nameSchema(thing, example),
  description: descriptionSchema(thing, 'Head office, ticket NET-12'),
  gatewayIP: gatewayIpSchema,
  connections: connectionsSchema,
  tier: tierSchema,
  maintenanceWindow: maintenanceWindowSchema,
})

export const gatewayCanonical: Readonly<Record<string, Canonical>> = {
  description: optionalText,
  gatewayIP: address,
  connections: setOf(
    objectOf({ datacenterId: uuid, lanId: digits, ipv4CIDR: interfaceAddress, ipv6CIDR: interfaceAddress6 }),
  ),
  maintenanceWindow: (value) => {
    const window = objectOf({ time: timeOfDay, dayOfTheWeek: optionalText })(value)
    return window === undefined ? undefined : emptyIsAbsent(window)
  },
}

export const gatewayDefaults = { tier: 'STANDARD' }

/** A gateway is the way for everybody behind it; when it is maintained matters to no one's traffic. */
export const gatewayDrift: DriftSeverities = {
  unmanaged: 'warning',
  missing: 'critical',
  fields: [{ path: ['maintenanceWindow'], severity: 'notice' }, ...COSMETIC],
}

// Without the prefix length: one address is one place, whatever subnet it is written with.
function addressesInLans({ connections }: PlainObject): readonly { path: FieldPath; key: string }[] {
  if (!Array.isArray(connections)) return []
  return (connections as readonly Plain[]).flatMap((connection) => {
    if (!isPlainObject(connection)) return []
    const { datacenterId, lanId, ipv4CIDR, ipv6CIDR } = connection
    return [ipv4CIDR, ipv6CIDR].flatMap((address) =>
      typeof address === 'string'
        ? [{ path: ['connections'], key: `${datacenterId}/${lanId}/${address.replace(/\/.*/, '')}` }]
        : [],
    )
  })
}

function oneDataCenter({ connections }: PlainObject): ReturnType<NonNullable<ResourceKind['refused']>> {
  if (!Array.isArray(connections)) return undefined
  const ids = (connections as readonly Plain[]).map((each) =>
    isPlainObject(each) ? each.datacenterId : undefined,
  )
  const at = ids.findIndex((id) => id !== ids[0])
  return at < 0
    ? undefined
    : {
        path: ['connections', String(at), 'datacenterId'],
        message: 'all connections of a gateway must be in one data center',
      }
}

export const gatewayTraits = {
  parent: null,
  refused: oneDataCenter,
  failsAfterDelete: true,
  serverChosen: [['maintenanceWindow']],
  claims: [
    { type: 'value', path: ['gatewayIP'], scope: 'location', capacity: 1 },
    { type: 'place', in: addressesInLans, scope: 'network', capacity: 1 },
  ],
  fingerprint: [['gatewayIP']],
  risk: () => undefined,
  drift: gatewayDrift,
} as const satisfies Partial<ResourceKind>

export const gatewayDisruptions: ResourceKind['disruptive'] = [
  {
    path: ['gatewayIP'],
    effect:
      "other ends are cut off until their configuration has the gateway's address: apply, then update it where it differs",
    otherEnd: true,
  },
  { path: ['connections'], effect: 'traffic to the LANs may be interrupted' },
  { path: ['tier'], effect: 'the gateway may be restarted' },
]
