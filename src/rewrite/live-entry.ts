import type { PlainObject } from '../model/json.ts'
import type { LiveResource, LiveState } from '../model/resource.ts'
import { type ExportedSecret, variablesOf } from './export.ts'
import { itemOf, itemValue } from './export-item.ts'
import { type LiveNode, liveTree } from './live-tree.ts'

/** A live resource as an entry of a file. */
export interface LiveEntry {
  /** With its id. */
  readonly entry: PlainObject
  /** Secrets that the entry refers to. */
  readonly secrets: readonly ExportedSecret[]
}

/**
 * The entry of a live resource, with those below it that are wanted too; undefined for one that no file can have, since
 * it has no name or is being destroyed.
 */
export function liveEntry(
  state: LiveState,
  stack: string,
  live: LiveResource,
  isWanted: (resource: LiveResource) => boolean,
): LiveEntry | undefined {
  const above = new Set(live.parentIds)
  const resources = state.resources.filter(
    (each) =>
      each.location === live.location &&
      (each === live || above.has(each.id) || (each.parentIds.includes(live.id) && isWanted(each))),
  )
  const { roots } = liveTree({ ...state, resources }, live.location, stack)
  const node = findNode(roots, live)
  if (node === undefined) return undefined
  const { byId, secrets } = variablesOf([node])
  return { entry: itemValue(itemOf(node, byId)), secrets }
}

function findNode(nodes: readonly LiveNode[], live: LiveResource): LiveNode | undefined {
  for (const node of nodes) {
    const found = node.live === live ? node : findNode(node.children, live)
    if (found !== undefined) return found
  }
  return undefined
}
