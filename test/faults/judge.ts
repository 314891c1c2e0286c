import { hasFingerprint, stackFingerprint } from '../../src/model/identity.ts'
import { canonicalJson, isPlainObject, type Plain, type PlainObject } from '../../src/model/json.ts'
import type { SandboxResource } from '../../src/sandbox/store-access.ts'
import { type Estate, STACK, type Wanted } from './estate.ts'
import type { UnownedById } from './world.ts'

/**
 * What is wrong with the store when it should be as the file says. Compares what was sent with what is stored, member
 * by member, without the planner: a fault of both would hide itself.
 */
export function judgeStore(
  resources: readonly SandboxResource[],
  estate: Estate,
  unowned: UnownedById,
): readonly string[] {
  const mine = resources.filter(({ id }) => !unowned.has(id))
  const found = new Map<Wanted, SandboxResource>()
  const faults: string[] = []
  for (const wanted of estate) {
    const parentId = wanted.parent === null ? undefined : found.get(wanted.parent)?.id
    const same = mine.filter(
      (each) =>
        each.kind === wanted.kind &&
        each.properties.name === wanted.name &&
        each.parentIds.at(-1) === parentId,
    )
    if (same.length !== 1) faults.push(`${wanted.kind.title} ${wanted.name} is there ${same.length} times`)
    const [only] = same
    if (only === undefined) continue
    found.set(wanted, only)
    if (only.status !== 'AVAILABLE') faults.push(`${only.path} is ${only.status}`)
    if (wanted.id !== undefined && only.id !== wanted.id) faults.push(`${only.path} should be ${wanted.id}`)
    if (wanted.id === undefined && !hasFingerprint(only.id, stackFingerprint(STACK)))
      faults.push(`${only.path} has an id of someone else`)
    for (const fault of differences(only, wanted.properties)) faults.push(`${only.path}: ${fault}`)
  }
  const expected = new Set([...found.values()].map(({ id }) => id))
  for (const extra of mine.filter(({ id }) => !expected.has(id)))
    faults.push(`${extra.path} (${String(extra.properties.name)}, ${extra.status}) is left over`)
  return [...faults, ...unownedFaults(resources, unowned)]
}

function unownedFaults(resources: readonly SandboxResource[], unowned: UnownedById): readonly string[] {
  const now = new Map(resources.map((resource) => [resource.id, JSON.stringify(resource)]))
  return [...unowned].flatMap(([id, before]) =>
    now.get(id) === before ? [] : [`the unowned ${id} was ${before} and is ${now.get(id) ?? 'gone'}`],
  )
}

// Names of fields only: values may be secrets.
function differences({ kind, properties }: SandboxResource, wanted: PlainObject): readonly string[] {
  const chosen = new Set(kind.serverChosen.map((path) => path.join('.')))
  const sets = new Set(kind.sets.map((path) => path.join('.')))
  const compare = (at: readonly string[], want: Plain | undefined, have: Plain | undefined): string[] => {
    const path = at.join('.')
    if (want === undefined && chosen.has(path)) return []
    const fallback = at.reduce<Plain | undefined>(
      (value, key) => (isPlainObject(value) ? value[key] : undefined),
      kind.defaults,
    )
    const expected = want ?? (isPlainObject(fallback) ? undefined : fallback)
    if (isPlainObject(expected) && isPlainObject(have)) {
      return [...new Set([...Object.keys(expected), ...Object.keys(have)])].flatMap((key) =>
        compare([...at, key], expected[key], have[key]),
      )
    }
    return canonicalText(expected, sets.has(path)) === canonicalText(have, sets.has(path))
      ? []
      : [`${path} differs`]
  }
  return compare([], wanted, properties)
}

function canonicalText(value: Plain | undefined, isSet: boolean): string {
  if (isSet && Array.isArray(value))
    return value
      .map((each) => canonicalJson(each))
      .sort()
      .join()
  return value === undefined || value === null ? '' : canonicalJson(value)
}
