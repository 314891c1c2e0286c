import type { Drift, DriftFinding } from '../../drift/types.ts'
import type { Severity } from '../../model/resource.ts'
import { MARKDOWN_LIMIT, type PlanMarkdownOptions } from '../plan/markdown.ts'
import { diagnosticsSection, type MarkdownFlavor, markerText } from '../plan/markdown-parts.ts'
import { fitSections, type Section } from '../writing/markdown-budget.ts'
import { layoutRows } from '../writing/rows.ts'
import {
  markdownCell,
  markdownCode,
  markdownFence,
  markdownLink,
  markdownText,
} from '../writing/safe-markdown.ts'
import { safeLine } from '../writing/safe-text.ts'
import {
  alarmsOf,
  driftVerdict,
  findingPlace,
  findingRows,
  findingText,
  notCompared,
  SEVERITIES,
  whoText,
} from './words.ts'

/** How drift is told in an issue; the members of a plan's comment mean the same here. */
export type DriftMarkdownOptions = PlanMarkdownOptions

const SIGNS: Readonly<Record<Severity, string>> = { critical: '🔴', warning: '🟠', notice: '⚪' }

/**
 * Drift as the body of an issue that a later run finds by its first line and replaces: a table of what differs, the
 * worst first, with who and when, then the details. The same drift gives the same bytes tomorrow. What exceeds the
 * limit is left out by whole resources, the mildest first, and counted.
 */
export function renderDriftMarkdown(drift: Drift, options: DriftMarkdownOptions = {}): string {
  const flavor = options.flavor ?? 'github'
  const sections: readonly Section[] = [
    fixed(`${markerText(drift.stack, flavor, 'drift')}\n${headline(drift)}`),
    fixed(options.runUrl === undefined ? '' : `[run](<${options.runUrl.replace(/[<>\s]/g, '')}>)`),
    tableSection(drift.findings, options),
    detailsSection(drift.findings, flavor),
    ignoredSection(drift, flavor),
    diagnosticsSection(drift.warnings, 'Warnings', 5, flavor, false),
    fixed(
      notCompared(drift, false)
        .map((line) => markdownText(line))
        .join('\n\n'),
    ),
    fixed(markdownText(driftVerdict(drift, options.sourceName ?? 'the file'))),
  ]
  return fitSections(sections, options.limit ?? MARKDOWN_LIMIT)
}

function fixed(text: string): Section {
  return { priority: 0, items: text === '' ? [] : [text], render: (items) => items.join('') }
}

function headline({ stack, findings, summary }: Drift): string {
  const counts = SEVERITIES.filter((severity) => summary.bySeverity[severity] > 0).map((severity) =>
    severity === 'critical'
      ? `${summary.bySeverity[severity]} **critical**`
      : `${summary.bySeverity[severity]} ${severity}`,
  )
  const told = findings.length === 0 ? 'no drift' : counts.join(', ')
  return `### vpnctl drift · ${markdownCode(stack)}: ${told}`
}

function tableSection(findings: readonly DriftFinding[], { linkTo }: DriftMarkdownOptions): Section {
  return {
    priority: 1,
    items: findings.map((finding) => {
      const at = findingPlace(finding)
      const url = at === undefined ? undefined : linkTo?.(at.file, at.start.line)
      const place = at === undefined ? '–' : `${at.file}:${at.start.line}`
      const source =
        at === undefined ? place : url === undefined ? markdownCell(place) : markdownLink(place, url)
      const who = finding.state === 'conflict' ? [] : whoText(finding)
      const cells = [
        SIGNS[finding.severity],
        markdownCell(finding.address),
        [findingText(finding), ...alarmsOf(finding)].map(markdownText).join('; '),
        who.length === 0 ? '–' : who.map(markdownCell).join('<br>'),
        source,
      ]
      return `| ${cells.join(' | ')} |`
    }),
    render: (rows, left) =>
      [
        '| | Resource | What | Who and when | Source |',
        '|:-:|---|---|---|---|',
        ...rows,
        ...(left === 0 ? [] : [`| | … ${left} more | the JSON report tells them | | |`]),
      ].join('\n'),
  }
}

function detailsSection(findings: readonly DriftFinding[], flavor: MarkdownFlavor): Section {
  const blocks = findings.map(diffBlock).filter((block) => block !== '')
  const fence = markdownFence(blocks)
  return {
    priority: 3,
    items: blocks,
    render: (items, left) => {
      const more = left === 0 ? '' : `\n\n… ${left} more, left out for length; the JSON report tells them`
      const body = items.length === 0 ? '' : `${fence}diff\n${items.join('\n\n')}\n${fence}`
      return folded(`Details (${blocks.length})`, `${body}${more}`.trim(), flavor, true)
    },
  }
}

// Only `+`, `-`, `!`, `#` and `@@` in column 0 have a colour in a diff block.
function diffBlock(finding: DriftFinding): string {
  const rows = layoutRows(findingRows(finding), Number.POSITIVE_INFINITY)
  if (rows.length === 0) return ''
  const marker = finding.state === 'changed' ? '!' : finding.state === 'conflict' ? ' ' : '-'
  return [
    `# ${safeLine(finding.address)} ${findingText(finding)}`,
    ...rows.map(({ text }) => `${marker} ${text.trimStart()}`.trimEnd()),
  ].join('\n')
}

function ignoredSection({ ignored }: Drift, flavor: MarkdownFlavor): Section {
  const title = `Ignored (${ignored.length})`
  return {
    priority: 6,
    items: ignored.map(({ finding, by }) => {
      const facts = [
        ...(by.reason === undefined ? [] : [markdownText(by.reason)]),
        ...(by.until === undefined ? [] : [`until ${markdownCode(by.until)}`]),
      ]
      const why = facts.length === 0 ? '' : ` (${facts.join(', ')})`
      return `- ${markdownCode(finding.address)} ${markdownText(findingText(finding))}${why}`
    }),
    render: (items, left) =>
      folded(title, [...items, ...(left === 0 ? [] : [`- … ${left} more`])].join('\n'), flavor, false),
  }
}

function folded(title: string, body: string, flavor: MarkdownFlavor, isOpen: boolean): string {
  if (flavor === 'plain') return `**${title}**\n\n${body}`
  return `<details${isOpen ? ' open' : ''}><summary>${title}</summary>\n\n${body}\n\n</details>`
}
