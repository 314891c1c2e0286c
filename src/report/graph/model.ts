import { compareText, groupBy } from '../../model/lists.ts'
import type { ResourceSummary } from '../../model/networks/resource-summary.ts'
import type { DesiredResource, DesiredState, ResourceKind } from '../../model/resource.ts'
import { parentTarget, targetKey } from '../../model/resource.ts'
import type { Action, Change, Plan } from '../../plan/types.ts'
import { safeLine } from '../writing/safe-text.ts'

/** What happens to a resource; `plain` where no plan was made. */
export type GraphMark = Action | 'plain'

/** A network that gateways stand in. */
export interface GraphLan {
  readonly id: string
  readonly title: string
  readonly place: string
  readonly networks: readonly string[]
}

/** A resource in a diagram. All texts are safe lines. */
export interface GraphNode {
  /** `r0`, `r1`: the place in the diagram, and nothing that others wrote. */
  readonly id: string
  readonly name: string
  /** `WireGuard peer`. */
  readonly title: string
  /** `peer`. */
  readonly noun: string
  readonly address: string
  readonly mark: GraphMark
  /** Live, and its status is FAILED. */
  readonly isFailed: boolean
  readonly facts: readonly string[]
  readonly shares: readonly string[]
  readonly reaches: readonly string[]
  /** Ids of LANs. */
  readonly lans: readonly string[]
  readonly children: readonly GraphNode[]
}

/** An estate as a diagram: equal content gives an equal diagram, whatever the order it came in. */
export interface Graph {
  readonly stack: string
  readonly isPlan: boolean
  readonly lans: readonly GraphLan[]
  readonly roots: readonly GraphNode[]
}

interface Entry {
  readonly key: string
  readonly parentKey: string | undefined
  readonly kind: ResourceKind
  readonly location: string
  readonly name: string
  readonly address: string
  readonly mark: GraphMark
  readonly isFailed: boolean
  readonly spec: DesiredResource['spec']
}

/** What the file wants. */
export function graphOfDesired(desired: DesiredState): Graph {
  const wanted = desired.resources.filter((resource) => resource.ensure === 'present')
  const keys = new Map(desired.resources.map((resource, index) => [resource, String(index)]))
  const entries = wanted.map(
    (resource): Entry => ({
      ...resource,
      key: keys.get(resource) ?? '',
      parentKey: resource.parent === null ? undefined : keys.get(resource.parent),
      mark: 'plain',
      isFailed: false,
    }),
  )
  return build(desired.stack, entries, false)
}

/** What is live and what a plan does to it. */
export function graphOfPlan(plan: Plan): Graph {
  return build(plan.stack, plan.changes.map(entryOf), true)
}

function entryOf(change: Change): Entry {
  const { kind, location } = change.target
  const parent = parentTarget(change.target)
  return {
    key: change.key,
    parentKey: parent === undefined ? undefined : targetKey(parent),
    kind,
    location,
    name: change.name,
    address: change.address,
    mark: change.action,
    isFailed: 'live' in change && change.live.status === 'FAILED',
    spec: 'spec' in change ? change.spec : change.live.spec,
  }
}

// A fixed language: the order must not follow the reader's machine.
const NAMES = new Intl.Collator('en', { numeric: true })

function build(stack: string, entries: readonly Entry[], isPlan: boolean): Graph {
  const lans = new Lans()
  const keys = new Set(entries.map((entry) => entry.key))
  // A child whose parent is not in the diagram is at the top.
  const byParent = groupBy(entries, ({ parentKey }) =>
    parentKey !== undefined && keys.has(parentKey) ? parentKey : undefined,
  )
  const severalLocations = new Set(entries.map((entry) => entry.location)).size > 1
  let count = 0
  const below = (parentKey: string | undefined): readonly GraphNode[] =>
    (byParent.get(parentKey) ?? []).toSorted(inOrder).map((entry): GraphNode => {
      const summary = entry.kind.summary?.(entry.spec)
      const id = `r${count++}`
      return {
        id,
        name: safeLine(entry.name),
        title: entry.kind.title,
        noun: entry.kind.noun,
        address: safeLine(entry.address),
        mark: entry.mark,
        isFailed: entry.isFailed,
        facts: [
          ...(entry.isFailed ? ['status FAILED'] : []),
          ...(severalLocations && entry.parentKey === undefined ? [entry.location] : []),
          ...(summary?.facts ?? []),
        ].map(safeLine),
        shares: (summary?.shares ?? []).map(safeLine),
        reaches: (summary?.reaches ?? []).map(safeLine),
        lans: [...new Set((summary?.attached ?? []).map((lan) => lans.idOf(lan)))],
        children: below(entry.key),
      }
    })
  const roots = below(undefined)
  return { stack: safeLine(stack), isPlan, lans: lans.all(), roots }
}

function inOrder(a: Entry, b: Entry): number {
  return (
    compareText(b.kind.title, a.kind.title) ||
    compareText(a.location, b.location) ||
    NAMES.compare(a.name, b.name) ||
    compareText(a.key, b.key)
  )
}

/** LANs by key, in the order in which gateways name them. */
class Lans {
  readonly #byKey = new Map<string, { id: string; title: string; place: string; networks: Set<string> }>()

  idOf(lan: ResourceSummary['attached'][number]): string {
    const known = this.#byKey.get(lan.key)
    const entry = known ?? {
      id: `l${this.#byKey.size}`,
      title: safeLine(lan.title),
      place: safeLine(lan.place),
      networks: new Set<string>(),
    }
    if (known === undefined) this.#byKey.set(lan.key, entry)
    for (const network of lan.networks) entry.networks.add(safeLine(network))
    return entry.id
  }

  all(): readonly GraphLan[] {
    return [...this.#byKey.values()].map((lan) => ({ ...lan, networks: [...lan.networks] }))
  }
}
