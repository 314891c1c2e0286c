import { formatPath } from '../../model/json.ts'
import { firstOf } from '../../model/lists.ts'
import { type Change, isDisruptive, type Plan, type UncomparedSecret } from '../../plan/types.ts'
import { neighbourTexts } from '../writing/notices.ts'
import { safeLine } from '../writing/safe-text.ts'
import { secretsLine } from '../writing/secrets-line.ts'
import { count } from '../writing/words.ts'

/** The line that Atlantis, tfcmt and their like look for. */
export function planLine({ summary, between }: Pick<Plan, 'summary' | 'between'>): string {
  const { create, update, delete: remove } = summary
  if (between !== undefined) return `Diff: ${create} added, ${update} changed, ${remove} removed.`
  return `Plan: ${create} to add, ${update} to change, ${remove} to destroy.`
}

/** `From git:origin/main to vpn.yaml; live resources were not read.` */
export function betweenLine({ before, after }: NonNullable<Plan['between']>): string {
  return `From ${safeLine(before)} to ${safeLine(after)}; live resources were not read.`
}

/** What else there is: `Also: 1 unmanaged, 8 unchanged, 2 disruptive.`; empty when nothing. */
export function alsoLine(plan: Plan): string {
  const { keep } = plan.summary
  const disruptive = plan.changes.filter(isDisruptive)
  const parts = [
    ...(disruptive.length === 0 ? [] : [`${disruptive.length} disruptive`]),
    ...leftCounts(plan, 1),
    ...(keep === 0 ? [] : [`${keep} unchanged`]),
    ...(plan.warnings.length === 0 ? [] : [count(plan.warnings.length, 'warning')]),
  ]
  const groups = [...(parts.length === 0 ? [] : [parts.join(', ')]), ...neighbourTexts(plan.neighbours)]
  return groups.length === 0 ? '' : `Also: ${groups.join(' · ')}.`
}

/** `2 unmanaged`, and what this stack owns and no file has, which is not unmanaged: `1 kept by --prune none`. */
export function leftCounts({ changes, summary }: Plan, least: number): readonly string[] {
  const kept = changes.filter(isKept).length
  const unmanaged = summary.unmanaged - kept
  return [
    ...(unmanaged < least ? [] : [`${unmanaged} unmanaged`]),
    ...(kept === 0 ? [] : [`${kept} kept by --prune none`]),
  ]
}

/** Whether this stack owns what a plan leaves alone. */
export function isKept({ reason }: Change): boolean {
  return reason.code === 'prune-none'
}

/** `Compared with git:main: 2 intent, 1 drift.`; empty without a base. */
export function baseLine({ base }: Plan): string {
  if (base === undefined) return ''
  const { intent, drift, conflict, mixed, pending } = base.summary
  const parts = [
    ...(intent === 0 ? [] : [`${intent} intent`]),
    ...(pending === 0 ? [] : [`${pending} pending`]),
    ...(drift === 0 ? [] : [`${drift} drift`]),
    ...(mixed === 0 ? [] : [`${mixed} both intent and drift`]),
    ...(conflict === 0 ? [] : [count(conflict, 'conflict')]),
  ]
  const what = parts.length === 0 ? 'nothing to separate' : parts.join(', ')
  return `Compared with ${safeLine(base.name)}: ${what}.`
}

/** Whether the changes are those that were reviewed; empty where that was not asked. */
export function reviewLine({ review }: Plan): string {
  if (review === undefined) return ''
  const amount = review.differences.length
  return amount === 0
    ? 'Reviewed: these are the changes of the reviewed plan.'
    : `Not as reviewed: ${count(amount, 'difference')} from the reviewed plan.`
}

/** `No changes. Live state matches vpn.yaml (12 resources, 0 unmanaged).`, the first sentence always. */
export function noChangesLine(plan: Plan, sourceName: string): string {
  const { keep } = plan.summary
  if (plan.between !== undefined) return noDifferencesLine(plan.between, keep)
  const own = [count(keep, 'resource'), ...leftCounts(plan, 0)].join(', ')
  const facts = [own, ...neighbourTexts(plan.neighbours)].join(' · ')
  // After a destroy nothing is live, and the file may want a good deal.
  if (keep === 0) return `No changes. Nothing to do (${facts}).`
  const live = plan.options.targets.length > 0 ? 'Live state of the targets' : 'Live state'
  const left = plan.left ?? []
  const except =
    left.length === 0 ? '' : `, except for ${count(left.length, 'resource')} that --on-drift leave leaves`
  return `No changes. ${live} matches ${safeLine(sourceName)}${except} (${facts}).`
}

function noDifferencesLine({ before, after }: NonNullable<Plan['between']>, keep: number): string {
  return `No differences. ${safeLine(before)} and ${safeLine(after)} declare the same (${count(keep, 'resource')}).`
}

/** Why the plan must not be applied, in one line; undefined when it may. */
export function refusedLine(plan: Plan): string | undefined {
  if (plan.refusals.length === 0) return undefined
  const codes = [...new Set(plan.refusals.map((refusal) => refusal.code))].join(', ')
  if (plan.between !== undefined) {
    return `A plan of these files is refused, for ${count(plan.refusals.length, 'reason')} (${codes}).`
  }
  return `Refused: this plan must not be applied, for ${count(plan.refusals.length, 'reason')} (${codes}).`
}

/** How many secrets could not be compared, for the end of the text; empty where there are none. */
export function uncomparedLine({ uncompared }: Plan): string {
  const unresolved = uncompared.filter(({ why }) => why === 'unresolved').length
  return secretsLine(uncompared.length - unresolved, unresolved)
}

/** What could not be compared, said once for the whole plan. */
export function uncomparedLines(plan: Plan): readonly string[] {
  const writeOnly = plan.uncompared.filter((secret) => secret.why === 'write-only')
  const unresolved = plan.uncompared.filter((secret) => secret.why === 'unresolved')
  return [
    ...(writeOnly.length === 0
      ? []
      : [
          `  Not compared, since the API does not return ${writeOnly.length === 1 ? 'it' : 'them'}: ${list(writeOnly)}`,
          '    to send them:  --resend-secrets ADDRESS|all',
        ]),
    ...(unresolved.length === 0
      ? []
      : [
          `  Not compared, since the ${unresolved.length === 1 ? 'value is' : 'values are'} not known here: ${list(unresolved)}`,
        ]),
  ]
}

function list(secrets: readonly UncomparedSecret[]): string {
  return firstOf(secrets.map(({ address, path }) => `${safeLine(address)} ${formatPath(path)}`))
}
