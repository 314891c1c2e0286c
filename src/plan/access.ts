import { estateOf, type NetworkResource } from '../access/estate.ts'
import type { AccessChange } from '../access/lines.ts'
import { accessReport } from '../access/report.ts'
import { planFindings } from '../access/rule-findings.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { AccessRule } from '../model/networks/access-rule.ts'
import { type LiveResource, type LiveState, parentTarget, type Target, targetKey } from '../model/resource.ts'
import { liveStep } from './match/live-step.ts'
import type { Change } from './types.ts'

/** What is live, and what will be once the changes are applied. */
export interface NetworkStates {
  readonly before: readonly NetworkResource[]
  readonly after: readonly NetworkResource[]
}

/** Both states as networks see them, one value where nothing is written. What no change is about stays as it is. */
export function networkStates(
  changes: readonly Change[],
  { resources }: Pick<LiveState, 'resources'>,
): NetworkStates {
  const byKey = new Map(changes.map((change) => [change.key, change]))
  const found = resources.map((live): Found => {
    const key = targetKey(live)
    return { live, key, change: byKey.get(key) }
  })
  const addresses = new Map<string, string>()
  for (const change of changes) if (change.action === 'create') addresses.set(change.key, change.address)
  const taken = new Set<string>()
  for (const each of inOrder(found)) {
    const address = addressOf(each, addresses)
    addresses.set(each.key, taken.has(address) ? `${address} ${each.live.id}` : address)
    taken.add(address)
  }
  const toNetwork = (target: Target, key: string, { name, spec }: Named): NetworkResource => {
    const parent = parentTarget(target)
    const parentKey = parent === undefined ? undefined : targetKey(parent)
    const address = addresses.get(key) ?? key
    return {
      key: address,
      parentKey: parentKey === undefined ? undefined : (addresses.get(parentKey) ?? parentKey),
      kind: target.kind,
      location: target.location,
      name,
      address,
      spec,
      unmanaged: byKey.get(key)?.action === 'unmanaged',
    }
  }
  const before = found.map(({ live, key }) => toNetwork(live, key, live))
  if (changes.every(({ action }) => action === 'keep' || action === 'unmanaged')) {
    return { before, after: before }
  }
  const survivors = found.flatMap(({ live, key, change }) => {
    if (change?.action === 'delete') return []
    const { name } = live
    return toNetwork(live, key, { name, spec: change?.action === 'update' ? change.spec : live.spec })
  })
  const created = changes.flatMap((change) =>
    change.action === 'create' ? [toNetwork(change.target, change.key, change)] : [],
  )
  return { before, after: [...survivors, ...created] }
}

type Named = Pick<NetworkResource, 'name' | 'spec'>

interface Found {
  readonly live: LiveResource
  readonly key: string
  readonly change: Change | undefined
}

// Parents first, then by id: pages come in any order, and one that is being destroyed may have the address of another.
function inOrder(found: readonly Found[]): readonly Found[] {
  return [...found].sort(
    ({ live: a }, { live: b }) => a.parentIds.length - b.parentIds.length || (a.id < b.id ? -1 : 1),
  )
}

function addressOf({ live, change }: Found, known: ReadonlyMap<string, string>): string {
  if (change !== undefined) return change.address
  const parent = parentTarget(live)
  const above = parent === undefined ? undefined : known.get(targetKey(parent))
  return above === undefined ? liveStep(live) : `${above}/${liveStep(live)}`
}

/**
 * Who reaches what once the plan is applied, as far as it changes, for whoever asks; undefined where nothing changes. And the
 * rules that do not hold then.
 */
export function accessOf(
  changes: readonly Change[],
  live: LiveState,
  rules: readonly AccessRule[] = [],
): {
  readonly access: (() => readonly AccessChange[]) | undefined
  readonly findings: readonly Diagnostic[]
} {
  const isQuiet = changes.every(({ action }) => action === 'keep')
  let states: NetworkStates | undefined
  const both = (): NetworkStates => {
    states ??= networkStates(changes, live)
    return states
  }
  const findings =
    rules.length === 0 ? [] : planFindings(rules, estateOf(both().before), estateOf(both().after))
  return { access: isQuiet ? undefined : () => accessReport(both().before, both().after), findings }
}
