import { siblingNames } from '../../kinds/sibling-names.ts'
import { collectionKey } from '../../model/resource.ts'
import type { Change } from '../types.ts'
import type { NeedGraph } from './graph.ts'

/**
 * Orders siblings that name each other: a resource is written after those that it names have got their names, and deleted
 * after those that named it. Live resources may name each other in a circle; the need that would close it is left out.
 */
export function connectSiblings(changes: readonly Change[], graph: NeedGraph): void {
  const naming = changes.filter(({ target }) => (target.kind.namesSiblings ?? []).length > 0)
  if (naming.length === 0) return
  const named = new Map<string, Change>()
  const deleted = new Map<string, Change>()
  for (const change of naming) {
    const key = nameKey(change, change.name)
    if (change.action === 'delete') deleted.set(key, change)
    else if (change.action === 'create' || isRename(change)) named.set(key, change)
  }
  const needs = naming.flatMap((change) => [
    ...namesWritten(change).map((name) => ({ from: change, on: named.get(nameKey(change, name)) })),
    ...namesLeft(change).flatMap((name) => {
      const from = deleted.get(nameKey(change, name))
      return from === undefined ? [] : [{ from, on: change }]
    }),
  ])
  // Which need closes a circle must not depend on the order of the file.
  const keys = needs.flatMap(({ from, on }) => (on === undefined || on === from ? [] : [[from.key, on.key]]))
  for (const [from = '', on = ''] of keys.toSorted((a, b) => (a.join() < b.join() ? -1 : 1))) {
    if (!graph.leadsTo(on, from)) graph.need(from, on)
  }
}

function isRename(change: Change): boolean {
  return change.action === 'update' && change.live.name !== change.name
}

function namesWritten(change: Change): readonly string[] {
  if (change.action !== 'create' && change.action !== 'update') return []
  return siblingNames(change.target.kind, change.spec).map(({ name }) => name)
}

/** The siblings that a resource names until this change is done. */
function namesLeft(change: Change): readonly string[] {
  if (change.action !== 'update' && change.action !== 'delete') return []
  const kept = new Set(namesWritten(change))
  return siblingNames(change.target.kind, change.live.spec).flatMap(({ name }) =>
    kept.has(name) ? [] : [name],
  )
}

function nameKey({ target }: Change, name: string): string {
  return `${collectionKey(target)}\0${name}`
}
