import { withinTargets } from '../../model/address-pattern.ts'
import type { FieldPath } from '../../model/json.ts'
import {
  type LiveResource,
  type LiveState,
  parentTarget,
  type Target,
  targetKey,
} from '../../model/resource.ts'
import type { Change, ChangeOf } from '../types.ts'
import { frees, type HeldClaim, holdersOf, newClaims } from './claims.ts'
import { NeedGraph } from './graph.ts'
import { connectSiblings } from './siblings.ts'
import { connectSlots, type NoSlot } from './slots.ts'

/** A write that takes a value that another resource keeps, or that another write takes too. */
export interface HeldValue {
  readonly change: ChangeOf<'create' | 'update'>
  readonly path: FieldPath
  readonly holder: { readonly live: LiveResource } | { readonly change: Change }
}

/** A create whose id belongs to a resource elsewhere that is not going away. */
export interface HeldId {
  readonly change: ChangeOf<'create' | 'update'>
  readonly holder: LiveResource
}

/** The changes with their needs, and what is in their way. */
export interface Ordered {
  readonly changes: readonly Change[]
  readonly heldValues: readonly HeldValue[]
  readonly heldIds: readonly HeldId[]
  readonly noSlots: readonly NoSlot[]
}

/** What the ordering asks about the live state. */
export interface Surroundings {
  readonly live: LiveState
  /** A live resource by its id, wherever it is. */
  readonly find: (id: string) => LiveResource | undefined
  /** The address that a reader sees for a live resource. */
  readonly addressOf: (live: LiveResource) => string
  /** What the user pointed at. */
  readonly targets: readonly string[]
}

/**
 * Gives every change its needs: an ensure needs its parent's ensure, which it has already, and the change that
 * frees a value or an id that it claims; a deletion needs its children's deletions, those of others among them.
 */
export function connect(changes: readonly Change[], around: Surroundings): Ordered {
  const graph = new NeedGraph(changes)
  for (const change of changes) if (change.action === 'delete') connectParent(change, graph)
  connectLeavingChildren(graph, around)
  connectSiblings(changes, graph)
  const heldValues = connectClaims(changes, graph, around)
  const heldIds = connectIds(changes, graph, around)
  const noSlots = connectSlots(graph, {
    live: around.live,
    isTarget: withinTargets(around.targets),
    awaitDestruction: (live) => graph.add(awaitDestruction(live, around.addressOf(live))),
  })
  return { changes: graph.changes(), heldValues, heldIds, noSlots }
}

function connectParent(change: Change, graph: NeedGraph): void {
  const parent = deletionAbove(change.target, graph)
  if (parent !== undefined) graph.need(parent.key, change.key)
}

function deletionAbove(target: Target, graph: NeedGraph): Change | undefined {
  const key = parentKey(target)
  const parent = key === undefined ? undefined : graph.get(key)
  return parent?.action === 'delete' ? parent : undefined
}

// A run that was killed, or someone else, began to delete them: their end is waited for like that of the others.
function connectLeavingChildren(graph: NeedGraph, { live, addressOf }: Surroundings): void {
  for (const resource of live.resources) {
    if (resource.status !== 'DESTROYING') continue
    const parent = deletionAbove(resource, graph)
    if (parent === undefined) continue
    graph.add(awaitDestruction(resource, addressOf(resource)))
    graph.need(parent.key, targetKey(resource))
  }
}

/** A need that is given up where it would close a circle. */
interface WantedEdge {
  readonly from: string
  readonly on: string
}

