import { claimedPaths, slotsPerParent } from '../../../src/model/claims.ts'
import { hasFingerprint, stackFingerprint } from '../../../src/model/identity.ts'
import { canonicalJson, type Plain } from '../../../src/model/json.ts'
import type { Wanted } from '../../support/desired-builder.ts'
import { derivedIds, type WantedResource, wantedIn } from '../files.ts'
import type { Service, Snapshot } from '../service.ts'
import { isAsideBy } from './scope.ts'

/** Something that the stack may not touch and that its file cannot live with. */
export interface Obstacle {
  readonly of: string
  readonly named: {
    readonly location: string
    readonly kind: Snapshot['kind']
    readonly parentIds: readonly string[]
    readonly id: string
  }
}

/** What keeps a run from reaching the file's state by the rules alone: only a person may take it out of the way. */
export function obstacles(service: Service, file: Wanted): readonly Obstacle[] {
  const owner = stackFingerprint(file.stack ?? '')
  const wanted = wantedIn(file)
  const pinned = new Set(wanted.flatMap(({ id }) => id ?? []))
  const all = service.everything()
  const parentOf = (live: Snapshot): Snapshot | undefined => all.find(({ id }) => id === live.parentId)
  const isOurs = (live: Snapshot): boolean =>
    (hasFingerprint(live.id, owner) || pinned.has(live.id)) && !isAside(live)
  const isAside = (live: Snapshot): boolean =>
    isAsideBy(file, live, { own: live.properties.name, above: parentOf(live)?.properties.name })
  const found: Obstacle[] = []
  for (const live of all.filter((each) => !isOurs(each))) {
    const parent = parentOf(live)
    const of = wanted.find((each) => isInTheWay(each, live, parent)) ?? leavingParent(wanted, parent)
    if (of !== undefined) found.push({ of: typeof of === 'string' ? of : of.address, named: named(live) })
  }
  const ours = all.filter(isOurs)
  found.push(
    ...crowds(
      wanted,
      all.filter((each) => !isOurs(each)),
      parentOf,
      found,
    ),
  )
  return [
    ...found,
    ...seconds(file.stack ?? '', wanted, ours, parentOf),
    ...predecessors(wanted, ours, parentOf),
    ...elsewhere(wanted, ours, parentOf),
  ]
}

/** The file without entries of `released` that name nothing any more, which a person has to take out of it. */
export function withoutUnusedReleases(service: Service, file: Wanted, others: readonly string[]): Wanted {
  const { released = [] } = file
  if (released.length === 0) return file
  const read = new Set([file.location, ...others, ...wantedIn(file).map(({ location }) => location)])
  const all = service.everything().filter(({ location }) => read.has(location))
  const parents = new Map(all.map((live) => [live.id, live]))
  const isUsed = (entry: string): boolean =>
    all.some((live) => {
      const above = live.parentId === undefined ? undefined : parents.get(live.parentId)
      const names = { own: live.properties.name, above: above?.properties.name }
      return isAsideBy({ ...file, released: [entry], neighbours: [] }, live, names)
    })
  return { ...file, released: released.filter(isUsed) }
}

// A gateway whose places others have taken, so that the file's own children do not fit.
function crowds(
  wanted: readonly WantedResource[],
  unmanaged: readonly Snapshot[],
  parentOf: (live: Snapshot) => Snapshot | undefined,
  found: readonly Obstacle[],
): readonly Obstacle[] {
  const cleared = new Set(found.map((obstacle) => obstacle.named.id))
  return wanted.flatMap((gateway) => {
    const children = wanted.filter(({ parent, isAbsent }) => parent === gateway && !isAbsent)
    const [first] = children
    const capacity = first === undefined ? undefined : slotsPerParent(first.kind.claims)
    if (first === undefined || capacity === undefined) return []
    const others = unmanaged.filter((live) => {
      const parent = parentOf(live)
      return !cleared.has(live.id) && parent?.location === gateway.location && isNamed(gateway, parent)
    })
    const excess = children.length + others.length - capacity
    return others.slice(0, Math.max(0, excess)).map((live) => ({ of: first.address, named: named(live) }))
  })
}

