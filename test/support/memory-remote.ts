import type { Remote, WireResource } from '../../src/model/remote.ts'
import { collectionKey, type Target, targetKey } from '../../src/model/resource.ts'

/** The API in a map, on no clock: what is written has `status` at once. */
export function memoryRemote(status = 'AVAILABLE'): Remote {
  const resources = new Map<string, { target: Target; wire: WireResource }>()
  return {
    async *list(collection) {
      const key = collectionKey(collection)
      yield [...resources.values()].flatMap(({ target, wire }) =>
        collectionKey(target) === key ? [wire] : [],
      )
    },
    get: async (target) => resources.get(targetKey(target))?.wire ?? null,
    async put(target, { spec }) {
      const wire = { id: target.id, metadata: { status }, properties: { ...spec } }
      resources.set(targetKey(target), { target, wire })
      return wire
    },
    delete: async (target) => (resources.delete(targetKey(target)) ? 'accepted' : 'absent'),
  }
}
