import { SEVERITIES } from '../../drift/severity.ts'
import type { Drift, DriftField, DriftFinding, DriftSummary, NotCompared } from '../../drift/types.ts'
import type { SourceRange } from '../../model/diagnostic.ts'
import { formatPath, type Plain } from '../../model/json.ts'
import { firstOf } from '../../model/lists.ts'
import { dateText } from '../../model/live-metadata.ts'
import type { LiveMetadata, LiveResource, Severity } from '../../model/resource.ts'
import { type FieldRow, liveRows } from '../plan/field-lines.ts'
import { neighbourTexts } from '../writing/notices.ts'
import { safeLine } from '../writing/safe-text.ts'
import { valueParts } from '../writing/value-text.ts'
import { count, historyOf, notOwnedText } from '../writing/words.ts'

/** What is wrong with a resource, as the rest of a sentence that begins with its address. Not made safe for markdown. */
export function findingText(finding: DriftFinding): string {
  switch (finding.state) {
    case 'changed':
      return `differs in ${finding.fields.map(({ change }) => safeLine(formatPath(change.path))).join(', ')}`
    case 'missing':
      return finding.live === undefined ? 'is not live' : 'is being destroyed, but is in the files'
    case 'unmanaged':
      if (finding.absent !== undefined) return absentText(finding.absent)
      return `is unmanaged: not in the files, ${notOwnedText(finding.live.id)}`
    case 'extra':
      if (finding.absent !== undefined) return absentText(finding.absent)
      return 'is owned by this stack, but not in the files'
    case 'failed':
      return finding.live.statusMessage === undefined
        ? 'status is FAILED'
        : `status is FAILED (${safeLine(JSON.stringify(finding.live.statusMessage))})`
    case 'stuck':
      return `status is ${safeLine(finding.live.status)} since ${sinceText(finding.live.metadata)}`
    case 'conflict':
      return `is in conflict: ${safeLine(finding.reason.message)}`
    default:
      return finding satisfies never
  }
}

function absentText({ expired }: { readonly expired?: string }): string {
  return expired === undefined
    ? 'is live, and the file says ensure: absent'
    : `is live, and expired: its last day was ${safeLine(expired)}`
}

// A date and no duration, so that the same drift reads the same tomorrow.
function sinceText({ lastModifiedDate, createdDate }: LiveMetadata): string {
  return dateText(lastModifiedDate ?? createdDate ?? '')
}

/** The live resources that a finding is about, usually one. */
export function livesOf(finding: DriftFinding): readonly LiveResource[] {
  if (finding.state === 'conflict') return finding.lives
  return finding.live === undefined ? [] : [finding.live]
}

/** Who made it or changed it last, and when, as far as the API says. */
export function whoText(finding: DriftFinding): readonly string[] {
  const [live] = livesOf(finding)
  if (live === undefined) return []
  const history = historyOf(live.metadata)
  return finding.state === 'changed' ? history.slice(-1) : history
}

/** What is alarming about it, each once. */
export function risksOf(finding: DriftFinding): readonly string[] {
  switch (finding.state) {
    case 'changed':
      return [...new Set(finding.fields.flatMap(({ risk }) => risk ?? []))]
    case 'unmanaged':
    case 'extra':
      return finding.risk === undefined ? [] : [finding.risk]
    default:
      return []
  }
}

/** The place in the user's file, of the first field that differs where it is written there. */
export function findingPlace(finding: DriftFinding): SourceRange | undefined {
  const desired = 'desired' in finding ? finding.desired : undefined
  if (desired === undefined) return undefined
  const fields = finding.state === 'changed' ? finding.fields : []
  const written = fields.map(({ change }) => desired.locate(change.path)).find((at) => at !== undefined)
  return written ?? desired.locate(['name']) ?? desired.locate()
}

/** Field by field: is, should be. What no one wrote down is reported as it is. */
export function findingRows(finding: DriftFinding): readonly FieldRow[] {
  switch (finding.state) {
    case 'changed':
      return finding.fields.flatMap(fieldRows)
    case 'unmanaged':
    case 'extra':
      return liveRows(finding.live, ' ')
    case 'conflict':
      return finding.lives.map(({ id, metadata }) => ({
        marker: ' ',
        label: 'id',
        parts: [safeLine(id), ...historyOf(metadata).map((fact) => `· ${fact}`)],
      }))
    case 'missing':
    case 'failed':
    case 'stuck':
      return []
    default:
      return finding satisfies never
  }
}

