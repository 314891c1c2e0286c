import { findReplacements, type Replacement } from '../safety/rename-hints.ts'
import type { Change } from '../types.ts'

/** Changes in which a deletion and a creation that are one resource to a reader say what they interrupt. */
export function markReplacements(changes: readonly Change[]): readonly Change[] {
  const replacements = findReplacements(changes)
  if (replacements.length === 0) return changes
  const effects = new Map<string, string>()
  for (const replacement of replacements) {
    const effect = effectOf(replacement)
    effects.set(replacement.deleted.key, effect)
    effects.set(replacement.created.key, effect)
  }
  return changes.map((change) => {
    const effect = effects.get(change.key)
    if (effect === undefined || (change.action !== 'create' && change.action !== 'delete')) return change
    return { ...change, disruptions: [effect] }
  })
}

function effectOf({ deleted, created, how }: Replacement): string {
  const { noun, parent } = created.target.kind
  const [before, after] = [deleted.address, created.address]
  if (how === 'inside')
    return `the ${noun} is replaced together with its ${parent?.noun ?? 'parent'}: down in between`
  const what = before === after ? `the ${noun} is replaced` : `${before} is replaced by ${after}`
  return parent === null
    ? `${what}: all its connections are down from the deletion until each other end knows the new one`
    : `${what}: down from the deletion until the other end fits the new one`
}
