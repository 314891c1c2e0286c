import { optional } from '../../model/optional.ts'
import type { Plan } from '../../plan/types.ts'
import { accessSection } from '../access/words.ts'
import { renderDiagnostics } from '../diagnostics/text.ts'
import type { TextOptions } from '../report.ts'
import { noticeLines } from '../writing/notices.ts'
import type { PlanLine } from '../writing/rows.ts'
import { withInputs } from '../writing/run-inputs.ts'
import { createStyle, type Style } from '../writing/style.ts'
import { titleOf } from '../writing/words.ts'
import { wrapWords } from '../writing/wrap.ts'
import {
  type ActiveChange,
  activeChanges,
  changeLines,
  type Headline,
  headlines,
  markerOf,
} from './change-lines.ts'
import { creationRows } from './field-lines.ts'
import { unmanagedLines } from './unmanaged-lines.ts'
import {
  alsoLine,
  baseLine,
  betweenLine,
  noChangesLine,
  planLine,
  refusedLine,
  reviewLine,
  uncomparedLine,
  uncomparedLines,
} from './verdict.ts'

// A first apply of a large estate: a screen of fields for each resource would hide the deletions and updates.
const CREATES_IN_FULL = 40

/**
 * The plan for people: deletions first, a block for each change, what is left alone, warnings and refusals, and
 * the verdict in the last line. The same plan gives the same bytes. Ends in a newline.
 */
export function renderPlanText(plan: Plan, options: TextOptions): string {
  const style = createStyle(options)
  const width = options.width ?? Number.POSITIVE_INFINITY
  const verbose = options.verbose ?? false
  const active = activeChanges(plan)
  const unmanaged = plan.changes.filter((change) => change.action === 'unmanaged')
  const isShort = !verbose && plan.summary.create > CREATES_IN_FULL
  const headline = headlines(plan)
  const blocks = active.map((change) =>
    isShort && change.action === 'create'
      ? shortCreate(change, headline)
      : changeLines(change, width, headline),
  )
  const diagnostics = [...plan.warnings, ...(plan.review?.differences ?? []), ...plan.refusals]
  const sections = [
    ...blocks.map((lines) => renderLines(lines, style)),
    isShort ? `  (the ${plan.summary.create} creations are cut short; --verbose shows every field)` : '',
    renderLines(
      unmanagedLines(unmanaged, { width, verbose, ...optional({ inputs: options.inputs }) }),
      style,
    ),
    accessText(plan, style, width, verbose),
    wrapped(
      noticeLines(plan).map((line) => withInputs(line, options.inputs)),
      width,
      '    ',
    ).join('\n'),
    verbose ? wrapped(uncomparedLines(plan), width, '    ').join('\n') : '',
    diagnostics.length === 0
      ? ''
      : renderDiagnostics(diagnostics, options.sources ?? new Map(), {
          color: options.color,
          width,
          summary: false,
          ...optional({ inputs: options.inputs }),
        }).trimEnd(),
    verdict(plan, active.length === 0, options.sourceName ?? 'the file', style, width),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

/** Lines with their markers in column 0. */
function renderLines(lines: readonly PlanLine[], style: Style): string {
  return lines.map((line) => paint(line, `${line.marker} ${line.text}`.trimEnd(), style)).join('\n')
}

const PAINTS = { headline: 'heading', note: 'quiet', risk: 'warning', danger: 'error' } as const

function paint({ role, marker }: PlanLine, text: string, style: Style): string {
  return role === 'title' || role === 'field' ? style.marked(marker, text) : style[PAINTS[role]](text)
}

function shortCreate(
  change: Extract<ActiveChange, { action: 'create' }>,
  headline: Headline,
): readonly PlanLine[] {
  const fields = creationRows(change)
    .filter((row) => row.remark !== 'default' && row.label !== '' && !row.parts[0]?.startsWith('('))
    .map((row) => `${row.label} ${row.parts.join(' ')}`)
  return [
    { marker: ' ', text: headline(change), role: 'headline' },
    { marker: markerOf(change), text: `${titleOf(change)}   ${fields.join('   ')}`.trimEnd(), role: 'title' },
  ]
}

function betweenText({ between }: Plan): string {
  return between === undefined ? '' : betweenLine(between)
}

function accessText({ access }: Plan, style: Style, width: number, verbose: boolean): string {
  const [title = '', ...lines] = accessSection(access, 'plan', verbose)
  return title === '' ? '' : [style.heading(title), ...wrapped(lines, width, '    ')].join('\n')
}

function wrapped(lines: readonly string[], width: number, indent: string): readonly string[] {
  return lines.flatMap((line) => wrapWords(line, width, indent))
}

function verdict(plan: Plan, isEmpty: boolean, sourceName: string, style: Style, width: number): string {
  if (isEmpty && plan.refusals.length === 0) {
    return [
      ...wrapped([uncomparedLine(plan), reviewLine(plan)], width, '  '),
      ...wrapped([noChangesLine(plan, sourceName)], width, '').map(style.heading),
    ]
      .filter((line) => line !== '')
      .join('\n')
  }
  const refused = refusedLine(plan)
  const lines = [
    ...(refused === undefined ? [] : wrapped([refused], width, '').map(style.error)),
    ...wrapped(
      [betweenText(plan), baseLine(plan), reviewLine(plan), uncomparedLine(plan), alsoLine(plan)],
      width,
      '  ',
    ),
    style.heading(planLine(plan)),
  ]
  return lines.filter((line) => line !== '').join('\n')
}
