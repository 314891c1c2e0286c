import type { Entry, Finding, Rule } from '../../kinds/rule.ts'

/** The code of {@link namesOnce}. */
export const NAME_TWICE = 'VPN210'

/** A name given twice among siblings, which leaves open which one is meant. */
export const namesOnce: Rule = function* (entries) {
  const seen = new Map<string, Entry>()
  for (const entry of entries) {
    const key = siblingKey(entry, entry.resource.name)
    const first = seen.get(key)
    if (first === undefined) seen.set(key, entry)
    else yield twice(entry, first)
  }
}

/** Names that look alike: people and shells mix them up. */
export const namesDistinct: Rule = function* (entries) {
  const seen = new Map<string, Entry>()
  for (const entry of entries) {
    const key = siblingKey(entry, entry.resource.name.trim().replace(/\s+/g, ' ').toLowerCase())
    const first = seen.get(key)
    if (first === undefined) {
      seen.set(key, entry)
      continue
    }
    if (first.resource.name === entry.resource.name) continue
    yield {
      severity: 'warning',
      code: 'VPN347',
      message: `${JSON.stringify(entry.resource.name)} and ${JSON.stringify(first.resource.name)} differ only in case or whitespace`,
      hint: 'give one of them another name',
      on: entry,
      path: ['name'],
      related: [{ on: first, path: ['name'], message: 'the other name' }],
    }
  }
}

/** Equal for siblings: of one kind below one parent, or of one location at the top. Two entries of one parent share it. */
export function siblingKey({ resource }: Entry, name: string): string {
  const parent = resource.parent === null ? '' : resource.parent.address
  return JSON.stringify([resource.kind.name, resource.location, parent, name])
}

function twice(entry: Entry, first: Entry): Finding {
  const { kind, name } = entry.resource
  return {
    severity: 'error',
    code: NAME_TWICE,
    message: `${kind.title} ${JSON.stringify(name)} is given twice`,
    hint: 'names are unique among siblings: rename one of the two, or remove it',
    on: entry,
    path: ['name'],
    related: [{ on: first, path: ['name'], message: 'first given here' }],
  }
}
