import type { Diagnostic } from '../model/diagnostic.ts'
import { formatPath } from '../model/json.ts'
import { optional } from '../model/optional.ts'
import type { DesiredSecret } from '../model/resource.ts'
import { describeReference } from '../model/secret.ts'
import type { Plan } from '../plan/types.ts'

const NONE: ReadonlySet<string> = new Set()

/**
 * Secrets that a plan sends and that have no value, as errors: to be checked before the first write. What a plan does
 * not send it does not need. `withheld`: keys of changes that will not be written.
 */
export function neededSecretErrors(plan: Plan, withheld = NONE): readonly Diagnostic[] {
  return plan.changes.flatMap((change) => {
    if ((change.action !== 'create' && change.action !== 'update') || withheld.has(change.key)) return []
    return change.desired.secrets.flatMap((secret): Diagnostic[] => {
      if (secret.value !== null) return []
      const at = change.desired.locate(secret.path) ?? change.desired.locate()
      const verb = change.action === 'create' ? 'creates' : 'changes'
      return [
        {
          severity: 'error',
          code: 'VPN403',
          message: `this plan ${verb} ${change.address} and sends its ${formatPath(secret.path)}, but ${sourceText(secret)} has no value`,
          hint: hintFor(secret, change.action),
          address: change.address,
          ...optional({ at }),
        },
      ]
    })
  })
}

function sourceText({ reference }: DesiredSecret): string {
  return reference.from === 'env'
    ? `the environment variable ${reference.name}`
    : `the ${describeReference(reference)}`
}

function hintFor({ reference }: DesiredSecret, action: 'create' | 'update'): string {
  const how = reference.from === 'env' ? `set it: export ${reference.name}=...` : 'write the file'
  return action === 'create'
    ? how
    : `${how}; a PUT replaces everything, so it sends every secret of the resource`
}
