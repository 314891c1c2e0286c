import {
  type Collection,
  collectionKey,
  type LiveResource,
  type LiveState,
  parentTarget,
  targetKey,
} from '../../model/resource.ts'

/** The live resources of one list of the API. */
export interface LiveCollection {
  /** {@link collectionKey} of the collection. */
  readonly key: string
  readonly byId: ReadonlyMap<string, LiveResource>
  readonly byName: ReadonlyMap<string, readonly LiveResource[]>
}

/** Live resources by where they are. */
export interface LiveIndex {
  readonly in: (collection: Collection) => LiveCollection
  /** Wherever it is. */
  readonly find: (id: string) => LiveResource | undefined
  readonly parentOf: (resource: LiveResource) => LiveResource | undefined
}

interface Filling {
  readonly key: string
  readonly byId: Map<string, LiveResource>
  readonly byName: Map<string, LiveResource[]>
}

const NOTHING = { byId: new Map(), byName: new Map() }

/** Sorts live resources into their collections once, so that matching never searches. */
export function indexLive({ resources }: LiveState): LiveIndex {
  const collections = new Map<string, Filling>()
  for (const resource of resources) {
    const filling = fillingOf(collections, resource)
    filling.byId.set(resource.id, resource)
    const sameName = filling.byName.get(resource.name)
    if (sameName === undefined) filling.byName.set(resource.name, [resource])
    else sameName.push(resource)
  }
  const inside = (collection: Collection): LiveCollection => {
    const key = collectionKey(collection)
    return collections.get(key) ?? { key, ...NOTHING }
  }
  // Only an id that is not where the file says is looked for: made at once, the map costs 7 % of a plan without changes.
  let ids: ReadonlyMap<string, LiveResource> | undefined
  return {
    in: inside,
    find: (id) => {
      ids ??= everywhereById(resources)
      return ids.get(id)
    },
    parentOf: (resource) => parentIn(inside, resource),
  }
}

function fillingOf(collections: Map<string, Filling>, resource: LiveResource): Filling {
  const key = collectionKey(resource)
  const found = collections.get(key)
  if (found !== undefined) return found
  const made: Filling = { key, byId: new Map(), byName: new Map() }
  collections.set(key, made)
  return made
}

// One id under two parents should not be; which one is meant must not depend on the order of pages.
function everywhereById(resources: readonly LiveResource[]): ReadonlyMap<string, LiveResource> {
  const byId = new Map<string, LiveResource>()
  for (const resource of resources) {
    const twin = byId.get(resource.id)
    if (twin === undefined || targetKey(resource) < targetKey(twin)) byId.set(resource.id, resource)
  }
  return byId
}

function parentIn(
  inside: (collection: Collection) => LiveCollection,
  resource: LiveResource,
): LiveResource | undefined {
  const parent = parentTarget(resource)
  return parent === undefined ? undefined : inside(parent).byId.get(parent.id)
}
