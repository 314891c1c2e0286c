import type { Entry, Finding } from '../../kinds/rule.ts'
import { KIND_RULES } from '../../kinds/rules.ts'
import { claimedValues } from '../../model/claims.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import { canonicalJson, type FieldPath, formatPath } from '../../model/json.ts'
import { optional } from '../../model/optional.ts'
import type { DesiredResource, LiveResource } from '../../model/resource.ts'
import { sorted } from '../match/counterpart.ts'
import type { Matched, Matching } from '../match/match.ts'
import type { Change } from '../types.ts'

/** What the search looks at. */
export interface Searched {
  readonly changes: readonly Change[]
  readonly resources: readonly LiveResource[]
  readonly matching: Matching
}

/**
 * What a file must not have twice (a public key, a range), where one of the two is live on a gateway of the file and not
 * managed. A write that makes it so is refused; where both are live already, it is a warning.
 */
export function unmanagedDuplicates({ changes, resources, matching }: Searched): readonly Diagnostic[] {
  const unmanaged = unmanagedChildren(changes, resources, matching)
  if (unmanaged.size === 0) return []
  const byDesired = new Map(changes.flatMap((change) => desiredOf(change)))
  // In the order of the file and of ids: the order of pages must not matter.
  const inFileOrder = matching.matched.flatMap((parent) => {
    const lives = unmanaged.get(parent)
    return lives === undefined ? [] : [[parent, lives] as const]
  })
  return inFileOrder.flatMap(([parent, lives]) => {
    const { gateway, wanted, found } = union(parent, matching.matched, sorted(lives))
    const pairs = [...sameValues(wanted, found), ...rulePairs(gateway, found)]
    return pairs.flatMap((pair): Diagnostic[] => {
      const change = byDesired.get(pair.desired.resource)
      return change === undefined ? [] : [finding(pair, change)]
    })
  })
}

// By the gateway of the file that is their parent. What this plan deletes makes room.
function unmanagedChildren(
  changes: readonly Change[],
  resources: readonly LiveResource[],
  matching: Matching,
): ReadonlyMap<Matched, readonly LiveResource[]> {
  const found = new Map<Matched, LiveResource[]>()
  let leaving: ReadonlySet<LiveResource> | undefined
  for (const resource of resources) {
    if (resource.parentIds.length === 0 || resource.status === 'DESTROYING') continue
    if (matching.byLive.has(resource)) continue
    const above = matching.index.parentOf(resource)
    const parent = above === undefined ? undefined : matching.byLive.get(above)
    if (parent?.match.type !== 'live') continue
    leaving ??= new Set(changes.flatMap((change) => (change.action === 'delete' ? [change.live] : [])))
    if (leaving.has(resource)) continue
    const siblings = found.get(parent)
    if (siblings === undefined) found.set(parent, [resource])
    else siblings.push(resource)
  }
  return found
}

function desiredOf(change: Change): readonly (readonly [DesiredResource, Change])[] {
  if (change.action === 'unmanaged' || change.action === 'delete') return []
  return [[change.desired, change]]
}

interface LiveEntry extends Entry {
  readonly live: LiveResource
}

interface Union {
  readonly gateway: Entry
  readonly wanted: readonly Entry[]
  readonly found: readonly LiveEntry[]
}

// The gateway as rules see it, with what is live on it among its children.
function union(parent: Matched, matched: readonly Matched[], lives: readonly LiveResource[]): Union {
  const children: Entry[] = []
  const gateway = entryOf(parent.desired, null, children)
  const wanted = matched
    .filter((entry) => entry.parent === parent && entry.desired.ensure === 'present')
    .map(({ desired }) => entryOf(desired, gateway))
  const found = lives.map((live): LiveEntry => {
    const { kind, location, name, spec } = live
    const resource: DesiredResource = {
      kind,
      location,
      name,
      address: `${parent.desired.address}/${kind.collection}/${name}`,
      protect: false,
      ensure: 'present',
      parent: parent.desired,
      spec,
      secrets: [],
      locate: () => undefined,
    }
    return { ...entryOf(resource, gateway), live }
  })
  // The rules report the later of two: that is the one in the file.
  children.push(...found, ...wanted)
  return { gateway, wanted, found }
}

const NOWHERE = { line: 1, column: 1, offset: 0 }

function entryOf(resource: DesiredResource, parent: Entry | null, children: readonly Entry[] = []): Entry {
  return {
    resource,
    written: resource.spec,
    parent,
    children,
    place: (path) => ({
      at: resource.locate(path) ?? resource.locate() ?? { file: '', start: NOWHERE, end: NOWHERE },
    }),
  }
}

interface Pair {
  readonly code: 'VPN521' | 'VPN522'
  readonly severity: Finding['severity']
  readonly message: string
  readonly desired: Entry
  readonly path: FieldPath
  readonly live: LiveResource
}

function* sameValues(wanted: readonly Entry[], found: readonly LiveEntry[]): Iterable<Pair> {
  const holders = new Map<string, LiveEntry>()
  for (const entry of found) for (const { key } of valuesOf(entry)) holders.set(key, entry)
  for (const desired of wanted) {
    for (const { key, path } of valuesOf(desired)) {
      const holder = holders.get(key)
      if (holder === undefined) continue
      const message = `${formatPath(path)} of ${JSON.stringify(desired.resource.name)} is the same as that of ${JSON.stringify(holder.live.name)}`
      yield { code: 'VPN521', severity: 'error', message, desired, path, live: holder.live }
    }
  }
}

function valuesOf({ resource: { kind, spec } }: Entry): readonly { key: string; path: FieldPath }[] {
  return claimedValues(kind.claims, 'siblings', spec).map(({ path, value }) => ({
    path,
    key: `${kind.name}\0${formatPath(path)}\0${canonicalJson(value)}`,
  }))
}

function* rulePairs(gateway: Entry, found: readonly LiveEntry[]): Iterable<Pair> {
  const lives = new Map<Entry, LiveEntry>(found.map((entry) => [entry, entry]))
  for (const rule of KIND_RULES) {
    for (const { on, path, related = [], severity, message } of rule([gateway, ...gateway.children])) {
      const [other] = related
      if (other === undefined || other.on === gateway || on === gateway) continue
      const one = lives.get(on)
      const two = lives.get(other.on)
      const live = one ?? two
      if (live === undefined || (one !== undefined && two !== undefined)) continue
      const desired = one === undefined ? { on, path } : other
      yield { code: 'VPN522', severity, message, desired: desired.on, path: desired.path, live: live.live }
    }
  }
}

function finding({ code, severity, message, desired, path, live }: Pair, change: Change): Diagnostic {
  const at = desired.resource.locate(path) ?? desired.resource.locate()
  const isNew = change.action === 'create' || isChanged(change, path)
  return {
    severity: severity === 'error' && isNew ? 'error' : 'warning',
    code,
    message: `${message}; ${JSON.stringify(live.name)} is live and unmanaged (id ${live.id})`,
    hint: `if they are the same, adopt it: write in the file, at ${JSON.stringify(desired.resource.name)}: id: ${live.id}; otherwise delete it, or correct the file`,
    address: change.address,
    ...optional({ at }),
  }
}

function isChanged(change: Change, [field]: FieldPath): boolean {
  return change.action === 'update' && change.fields.some((each) => each.path[0] === field)
}