function fieldRows({ change }: DriftField): readonly FieldRow[] {
  const label = safeLine(formatPath(change.path))
  const row = (parts: readonly string[]): FieldRow => ({ marker: ' ', label, parts })
  switch (change.type) {
    case 'value': {
      const remark = change.from === 'default' ? { remark: 'default' } : {}
      const parts = [
        ...around('is ', shown(change.before), ','),
        ...around('should be ', shown(change.after)),
      ]
      return [{ ...row(parts), ...remark }]
    }
    case 'set':
      return [
        ...change.removed.map((item) => around('unexpected: ', valueParts(item))),
        ...change.added.map((item) => around('missing: ', valueParts(item))),
      ].map((parts, index) => ({ ...row(parts), label: index === 0 ? label : '' }))
    case 'secret':
      return [row([`(secret) is not the one of ${safeLine(change.source)}`])]
    default:
      return change satisfies never
  }
}

function shown(value: Plain | undefined): readonly string[] {
  return value === undefined ? ['empty'] : valueParts(value)
}

// Words that stay with the first piece of a value, and a mark that stays with its last.
function around(before: string, parts: readonly string[], after = ''): readonly string[] {
  const last = parts.length - 1
  return parts.map((part, at) => `${at === 0 ? before : ''}${part}${at === last ? after : ''}`)
}

const SEVERITY_COUNT: Readonly<Record<Severity, (amount: number) => string>> = {
  critical: (amount) => `${amount} critical`,
  warning: (amount) => count(amount, 'warning'),
  notice: (amount) => count(amount, 'notice'),
}

/** `2 critical, 3 warnings, 1 notice`. */
export function severityCounts({ bySeverity }: DriftSummary): string {
  return SEVERITIES.filter((severity) => bySeverity[severity] > 0)
    .map((severity) => SEVERITY_COUNT[severity](bySeverity[severity]))
    .join(', ')
}

/** `Drift: 2 critical, 3 warnings, in 5 of 9 resources.`, or that there is none. */
export function driftVerdict(drift: Drift, sourceName: string): string {
  const { summary, notCompared } = drift
  const more = [
    ...(summary.ignored === 0 ? [] : [`${summary.ignored} ignored`]),
    ...(notCompared.length === 0 ? [] : [`${notCompared.length} cannot be compared`]),
    ...(drift.warnings.length === 0 ? [] : [count(drift.warnings.length, 'diagnostic')]),
  ]
  if (drift.findings.length === 0) {
    const own = [count(summary.resources, 'resource'), ...more].join(', ')
    const facts = [own, ...neighbourTexts(drift.neighbours)].join(' · ')
    if (summary.resources === 0) return `No drift. Nothing was compared (${facts}).`
    return `No drift. Live state matches ${safeLine(sourceName)}${exceptPending(drift)} (${facts}).`
  }
  const others = [...(more.length === 0 ? [] : [more.join(', ')]), ...neighbourTexts(drift.neighbours)]
  const tail = others.length === 0 ? '' : ` (${others.join(' · ')})`
  const { unmanaged } = summary.byState
  const unmanagedText = unmanaged === 0 ? '' : `, ${unmanaged} of them unmanaged`
  const among = `${summary.drifted} of ${count(summary.resources, 'resource')}${unmanagedText}`
  return `Drift: ${severityCounts(summary)}, in ${among}${tail}.`
}

function exceptPending({ pending = 0 }: Drift): string {
  if (pending === 0) return ''
  return `, except for ${count(pending, 'change')} that ${pending === 1 ? 'is' : 'are'} not applied yet`
}

/** What was not compared and why, one line per reason. `full` lists all of it. */
export function notCompared(drift: Drift, full: boolean): readonly string[] {
  return NOT_COMPARED.flatMap(({ why, one, many }) => {
    const all = drift.notCompared.filter((entry) => entry.why === why)
    const texts = all.map(({ address, path }) =>
      path === undefined ? safeLine(address) : `${safeLine(address)} ${formatPath(path)}`,
    )
    const list = full ? texts.join(', ') : firstOf(texts)
    return all.length === 0 ? [] : [`Not compared, ${all.length === 1 ? one : many}: ${list}`]
  })
}

const NOT_COMPARED: readonly {
  readonly why: NotCompared['why']
  readonly one: string
  readonly many: string
}[] = [
  {
    why: 'unresolved',
    one: 'since the value is not known here',
    many: 'since the values are not known here',
  },
  {
    why: 'unsettled',
    one: 'since its parent is in conflict',
    many: 'since their parent is in conflict',
  },
  {
    why: 'write-only',
    one: 'since the API does not return it',
    many: 'since the API does not return them',
  },
]