function connectClaims(
  changes: readonly Change[],
  graph: NeedGraph,
  { live, addressOf }: Surroundings,
): readonly HeldValue[] {
  const writes = changes
    .filter((change) => change.action === 'create' || change.action === 'update')
    .map((change) => ({ change, claims: newClaims(change) }))
  const holders = holdersOf(
    new Set(writes.flatMap(({ claims }) => claims.map(({ value }) => value))),
    live.resources,
  )
  const held: HeldValue[] = []
  const takers = new Map<string, Change>()
  const wantedEdges: WantedEdge[] = []
  for (const { change, claims } of writes) {
    for (const claim of claims) {
      const other = takers.get(claim.value)
      if (other === undefined) takers.set(claim.value, change)
      else if (claim.scope === 'location') held.push({ change, path: claim.path, holder: { change: other } })
      for (const holder of holders.get(claim.value) ?? []) {
        const key = targetKey(holder)
        if (key === change.key) continue
        const on = holderEdge(graph, holder, key, claim, addressOf)
        if (on === 'needed') graph.need(change.key, key)
        else if (on === 'wanted') wantedEdges.push({ from: change.key, on: key })
        else if (claim.scope === 'location') held.push(heldBy(change, claim, holder, graph.get(key)))
        else if (
          claim.scope === 'network' &&
          !isHeld(held, change, holder) &&
          graph.get(key)?.action === 'unmanaged'
        )
          held.push(heldBy(change, claim, holder, graph.get(key)))
      }
    }
  }
  // Siblings may exchange a value, and both writes are accepted: a wish that closes a circle is dropped. Which one
  // must not depend on the order of the file.
  const rank = ({ from, on }: WantedEdge): string => `${from}\0${on}`
  wantedEdges.sort((a, b) => (rank(a) < rank(b) ? -1 : 1))
  for (const { from, on } of wantedEdges) if (!graph.leadsTo(on, from)) graph.need(from, on)
  return held
}

function holderEdge(
  graph: NeedGraph,
  holder: LiveResource,
  key: string,
  claim: HeldClaim,
  addressOf: (live: LiveResource) => string,
): 'needed' | 'wanted' | undefined {
  const freeing = graph.get(key)
  if (frees(freeing, claim)) return claim.scope === 'location' ? 'needed' : 'wanted'
  if (holder.status !== 'DESTROYING') return undefined
  graph.add(awaitDestruction(holder, addressOf(holder)))
  return 'needed'
}

// One warning for one holder: a gateway that has the public address often has the address in the LAN too.
function isHeld(held: readonly HeldValue[], change: Change, live: LiveResource): boolean {
  return held.some((other) => other.change === change && 'live' in other.holder && other.holder.live === live)
}

function heldBy(
  change: ChangeOf<'create' | 'update'>,
  claim: HeldClaim,
  holder: LiveResource,
  own: Change | undefined,
): HeldValue {
  const isOurs = own !== undefined && own.action !== 'unmanaged'
  return { change, path: claim.path, holder: isOurs ? { change: own } : { live: holder } }
}

function connectIds(
  changes: readonly Change[],
  graph: NeedGraph,
  { find, addressOf }: Surroundings,
): readonly HeldId[] {
  const creates = changes.filter((change) => change.action === 'create')
  return creates.flatMap((change): HeldId[] => {
    const elsewhere = find(change.target.id)
    if (elsewhere === undefined) return []
    const key = targetKey(elsewhere)
    if (key === change.key) return []
    if (elsewhere.status === 'DESTROYING') graph.add(awaitDestruction(elsewhere, addressOf(elsewhere)))
    if (graph.get(key)?.action !== 'delete') return [{ change, holder: elsewhere }]
    graph.need(change.key, key)
    return []
  })
}

function awaitDestruction(live: LiveResource, address: string): Change {
  const { kind, location, parentIds, id } = live
  const target: Target = { kind, location, parentIds, id }
  return {
    action: 'delete',
    key: targetKey(target),
    address,
    target,
    name: live.name,
    reason: { code: 'destroying' },
    needs: [],
    live,
  }
}

/** The key of its parent; undefined at the top. */
export function parentKey(target: Target): string | undefined {
  const parent = parentTarget(target)
  return parent === undefined ? undefined : targetKey(parent)
}
