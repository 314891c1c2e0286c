import type { ChangeOf, Plan } from '../../plan/types.ts'
import { accessMarkdown } from '../access/markdown.ts'
import type { MarkdownOptions } from '../report.ts'
import type { Section } from '../writing/markdown-budget.ts'
import { diagnosticsSection, diffSection, fixed, markerText, runLink } from '../writing/markdown-parts.ts'
import { noticeLines } from '../writing/notices.ts'
import type { PlanLine } from '../writing/rows.ts'
import { withInputs } from '../writing/run-inputs.ts'
import { markdownText } from '../writing/safe-markdown.ts'
import { type ActiveChange, changeLines, type Headline, headlines } from './change-lines.ts'
import {
  cautionSection,
  headlineText,
  riskSection,
  tableSection,
  unmanagedSection,
} from './markdown-sections.ts'
import {
  alsoLine,
  baseLine,
  betweenLine,
  isKept,
  noChangesLine,
  planLine,
  refusedLine,
  reviewLine,
  uncomparedLines,
} from './verdict.ts'

// Details of this many lines are shown open.
const OPEN_LINES = 30

/**
 * The plan as a comment for a pull request: the verdict first, deletions and what interrupts traffic open, the
 * rest folded. A pure function of the plan, so that an unchanged plan is an unchanged comment. Creations are left out
 * first where not all fits, the addresses of deletions last.
 */
export function planSections(plan: Plan, options: MarkdownOptions): readonly Section[] {
  const flavor = options.flavor ?? 'github'
  const deletes = plan.changes.filter((change) => change.action === 'delete')
  const updates = plan.changes.filter((change) => change.action === 'update')
  const creates = plan.changes.filter((change) => change.action === 'create')
  const unmanaged = plan.changes.filter((change) => change.action === 'unmanaged')
  const disruptive = updates.filter((change) => change.disruptions.length > 0)
  const routine = updates.filter((change) => change.disruptions.length === 0)
  const headline = headlines(plan)
  const isShort = lineCount([...routine, ...creates]) <= OPEN_LINES
  return [
    fixed(
      `${markerText(plan.stack, flavor, plan.between === undefined ? 'plan' : 'diff')}\n${headlineText(plan)}`,
    ),
    fixed(subtitle(plan, options)),
    fixed(plan.review?.differences.length === 0 ? `**${markdownText(reviewLine(plan))}**` : ''),
    diagnosticsSection(
      plan.review?.differences ?? [],
      'Not as reviewed: differences from the reviewed plan',
      2,
      flavor,
      true,
    ),
    cautionSection(deletes, flavor, plan.between === undefined ? 'Deletes' : 'Removes'),
    diagnosticsSection(
      plan.refusals,
      plan.between === undefined
        ? 'Refused: this plan must not be applied'
        : 'A plan of these files is refused',
      2,
      flavor,
      true,
    ),
    riskSection(unmanaged, flavor),
    accessMarkdown(plan.access, 'plan'),
    tableSection(plan, options.linkTo),
    diffSection(
      [...deletes, ...disruptive].map((change) => diffBlock(change, headline)),
      'Deletions and interruptions',
      3,
      flavor,
      true,
    ),
    diffSection(
      routine.map((change) => diffBlock(change, headline)),
      'Updates',
      4,
      flavor,
      isShort,
    ),
    diffSection(
      creates.map((change) => diffBlock(change, headline)),
      'Creations',
      5,
      flavor,
      isShort,
    ),
    unmanagedSection(
      unmanaged.filter((change) => !isKept(change)),
      'Unmanaged resources',
      'will not be changed',
      flavor,
    ),
    unmanagedSection(
      unmanaged.filter(isKept),
      'In no file',
      'owned by this stack, kept by --prune none',
      flavor,
    ),
    diagnosticsSection(plan.warnings, 'Warnings', 7, flavor, false),
    fixed(
      [...noticeLines(plan), ...uncomparedLines(plan)]
        .map((line) => markdownText(withInputs(line, options.inputs).trim()))
        .join('\n\n'),
    ),
    fixed(verdict(plan, options.sourceName ?? 'the file')),
  ]
}

function subtitle(plan: Plan, { runUrl }: MarkdownOptions): string {
  const run = runLink(runUrl)
  const base = plan.base === undefined ? [] : [markdownText(baseLine(plan))]
  const between = plan.between === undefined ? [] : [markdownText(betweenLine(plan.between))]
  return [
    ...base,
    ...between,
    ...(plan.summary.keep === 0 ? [] : [`${plan.summary.keep} unchanged`]),
    ...(run === '' ? [] : [run]),
  ].join(' · ')
}

function verdict(plan: Plan, sourceName: string): string {
  const { create, update, delete: remove } = plan.summary
  if (create + update + remove === 0 && plan.refusals.length === 0) {
    return markdownText(noChangesLine(plan, sourceName))
  }
  const refused = refusedLine(plan)
  // Each on a line of its own: tools look for `Plan: ` at the beginning of one.
  return [...(refused === undefined ? [] : [refused]), alsoLine(plan), planLine(plan)]
    .filter((line) => line !== '')
    .join('\n\n')
}

// Only `+`, `-`, `!`, `#` and `@@` in column 0 have a colour in a diff block.
function diffBlock(change: ActiveChange, headline: Headline): string {
  return changeLines(change, Number.POSITIVE_INFINITY, headline).map(diffLine).join('\n')
}

function diffLine({ marker, text, role }: PlanLine): string {
  if (role === 'headline' || role === 'note' || role === 'risk') return text.trim()
  return `${marker === '~' ? '!' : marker} ${text}`.trimEnd()
}

function lineCount(changes: readonly ChangeOf<'create' | 'update'>[]): number {
  return changes.reduce(
    (sum, change) => sum + changeLines(change, Number.POSITIVE_INFINITY, () => '').length + 1,
    0,
  )
}
