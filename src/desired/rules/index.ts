import type { Entry, Finding, Rule } from '../../kinds/rule.ts'
import { KIND_RULES, LATE_KIND_RULES } from '../../kinds/rules.ts'
import { type Diagnostic, placed } from '../../model/diagnostic.ts'
import { NAME_TWICE, namesDistinct, namesOnce } from './names.ts'
import { heldOnceAmongSiblings, heldOncePerLocation, idsOnce, secretsOnce } from './shared-values.ts'
import { siblingsExist } from './siblings.ts'
import { absentHoldsNothing, expiresUnprotected, networksWithoutHostBits, withinLimits } from './structure.ts'

/** Every rule that there is: those that know a kind's fields, and those that read the kinds' data. */
const RULES: readonly Rule[] = [
  namesOnce,
  namesDistinct,
  heldOncePerLocation,
  heldOnceAmongSiblings,
  idsOnce,
  secretsOnce,
  siblingsExist,
  withinLimits,
  absentHoldsNothing,
  expiresUnprotected,
  networksWithoutHostBits,
  ...KIND_RULES,
]

/** What does not fit together in a whole state. */
export async function lint(entries: readonly Entry[]): Promise<readonly Diagnostic[]> {
  const late = LATE_KIND_RULES.filter((rule) => rule.applies(entries)).map((rule) => rule.load())
  return [...RULES, ...(await Promise.all(late))].flatMap((rule) =>
    [...rule(entries)].filter(isNews).map(toDiagnostic),
  )
}

// Of two entries with one name it is said that they are two; that their values are the same follows from it.
function isNews({ code, on, related = [] }: Finding): boolean {
  const key = ({ resource }: Entry): string => `${resource.location}:${resource.address}`
  return related.every((other) => {
    if (other.on === on || key(other.on) !== key(on)) return true
    return code === NAME_TWICE && other.on.parent === on.parent
  })
}

function toDiagnostic({ on, path, part, related, ...finding }: Finding): Diagnostic {
  const others = (related ?? []).map((other) => ({
    at: other.on.place(other.path).at,
    message: other.message,
  }))
  return {
    severity: finding.severity,
    code: finding.code,
    message: finding.message,
    hint: finding.hint,
    address: on.resource.address,
    ...placed(on.place(path, part), others),
  }
}
