import type { Diagnostic } from '../../model/diagnostic.ts'
import { byText } from '../../model/live-metadata.ts'
import { optional } from '../../model/optional.ts'
import type { Difference } from '../../plan/saved/staleness.ts'
import type { Plan } from '../../plan/types.ts'

/** What a plan is compared with. */
export interface ComparedPlan {
  readonly severity: Diagnostic['severity']
  readonly code: string
  /** As sentences call it. */
  readonly noun: string
}

/** A saved plan that is about to be applied. */
const SAVED: ComparedPlan = { severity: 'error', code: 'VPN531', noun: 'saved' }

/** A plan that people have agreed to. */
export const REVIEWED: ComparedPlan = { severity: 'warning', code: 'VPN536', noun: 'reviewed' }

/** What a former plan and the plan of today do not share, one sentence for each, with who changed it as far as the API says. */
export function stalenessDiagnostics(
  differences: readonly Difference[],
  today: Plan,
  { severity, code, noun }: ComparedPlan = SAVED,
): readonly Diagnostic[] {
  const places = new Map(
    today.changes.map((change) => [change.key, 'desired' in change ? change.desired.locate() : undefined]),
  )
  return differences.map((found) => {
    const at = places.get(found.key)
    return {
      severity,
      code,
      message: `${found.address} ${sentence(found, noun)}`,
      address: found.address,
      ...optional({ at }),
    }
  })
}

function sentence(found: Difference, noun: string): string {
  switch (found.how) {
    case 'added':
      return `${because(found, noun)}would be ${done(found.today)}, which the ${noun} plan does not contain`
    case 'removed':
      return `would not be ${done(found.saved)} any more: ${leftBehind(found)}`
    case 'changed':
      return change(found, noun)
    default:
      return found.how satisfies never
  }
}

function because(found: Difference, noun: string): string {
  const parts = found.parts.flatMap((part) => partText(part, found, noun))
  return parts.length === 0 ? '' : `${parts.join('; ')}; it `
}

function leftBehind({ today, parts }: Difference): string {
  if (parts.includes('resent')) return 'its secret has no value here, or is the one that is live'
  if (today === undefined) return 'it is neither live nor in the files'
  return today === 'keep'
    ? 'the files and live agree by now'
    : 'the files do not name it, and it is left alone'
}

function change(found: Difference, noun: string): string {
  const { parts, saved, today } = found
  if (parts.includes('action')) {
    const isGone = saved !== 'create' && today === 'create'
    return `${isGone ? 'is gone from live, and ' : ''}would be ${done(today)}, where the ${noun} plan says ${done(saved)}${lastChange(found)}`
  }
  return parts.flatMap((part) => partText(part, found, noun)).join('; ')
}

function partText(part: Difference['parts'][number], found: Difference, noun: string): readonly string[] {
  const fields = found.fields.length === 0 ? '' : `: ${found.fields.join(', ')}`
  switch (part) {
    case 'live':
      return [`was changed live${lastChange(found)}${fields}`]
    case 'body':
      // What the server chose is sent back, so a change of live may be one of the body too.
      return found.parts.includes('live') ? [] : [`is not the same in the files${fields}`]
    case 'resent':
      return [
        found.how === 'added' ? 'has another secret live than the one here' : 'would be sent another secret',
      ]
    case 'holders':
      return [`has to wait for ${found.needs.join(', ')}, which the ${noun} plan does not say`]
    case 'settings':
      return ['was planned with another --prune or --target']
    case 'action':
      return []
    default:
      return part satisfies never
  }
}

function lastChange(found: Difference): string {
  const by = byText(found)
  return by === '' ? '' : ` (last change${by})`
}

function done(action: Difference['today']): string {
  return action === undefined ? 'kept' : DONE[action]
}

const DONE = {
  create: 'created',
  update: 'changed',
  delete: 'deleted',
  keep: 'kept',
  unmanaged: 'kept',
} as const
