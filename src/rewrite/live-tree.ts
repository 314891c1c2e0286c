import { kindsUnder } from '../kinds/index.ts'
import { type Address, formatAddress } from '../model/address.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { ownedBy } from '../model/identity.ts'
import { compareText, groupBy } from '../model/lists.ts'
import { optional } from '../model/optional.ts'
import {
  type Collection,
  childCollection,
  collectionKey,
  type LiveResource,
  type LiveState,
} from '../model/resource.ts'

/** A live resource in its place, with its children. */
export interface LiveNode {
  readonly live: LiveResource
  /** Names from the outside in, its own last. */
  readonly names: readonly string[]
  readonly address: Address
  readonly children: readonly LiveNode[]
  /** Siblings that have its name and that no file can contain next to it. */
  readonly twins: readonly LiveResource[]
}

/** What is live in a location as a tree, and what no file can say. What is being destroyed is left out. */
export function liveTree(
  state: LiveState,
  location: string,
  stack: string,
): { readonly roots: readonly LiveNode[]; readonly diagnostics: readonly Diagnostic[] } {
  const lists = groupBy(
    state.resources.filter(({ status }) => status !== 'DESTROYING'),
    collectionKey,
  )
  const diagnostics: Diagnostic[] = []
  const grow = (collection: Collection, above: LiveNode | null): readonly LiveNode[] =>
    bySiblingName(lists.get(collectionKey(collection)) ?? []).flatMap(([live, ...twins]) => {
      const own = formatAddress([{ collection: live.kind.collection, name: live.name }])
      const address = above === null ? own : `${above.address}/${own}`
      if (live.name === '') {
        diagnostics.push(...[live, ...twins].map((each) => nameless(each, above?.address)))
        return []
      }
      diagnostics.push(...twins.map((twin) => twinOf(twin, live, address, stack)))
      const node = { live, address, names: [...(above?.names ?? []), live.name], twins }
      const children = kindsUnder(live.kind).flatMap((kind) =>
        grow(childCollection(live, kind), { ...node, children: [] }),
      )
      return [{ ...node, children }]
    })
  const roots = kindsUnder(null).flatMap((kind) => grow({ kind, location, parentIds: [] }, null))
  return { roots, diagnostics }
}

type Siblings = readonly [LiveResource, ...LiveResource[]]

// The oldest of a name comes first: it is the one that people mean.
function bySiblingName(siblings: readonly LiveResource[]): readonly Siblings[] {
  return [...groupBy(siblings, ({ name }) => name).values()].flatMap((group) => {
    const [first, ...rest] = group.toSorted((a, b) => compareText(ageOf(a), ageOf(b)))
    return first === undefined ? [] : [[first, ...rest] as const]
  })
}

function ageOf({ metadata, id }: LiveResource): string {
  const created = Date.parse(metadata.createdDate ?? '')
  return `${Number.isNaN(created) ? '9999' : new Date(created).toISOString()} ${id}`
}

function twinOf(twin: LiveResource, kept: LiveResource, address: Address, stack: string): Diagnostic {
  const outcome = ownedBy(stack)(twin.id)
    ? 'apply would delete it, since this stack owns it'
    : 'it stays unmanaged'
  return {
    severity: 'warning',
    code: 'VPN604',
    message: `left out: another ${twin.kind.title} ${JSON.stringify(twin.name)} (id ${twin.id}); a file cannot contain two siblings of one name, and ${outcome}`,
    hint: `rename one of the two and export again; the file has ${kept.id}`,
    address,
  }
}

function nameless(live: LiveResource, parent: Address | undefined): Diagnostic {
  return {
    severity: 'warning',
    code: 'VPN605',
    message: `left out: ${live.kind.title} without a name (id ${live.id})`,
    hint: 'give it a name and export again',
    ...optional({ address: parent }),
  }
}
