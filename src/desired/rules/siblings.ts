import type { Entry, Finding, Rule } from '../../kinds/rule.ts'
import { siblingNames } from '../../kinds/sibling-names.ts'
import { closest, didYouMean } from '../../model/closest.ts'
import { formatPath } from '../../model/json.ts'
import { siblingKey } from './names.ts'

const CODE = 'VPN353'

/** A field that names a sibling names one that is to exist, and none that needs this one first. */
export const siblingsExist: Rule = function* (entries) {
  const naming = entries.filter(({ resource }) => (resource.kind.namesSiblings ?? []).length > 0)
  const present = naming.filter(({ resource }) => resource.ensure === 'present')
  const byName = new Map(present.map((entry) => [siblingKey(entry, entry.resource.name), entry]))
  const find = (entry: Entry, name: string): Entry | undefined => byName.get(siblingKey(entry, name))
  for (const entry of present) {
    for (const { name, path } of siblingNames(entry.resource.kind, entry.written)) {
      const sibling = find(entry, name)
      if (sibling === undefined) yield unknown(entry, name, path, present)
      else if (leadsTo(sibling, entry, find)) yield circle(entry, sibling, path)
    }
  }
}

function unknown(on: Entry, name: string, path: Finding['path'], present: readonly Entry[]): Finding {
  const { kind, parent } = on.resource
  const siblings = present
    .filter((other) => other !== on && other.parent === on.parent && other.resource.kind === kind)
    .map(({ resource }) => resource.name)
  const where =
    parent === null ? 'no such sibling exists' : `${JSON.stringify(parent.name)} has no such ${kind.noun}`
  return {
    severity: 'error',
    code: CODE,
    message: `${formatPath(path)} of ${kind.title} ${JSON.stringify(on.resource.name)} names ${JSON.stringify(name)}, and ${where}${didYouMean(closest(name, siblings))}`,
    hint:
      siblings.length === 0 ? 'remove the field, or add what it names' : `use one of: ${siblings.join(', ')}`,
    on,
    path,
  }
}

function circle(on: Entry, sibling: Entry, path: Finding['path']): Finding {
  const { kind, name } = on.resource
  const other = on === sibling ? 'itself' : `${JSON.stringify(sibling.resource.name)}, which needs it first`
  return {
    severity: 'error',
    code: CODE,
    message: `${formatPath(path)} of ${kind.title} ${JSON.stringify(name)} names ${other}`,
    hint: 'remove one of these references: neither can be created before the other',
    on,
    path,
    related: on === sibling ? [] : [{ on: sibling, path: ['name'], message: 'the other one' }],
  }
}

function leadsTo(from: Entry, to: Entry, find: (entry: Entry, name: string) => Entry | undefined): boolean {
  const seen = new Set<Entry>()
  const next: (Entry | undefined)[] = [from]
  while (next.length > 0) {
    const entry = next.pop()
    if (entry === undefined || seen.has(entry)) continue
    if (entry === to) return true
    seen.add(entry)
    next.push(...siblingNames(entry.resource.kind, entry.written).map(({ name }) => find(entry, name)))
  }
  return false
}
