import { targetKey } from '../model/resource.ts'
import { NeedGraph } from '../plan/order/graph.ts'
import { findReplacements } from '../plan/safety/rename-hints.ts'
import { type Change, isDisruptive } from '../plan/types.ts'
import type { HeldBack } from './events.ts'

/** Changes with the order that a careful roll-out adds. */
export interface Rollout {
  readonly changes: readonly Change[]
  readonly heldBack: readonly HeldBack[]
}

/** What interrupts one gateway: an update, or the deletion and the creation that replaces it. */
interface Unit {
  readonly first: Change
  readonly last: Change
  /** The gateway that is interrupted, with its children. */
  readonly gateway: Change
}

/**
 * Orders disruptive changes of gateways: at most `limit` at once, and never two that serve the same networks. The order
 * is made of needs, so what follows a gateway that does not come back is not started. A need that would close a circle
 * is left out: what the plan needs comes first.
 */
export function inTurn(changes: readonly Change[], limit: number): Rollout {
  const units = unitsOf(changes)
  if (units.length < 2) return { changes, heldBack: [] }
  const graph = new NeedGraph(changes)
  const heldBack: HeldBack[] = []
  const follow = (unit: Unit, before: Unit, because: HeldBack['because']): void => {
    if (graph.leadsTo(unit.first.key, before.last.key)) return
    if (graph.leadsTo(before.last.key, unit.first.key)) return
    graph.need(unit.first.key, before.last.key)
    heldBack.push({ change: unit.first, after: before.last, because })
  }
  const serves = servedBy(changes)
  for (const [index, unit] of units.entries()) {
    // From the last one: what it waits for already, the others need not repeat.
    for (let earlier = index - 1; earlier >= 0; earlier -= 1) {
      const before = units[earlier] as Unit
      if (areRedundant(serves(unit), serves(before))) follow(unit, before, 'redundant')
      else if (earlier === index - limit) follow(unit, before, 'limit')
    }
  }
  return { changes: graph.changes(), heldBack }
}

function unitsOf(changes: readonly Change[]): readonly Unit[] {
  const isGateway = ({ target }: Change): boolean => target.kind.parent === null
  const replaced = findReplacements(changes).filter(({ created }) => isGateway(created))
  const createdBy = new Map(replaced.map(({ deleted, created }) => [deleted.key, created]))
  return changes.flatMap((change): readonly Unit[] => {
    if (!isGateway(change) || !isDisruptive(change)) return []
    if (change.action === 'update') return [{ first: change, last: change, gateway: change }]
    const created = createdBy.get(change.key)
    return created === undefined ? [] : [{ first: change, last: created, gateway: created }]
  })
}

interface Served {
  /** Networks that the gateway is attached to. */
  readonly attached: ReadonlySet<string>
  /** Networks behind its children. */
  readonly reaches: ReadonlySet<string>
}

function servedBy(changes: readonly Change[]): (unit: Unit) => Served {
  const reached = new Map<string, Set<string>>()
  for (const change of changes) {
    const { kind, location, parentIds } = change.target
    const id = parentIds.at(-1)
    if (kind.parent === null || id === undefined) continue
    const parent = targetKey({ kind: kind.parent, location, parentIds: parentIds.slice(0, -1), id })
    const networks = reached.get(parent) ?? new Set()
    reached.set(parent, networks)
    for (const network of kind.summary?.(specOf(change)).reaches ?? []) networks.add(network)
  }
  return ({ gateway }) => ({
    attached: new Set(gateway.target.kind.summary?.(specOf(gateway)).attached.map(({ key }) => key) ?? []),
    reaches: reached.get(gateway.key) ?? new Set(),
  })
}

function specOf(change: Change) {
  return change.action === 'create' || change.action === 'update' ? change.spec : change.live.spec
}

function areRedundant(one: Served, other: Served): boolean {
  return shares(one.attached, other.attached) && shares(one.reaches, other.reaches)
}

function shares(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].some((item) => other.has(item))
}
