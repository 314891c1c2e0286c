import type { ChangeOf, Plan } from '../../plan/types.ts'
import { fitSections, type Section } from '../writing/markdown-budget.ts'
import type { PlanLine } from '../writing/rows.ts'
import { markdownFence, markdownText } from '../writing/safe-markdown.ts'
import { type ActiveChange, changeLines } from './change-lines.ts'
import {
  alarmSection,
  cautionSection,
  diagnosticsSection,
  headlineText,
  type MarkdownFlavor,
  markerText,
  tableSection,
  unmanagedSection,
} from './markdown-parts.ts'
import { alsoLine, baseLine, noChangesLine, planLine, refusedLine, uncomparedLines } from './verdict.ts'

/** How a plan is told in a pull request. */
export interface PlanMarkdownOptions {
  /** `plain` has no HTML and no alert boxes, for Bitbucket and Azure DevOps. `github` unless given. */
  readonly flavor?: MarkdownFlavor
  /** Bytes; 60,000 unless given. GitHub takes 65,536 characters. */
  readonly limit?: number
  /** Where a line of a file can be looked at. */
  readonly linkTo?: (file: string, line: number) => string | undefined
  /** The run that made the plan. */
  readonly runUrl?: string
  readonly sourceName?: string
}

export const MARKDOWN_LIMIT = 60_000
// Details of this many lines are shown open.
const OPEN_LINES = 30

/**
 * The plan as a comment for a pull request: the verdict first, deletions and what interrupts traffic open, the
 * rest folded. A pure function of the plan, so that an unchanged plan is an unchanged comment. What exceeds the
 * limit is left out by whole resources, creations first, and counted; the addresses of deletions go last.
 */
export function renderPlanMarkdown(plan: Plan, options: PlanMarkdownOptions = {}): string {
  const flavor = options.flavor ?? 'github'
  const deletes = plan.changes.filter((change) => change.action === 'delete')
  const updates = plan.changes.filter((change) => change.action === 'update')
  const creates = plan.changes.filter((change) => change.action === 'create')
  const unmanaged = plan.changes.filter((change) => change.action === 'unmanaged')
  const disruptive = updates.filter((change) => change.disruptions.length > 0)
  const calm = updates.filter((change) => change.disruptions.length === 0)
  const isShort = lineCount([...calm, ...creates]) <= OPEN_LINES
  const sections: readonly Section[] = [
    fixed(`${markerText(plan.stack, flavor)}\n${headlineText(plan)}`),
    fixed(subtitle(plan, options)),
    cautionSection(deletes, flavor),
    diagnosticsSection(plan.refusals, 'Refused: this plan must not be applied', 2, flavor, true),
    alarmSection(unmanaged, flavor),
    tableSection(plan, options.linkTo),
    details([...deletes, ...disruptive], 'Deletions and interruptions', 3, flavor, true),
    details(calm, 'Updates', 4, flavor, isShort),
    details(creates, 'Creations', 5, flavor, isShort),
    unmanagedSection(unmanaged, flavor),
    diagnosticsSection(plan.warnings, 'Warnings', 7, flavor, false),
    fixed(
      uncomparedLines(plan)
        .map((line) => markdownText(line.trim()))
        .join('\n\n'),
    ),
    fixed(verdict(plan, options.sourceName ?? 'the file')),
  ]
  return fitSections(sections, options.limit ?? MARKDOWN_LIMIT)
}

function fixed(text: string): Section {
  return { priority: 0, items: text === '' ? [] : [text], render: (items) => items.join('') }
}

function subtitle(plan: Plan, { runUrl }: PlanMarkdownOptions): string {
  const run = runUrl === undefined ? [] : [`[run](<${runUrl.replace(/[<>\s]/g, '')}>)`]
  const base = plan.base === undefined ? [] : [markdownText(baseLine(plan))]
  return [...base, ...(plan.summary.keep === 0 ? [] : [`${plan.summary.keep} unchanged`]), ...run].join(' · ')
}

function verdict(plan: Plan, sourceName: string): string {
  const { create, update, delete: remove } = plan.summary
  if (create + update + remove === 0 && plan.refusals.length === 0) {
    return markdownText(noChangesLine(plan, sourceName))
  }
  const refused = refusedLine(plan)
  // Each on a line of its own: tools look for `Plan: ` at the beginning of one.
  return [...(refused === undefined ? [] : [refused]), alsoLine(plan), planLine(plan.summary)]
    .filter((line) => line !== '')
    .join('\n\n')
}

function details(
  changes: readonly ActiveChange[],
  title: string,
  priority: number,
  flavor: MarkdownFlavor,
  isOpen: boolean,
): Section {
  const blocks = changes.map(diffBlock)
  const fence = markdownFence(blocks)
  const all = `${title} (${changes.length})`
  return {
    priority,
    items: blocks,
    render: (items, left) => {
      const more = left === 0 ? '' : `\n\n… ${left} more, left out for length; the full plan tells them`
      const body = items.length === 0 ? '' : `${fence}diff\n${items.join('\n\n')}\n${fence}`
      return folded(all, `${body}${more}`.trim(), flavor, isOpen)
    },
  }
}

/** A part that can be opened and closed, where the flavor has such a thing. */
function folded(title: string, body: string, flavor: MarkdownFlavor, isOpen: boolean): string {
  if (flavor === 'plain') return `**${title}**\n\n${body}`
  return `<details${isOpen ? ' open' : ''}><summary>${title}</summary>\n\n${body}\n\n</details>`
}

// Only `+`, `-`, `!`, `#` and `@@` in column 0 have a colour in a diff block.
function diffBlock(change: ActiveChange): string {
  return changeLines(change, Number.POSITIVE_INFINITY).map(diffLine).join('\n')
}

function diffLine({ marker, text, role }: PlanLine): string {
  if (role === 'headline' || role === 'note' || role === 'alarm') return text.trim()
  return `${marker === '~' ? '!' : marker} ${text}`.trimEnd()
}

function lineCount(changes: readonly ChangeOf<'create' | 'update'>[]): number {
  return changes.reduce((sum, change) => sum + changeLines(change, Number.POSITIVE_INFINITY).length + 1, 0)
}