// What a protected resource, which is missing, may have been before someone renamed it.
function predecessors(
  wanted: readonly WantedResource[],
  ours: readonly Snapshot[],
  parentOf: (live: Snapshot) => Snapshot | undefined,
): readonly Obstacle[] {
  return wanted
    .filter(({ isProtected }) => isProtected)
    .flatMap((each) => {
      // Below a gateway that has to go it may be the same one, too.
      const isNear = (live: Snapshot): boolean => {
        const above = parentOf(live)
        return (
          each.parent === null || isNamed(each.parent, above) || leavingParent(wanted, above) !== undefined
        )
      }
      const siblings = ours.filter(
        (live) => live.kind === each.kind && live.location === each.location && isNear(live),
      )
      const isBelow = (wantedOne: WantedResource, live: Snapshot): boolean =>
        wantedOne.parent === null || isNamed(wantedOne.parent, parentOf(live))
      if (siblings.some((live) => isNamed(each, live) && isBelow(each, live))) return []
      return siblings
        .filter(
          (live) =>
            !wanted.some((other) => other.kind === live.kind && isNamed(other, live) && isBelow(other, live)),
        )
        .map((live) => ({ of: each.address, named: named(live) }))
    })
}

// What is protected in the file is still where it was before it moved to another location.
function elsewhere(
  wanted: readonly WantedResource[],
  ours: readonly Snapshot[],
  parentOf: (live: Snapshot) => Snapshot | undefined,
): readonly Obstacle[] {
  const isMeant = (each: WantedResource, live: Snapshot): boolean =>
    each.kind === live.kind &&
    isNamed(each, live) &&
    (each.parent === null || isNamed(each.parent, parentOf(live)))
  return wanted
    .filter(({ isProtected }) => isProtected)
    .flatMap((each) =>
      ours
        .filter((live) => live.location !== each.location && isMeant(each, live))
        .map((live) => ({ of: each.address, named: named(live) })),
    )
}

// Of two that a file could mean, only a person can say which one stays.
function seconds(
  stack: string,
  wanted: readonly WantedResource[],
  ours: readonly Snapshot[],
  parentOf: (live: Snapshot) => Snapshot | undefined,
): readonly Obstacle[] {
  const isMeant = (each: WantedResource, live: Snapshot | undefined): boolean =>
    live !== undefined && (isNamed(each, live) || derivedIds(stack, each).includes(live.id))
  return wanted.flatMap((each) => {
    const meant = ours.filter(
      (live) =>
        live.kind === each.kind &&
        live.location === each.location &&
        isMeant(each, live) &&
        (each.parent === null || isMeant(each.parent, parentOf(live))),
    )
    return meant.slice(1).map((live) => ({ of: each.address, named: named(live) }))
  })
}

function isNamed({ name, renamedFrom }: WantedResource, live: Snapshot | undefined): boolean {
  const seen = live?.properties.name
  return seen !== undefined && (seen === name || seen === renamedFrom)
}

function named({ location, kind, parentId, id }: Snapshot): Obstacle['named'] {
  return { location, kind, parentIds: parentId === undefined ? [] : [parentId], id }
}

function isInTheWay(wanted: WantedResource, live: Snapshot, parent: Snapshot | undefined): boolean {
  if (wanted.location !== live.location) return false
  const isSibling = wanted.kind === live.kind && (wanted.parent === null || isNamed(wanted.parent, parent))
  if (isSibling && live.properties.name === wanted.name) return true
  if (
    isSibling &&
    claimedPaths(wanted.kind.claims, 'siblings').some((path) =>
      same(valueAt(live.properties, path), valueAt(wanted.properties, path)),
    )
  )
    return true
  // Two of one key, one remote host or one range are an error, even when one of them is in no file.
  const shared = ['remoteHost', 'allowedIPs'].some((field) =>
    same(live.properties[field], wanted.properties[field]),
  )
  if (isSibling && shared) return true
  if (wanted.parent !== null || live.parentId !== undefined) return false
  return (
    same(live.properties.gatewayIP, wanted.properties.gatewayIP) ||
    attachments(live.properties).some((each) => attachments(wanted.properties).includes(each))
  )
}

// A gateway that has to go, with something on it that is not ours.
function leavingParent(wanted: readonly WantedResource[], parent: Snapshot | undefined): string | undefined {
  if (parent === undefined) return undefined
  const stays = wanted.some(
    (each) => each.kind === parent.kind && each.location === parent.location && isNamed(each, parent),
  )
  return stays ? undefined : `the end of ${String(parent.properties.name)}`
}

/** Where a gateway is: its addresses in LANs. */
export function attachments(properties: Readonly<Record<string, unknown>>): readonly string[] {
  const connections = (properties.connections ?? []) as readonly {
    datacenterId: string
    lanId: string
    ipv4CIDR: string
  }[]
  return connections.map(
    ({ datacenterId, lanId, ipv4CIDR }) => `${datacenterId}/${lanId}/${ipv4CIDR.split('/')[0]}`,
  )
}

function valueAt(properties: Readonly<Record<string, unknown>>, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    properties,
  )
}

function same(a: unknown, b: unknown): boolean {
  return a !== undefined && b !== undefined && canonicalJson(a as Plain) === canonicalJson(b as Plain)
}
