import { canonicalJson, type FieldPath, formatPath, getPath, type Plain } from '../model/json.ts'
import { collectionKey, type LiveResource, type LiveState, targetKey } from '../model/resource.ts'
import { parentKey } from './removals.ts'
import type { Change } from './types.ts'

/** A value that an ensure claims while something that stays holds it. */
export interface HeldValue {
  readonly change: Change
  readonly path: FieldPath
  readonly holder: LiveResource
}

/** A create whose id belongs to a resource elsewhere that is not going away. */
export interface HeldId {
  readonly change: Change
  readonly holder: LiveResource
}

/** The changes with their needs, and what stands in their way. */
export interface Ordered {
  readonly changes: readonly Change[]
  readonly heldValues: readonly HeldValue[]
  readonly heldIds: readonly HeldId[]
}

/**
 * Gives every change its needs: an ensure needs its parent's ensure, and the change that frees a value or an id
 * that it claims; a deletion needs its children's deletions.
 */
export function connect(changes: readonly Change[], live: LiveState): Ordered {
  const byKey = new Map(changes.map((change) => [change.key, change]))
  const needs = new Map<string, Set<string>>(changes.map((change) => [change.key, new Set()]))
  const need = (change: string, on: string): void => {
    if (change !== on && byKey.has(on)) needs.get(change)?.add(on)
  }
  const heldValues: HeldValue[] = []
  const heldIds: HeldId[] = []
  const extra: Change[] = []
  const holders = holdersByValue(live)
  const byId = new Map(live.resources.map((resource) => [resource.id, resource]))

  for (const change of changes) {
    const parent = parentKey(change.target)
    if (isEnsure(change) && parent !== undefined) need(change.key, parent)
    if (change.action === 'delete' && parent !== undefined && byKey.get(parent)?.action === 'delete')
      need(parent, change.key)
    if (change.action !== 'create' && change.action !== 'update') continue
    for (const claim of claimsOf(change)) {
      for (const holder of holders.get(claim.value) ?? []) {
        const key = targetKey(holder)
        if (key === change.key) continue
        const freeing = byKey.get(key)
        if (frees(freeing, claim)) need(change.key, key)
        else if (holder.status === 'DESTROYING') {
          if (freeing === undefined) {
            const wait = awaitDestruction(holder)
            byKey.set(key, wait)
            needs.set(key, new Set())
            extra.push(wait)
          }
          need(change.key, key)
        } else if (claim.scope === 'everywhere') heldValues.push({ change, path: claim.path, holder })
      }
    }
    const elsewhere = byId.get(change.target.id)
    if (elsewhere !== undefined && targetKey(elsewhere) !== change.key) {
      if (byKey.get(targetKey(elsewhere))?.action === 'delete') need(change.key, targetKey(elsewhere))
      else heldIds.push({ change, holder: elsewhere })
    }
  }
  const ordered = [...changes, ...extra].map((change) => ({
    ...change,
    needs: [...(needs.get(change.key) ?? [])],
  }))
  return { changes: ordered, heldValues, heldIds }
}

function isEnsure(change: Change): boolean {
  return change.action === 'create' || change.action === 'update' || change.action === 'keep'
}

interface Claim {
  readonly path: FieldPath
  readonly scope: 'everywhere' | 'siblings'
  readonly value: string
}

function claimsOf(change: Extract<Change, { action: 'create' | 'update' }>): readonly Claim[] {
  const held = change.action === 'update' ? change.live : undefined
  return valuesOf(change.target.kind, change.target, change.spec).filter(
    (claim) =>
      held === undefined || !valuesOf(held.kind, held, held.spec).some((old) => old.value === claim.value),
  )
}

function valuesOf(
  kind: LiveResource['kind'],
  place: Pick<LiveResource, 'kind' | 'location' | 'parentIds'>,
  spec: LiveResource['spec'],
): readonly Claim[] {
  const claim = (path: FieldPath, scope: Claim['scope']): Claim[] => {
    const value = getPath(spec, path)
    if (value === undefined) return []
    const where = scope === 'everywhere' ? '' : collectionKey(place)
    return [{ path, scope, value: `${where}\0${formatPath(path)}\0${canonicalJson(value as Plain)}` }]
  }
  return [
    ...kind.exclusive.flatMap((path) => claim(path, 'everywhere')),
    ...kind.exclusiveAmongSiblings.flatMap((path) => claim(path, 'siblings')),
  ]
}

function holdersByValue(live: LiveState): ReadonlyMap<string, readonly LiveResource[]> {
  const holders = new Map<string, LiveResource[]>()
  for (const resource of live.resources) {
    for (const { value } of valuesOf(resource.kind, resource, resource.spec)) {
      const same = holders.get(value)
      if (same === undefined) holders.set(value, [resource])
      else same.push(resource)
    }
  }
  return holders
}

// Among siblings only a deletion counts: two of them may exchange a value, and both writes are accepted.
function frees(change: Change | undefined, claim: Claim): boolean {
  if (change?.action === 'delete') return true
  if (change?.action !== 'update' || claim.scope === 'siblings') return false
  return !valuesOf(change.target.kind, change.target, change.spec).some((kept) => kept.value === claim.value)
}

function awaitDestruction(live: LiveResource): Change {
  const { kind, location, parentIds, id } = live
  return {
    action: 'delete',
    key: targetKey(live),
    address: `${kind.collection}/${live.name}`,
    target: { kind, location, parentIds, id },
    name: live.name,
    reason: { code: 'destroying' },
    needs: [],
    live,
  }
}

/** The first cycle among needs, as changes in order; undefined when there is none, as there should be. */
export function findCycle(changes: readonly Change[]): readonly Change[] | undefined {
  const byKey = new Map(changes.map((change) => [change.key, change]))
  const state = new Map<string, 'open' | 'done'>()
  for (const start of changes) {
    // An explicit stack: a chain of needs may be as long as the plan.
    const path: { change: Change; next: number }[] = []
    if (!state.has(start.key)) path.push({ change: start, next: 0 })
    while (path.length > 0) {
      const top = path.at(-1)
      if (top === undefined) break
      state.set(top.change.key, 'open')
      const key = top.change.needs[top.next++]
      if (key === undefined) {
        state.set(top.change.key, 'done')
        path.pop()
        continue
      }
      const next = byKey.get(key)
      if (next === undefined || state.get(key) === 'done') continue
      if (state.get(key) === 'open') {
        const from = path.findIndex((entry) => entry.change.key === key)
        return path.slice(from).map((entry) => entry.change)
      }
      path.push({ change: next, next: 0 })
    }
  }
  return undefined
}
