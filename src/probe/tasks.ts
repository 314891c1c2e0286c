import { withinTargets } from '../model/address-pattern.ts'
import type { ProbeTarget } from '../model/probe.ts'
import type { DesiredResource, LiveMetadata } from '../model/resource.ts'
import type { ProbeResult } from './verdict.ts'
import type { WireguardProbe } from './wireguard.ts'

/** One check to make; or `verdict`, what is known without sending anything. */
export type ProbeTask = Pick<ProbeResult, 'address' | 'location' | 'check' | 'at'> &
  (
    | { readonly type: 'ike'; readonly target: Extract<ProbeTarget, { protocol: 'ike' }> }
    | { readonly type: 'wireguard'; readonly probe: WireguardProbe }
    | { readonly type: 'name'; readonly host: string }
    | { readonly type: 'known'; readonly verdict: Extract<ProbeResult['verdict'], { type: 'not-probed' }> }
  )

/** What is known of live gateways; absent where live was not read. */
export type MetadataOf = (gateway: DesiredResource) => LiveMetadata | undefined

/** What to probe of the desired resources that targets name, in the order of the files. */
export function probeTasks(
  resources: readonly DesiredResource[],
  targets: readonly string[],
  metadataOf: MetadataOf,
): readonly ProbeTask[] {
  const isMeant = withinTargets(targets)
  const present = resources.filter(
    ({ ensure, parent }) => ensure === 'present' && parent?.ensure !== 'absent',
  )
  return present.flatMap((resource): readonly ProbeTask[] => {
    const { kind, address, location, parent } = resource
    if (!isMeant(address, location)) return []
    if (parent === null) return gatewayWithoutCanary(resource, present)
    const names = kind.probing?.names(resource.spec) ?? []
    return [
      ...handshake(resource, parent, metadataOf(parent)),
      ...names.map(
        ({ host }): ProbeTask => ({ type: 'name', address, location, check: 'name', at: host, host }),
      ),
    ]
  })
}

/** True for a canary whose key has no value here. */
export function lacksKey(task: ProbeTask): boolean {
  return task.type === 'known' && task.verdict.why === 'no-key'
}

function handshake(
  { kind, address, location, spec, canary }: DesiredResource,
  gateway: DesiredResource,
  metadata: LiveMetadata | undefined,
): readonly ProbeTask[] {
  const { probing } = kind
  if (probing === undefined || (probing.canary !== undefined && canary === undefined)) return []
  const target = probing.target(metadata === undefined ? gateway : { ...gateway, metadata }, spec)
  const at = target === undefined ? '' : `${hostText(target.host)}:${target.port}`
  const task = { address, location, check: target?.protocol ?? 'wireguard', at } as const
  const known = (why: 'no-address' | 'no-key' | 'no-gateway-key'): readonly ProbeTask[] => [
    { type: 'known', ...task, verdict: { type: 'not-probed', why } },
  ]
  if (target === undefined) return known('no-address')
  if (target.protocol === 'ike') return [{ type: 'ike', ...task, target }]
  if (canary?.value == null) return known('no-key')
  const { host, port, gatewayKey } = target
  if (gatewayKey === undefined) return known('no-gateway-key')
  return [{ type: 'wireguard', ...task, probe: { host, port, gatewayKey, ownKey: canary.value } }]
}

function gatewayWithoutCanary(
  gateway: DesiredResource,
  present: readonly DesiredResource[],
): readonly ProbeTask[] {
  const { address, location } = gateway
  const children = present.filter(({ parent }) => parent === gateway)
  const needsCanary = children.some(({ kind: child }) => child.probing?.canary !== undefined)
  if (!needsCanary || children.some(({ canary }) => canary !== undefined)) return []
  const verdict = { type: 'not-probed', why: 'no-canary' } as const
  return [{ type: 'known', address, location, check: 'wireguard', at: '', verdict }]
}

function hostText(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
