import {
  type Collection,
  collectionKey,
  type LiveResource,
  type LiveState,
  targetKey,
} from '../model/resource.ts'

/** The live resources of one list of the API. */
export interface LiveCollection {
  readonly byId: ReadonlyMap<string, LiveResource>
  readonly byName: ReadonlyMap<string, readonly LiveResource[]>
}

/** Live resources by where they are. */
export interface LiveIndex {
  readonly in: (collection: Collection) => LiveCollection
  /** Wherever it is. */
  readonly byId: ReadonlyMap<string, LiveResource>
  readonly parentOf: (resource: LiveResource) => LiveResource | undefined
}

const NOTHING: LiveCollection = { byId: new Map(), byName: new Map() }

/** Sorts live resources into their collections once, so that matching never searches. */
export function indexLive(live: LiveState): LiveIndex {
  const collections = new Map<
    string,
    { byId: Map<string, LiveResource>; byName: Map<string, LiveResource[]> }
  >()
  const byId = new Map<string, LiveResource>()
  for (const resource of live.resources) {
    const key = collectionKey(resource)
    let collection = collections.get(key)
    if (collection === undefined) {
      collection = { byId: new Map(), byName: new Map() }
      collections.set(key, collection)
    }
    collection.byId.set(resource.id, resource)
    const namesakes = collection.byName.get(resource.name)
    if (namesakes === undefined) collection.byName.set(resource.name, [resource])
    else namesakes.push(resource)
    const twin = byId.get(resource.id)
    // One id under two parents should not be; which one is meant must not depend on the order of pages.
    if (twin === undefined || targetKey(resource) < targetKey(twin)) byId.set(resource.id, resource)
  }
  const inside = (collection: Collection): LiveCollection =>
    collections.get(collectionKey(collection)) ?? NOTHING
  return { in: inside, byId, parentOf: (resource) => parentIn(inside, resource) }
}

function parentIn(
  inside: (collection: Collection) => LiveCollection,
  { kind, location, parentIds }: LiveResource,
): LiveResource | undefined {
  const id = parentIds.at(-1)
  if (id === undefined || kind.parent === null) return undefined
  return inside({ kind: kind.parent, location, parentIds: parentIds.slice(0, -1) }).byId.get(id)
}
