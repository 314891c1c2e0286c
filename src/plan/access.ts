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

/** Both states as networks see them. What no change is about stays as it is. */
export function networkStates(
  changes: readonly Change[],
  { resources }: Pick<LiveState, 'resources'>,
): NetworkStates {
  const byKey = new Map(changes.map((change) => [change.key, change]))
  const addresses = new Map<string, string>()
  const keyOf = (target: Target): string => addresses.get(targetKey(target)) ?? targetKey(target)
  const toNetwork = (target: Target, name: string, spec: NetworkResource['spec']): NetworkResource => {
    const parent = parentTarget(target)
    return {
      key: keyOf(target),
      parentKey: parent === undefined ? undefined : keyOf(parent),
      kind: target.kind,
      location: target.location,
      name,
      address: keyOf(target),
      spec,
      unmanaged: byKey.get(targetKey(target))?.action === 'unmanaged',
    }
  }
  for (const change of changes) if (change.action === 'create') addresses.set(change.key, change.address)
  const taken = new Set<string>()
  for (const live of inOrder(resources)) {
    const address = addressOf(live, byKey, addresses)
    addresses.set(targetKey(live), taken.has(address) ? `${address} ${live.id}` : address)
    taken.add(address)
  }
  const survivors = resources.filter((live) => byKey.get(targetKey(live))?.action !== 'delete')
  const specOf = (live: LiveResource): NetworkResource['spec'] => {
    const change = byKey.get(targetKey(live))
    return change?.action === 'update' ? change.spec : live.spec
  }
  return {
    before: resources.map((live) => toNetwork(live, live.name, live.spec)),
    after: [
      ...survivors.map((live) => toNetwork(live, live.name, specOf(live))),
      ...changes.flatMap((change) =>
        change.action === 'create' ? [toNetwork(change.target, change.name, change.spec)] : [],
      ),
    ],
  }
}

// Parents first, then by id: pages come in any order, and one that is being destroyed may have the address of another.
function inOrder(resources: readonly LiveResource[]): readonly LiveResource[] {
  return resources
    .map((live) => ({ live, depth: live.parentIds.length, id: live.id }))
    .sort((a, b) => a.depth - b.depth || (a.id < b.id ? -1 : 1))
    .map(({ live }) => live)
}

function addressOf(
  live: LiveResource,
  changes: ReadonlyMap<string, Change>,
  known: ReadonlyMap<string, string>,
): string {
  const change = changes.get(targetKey(live))
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
