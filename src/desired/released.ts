import type { Entry } from '../kinds/rule.ts'
import { type Diagnostic, placed } from '../model/diagnostic.ts'
import { type Release, releasedId } from '../model/file-lists.ts'

/** Resources of the files that the `released` list names too, by address or id. */
export function releasedAndDeclared(
  entries: readonly Entry[],
  released: readonly Release[],
): readonly Diagnostic[] {
  if (released.length === 0) return []
  const byName = new Map<string, Entry>()
  for (const entry of entries) {
    const { address, location, id } = entry.resource
    for (const name of [address, `${location}:${address}`, id]) {
      if (name !== undefined && !byName.has(name)) byName.set(name, entry)
    }
  }
  return released.flatMap(({ address, at }): Diagnostic[] => {
    const entry = byName.get(address) ?? byName.get(releasedId(address) ?? address)
    if (entry === undefined) return []
    const others = at === undefined ? [] : [{ at, message: 'released here' }]
    return [
      {
        severity: 'error',
        code: 'VPN214',
        message: `${entry.resource.address} is declared here and released at the same time`,
        hint: 'remove it here if another stack manages it; remove the entry of "released" if this one does',
        address: entry.resource.address,
        ...placed(entry.place(['name']), others),
      },
    ]
  })
}
