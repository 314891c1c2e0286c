import { wireguardGateway } from '../../src/kinds/wireguard/gateway.ts'
import { wireguardPeer } from '../../src/kinds/wireguard/peer.ts'
import { decodeLive } from '../../src/model/decode.ts'
import { type Collection, type DesiredResource, type Target, targetKey } from '../../src/model/resource.ts'
import type { Secret } from '../../src/model/secret.ts'
import { type Change, type ChangeOf, DEFAULT_PLAN_OPTIONS, type Plan } from '../../src/plan/types.ts'

const LOCATION = 'de/fra'

/** A gateway's place; the name is its id too, for short expectations. */
export function gatewayTarget(id: string): Target {
  return { kind: wireguardGateway, location: LOCATION, parentIds: [], id }
}

/** A peer's place under a gateway. */
export function peerTarget(gateway: string, id: string): Target {
  return { kind: wireguardPeer, location: LOCATION, parentIds: [gateway], id }
}

/** The address that a target of these tests has. */
function addressOf(target: Target): string {
  const gateway = target.parentIds[0]
  return gateway === undefined
    ? `wireguardgateways/${target.id}`
    : `wireguardgateways/${gateway}/peers/${target.id}`
}

interface Parts {
  readonly needs?: readonly Target[]
  /** Live status. */
  readonly status?: string
  readonly metadata?: Record<string, unknown>
  readonly liveSpec?: Record<string, unknown>
  readonly spec?: Record<string, unknown>
  readonly reason?: Change['reason']
  readonly secret?: Secret | null
  readonly leaving?: boolean
}

/** A change of a plan, as the planner would make it. */
export function change(action: Change['action'], target: Target, parts: Parts = {}): Change {
  const needs = (parts.needs ?? []).map(targetKey)
  const common = { key: targetKey(target), address: addressOf(target), target, name: target.id, needs }
  const spec = target.kind.normalise((parts.spec ?? { name: target.id }) as ChangeOf<'create'>['spec'])
  const live = decodeLive(target satisfies Collection, {
    id: target.id,
    metadata: { status: parts.status ?? 'AVAILABLE', ...parts.metadata },
    properties: parts.liveSpec ?? { name: target.id },
  })
  const desired = desiredOf(target, spec, parts.secret)
  switch (action) {
    case 'create':
      return {
        ...common,
        action,
        reason: { code: 'missing' },
        desired,
        spec,
        fields: [],
        ...(parts.leaving === true ? { leaving: live } : {}),
      }
    case 'update':
      return {
        ...common,
        action,
        reason: parts.reason ?? { code: 'differs' },
        desired,
        live,
        spec,
        fields: [],
        unknownFields: [],
        disruptions: [],
      }
    case 'keep':
      return { ...common, action, reason: { code: 'same' }, desired, live }
    case 'delete':
      return { ...common, action, reason: parts.reason ?? { code: 'not-in-file' }, live }
    case 'unmanaged':
      return { ...common, action, reason: { code: 'foreign' }, live }
    default:
      return action satisfies never
  }
}

function desiredOf(
  target: Target,
  spec: ChangeOf<'create'>['spec'],
  secret: Secret | null | undefined,
): DesiredResource {
  return {
    kind: target.kind,
    location: target.location,
    name: target.id,
    address: addressOf(target),
    protect: false,
    ensure: 'present',
    parent: null,
    spec,
    secrets:
      secret === undefined
        ? []
        : [{ path: ['privateKey'], reference: { from: 'env', name: 'HQ_KEY' }, value: secret }],
    locate: () => undefined,
  }
}

/** A plan of these changes. */
export function planOf(changes: readonly Change[]): Plan {
  const summary = { create: 0, update: 0, delete: 0, keep: 0, unmanaged: 0 }
  for (const { action } of changes) summary[action] += 1
  return {
    stack: 'test',
    locations: [LOCATION],
    changes,
    summary,
    uncompared: [],
    options: DEFAULT_PLAN_OPTIONS,
    missingSecrets: [],
    released: [],
    neighbours: [],
    expiring: [],
    warnings: [],
    refusals: [],
  }
}
