import { SEVERITIES } from '../../drift/severity.ts'
import type { Drift, DriftFinding } from '../../drift/types.ts'
import type { Severity } from '../../model/resource.ts'
import { accessMarkdown } from '../access/markdown.ts'
import type { MarkdownOptions } from '../report.ts'
import type { Section } from '../writing/markdown-budget.ts'
import {
  diagnosticsSection,
  diffSection,
  fixed,
  folded,
  type MarkdownFlavor,
  markerText,
  runLink,
} from '../writing/markdown-parts.ts'
import { noticeLines } from '../writing/notices.ts'
import { layoutRows } from '../writing/rows.ts'
import { withInputs } from '../writing/run-inputs.ts'
import { markdownCell, markdownCode, markdownPlace, markdownText } from '../writing/safe-markdown.ts'
import { safeLine } from '../writing/safe-text.ts'
import { count } from '../writing/words.ts'
import {
  driftVerdict,
  findingPlace,
  findingRows,
  findingText,
  notCompared,
  risksOf,
  whoText,
} from './words.ts'

const SIGNS: Readonly<Record<Severity, string>> = { critical: '🔴', warning: '🟠', notice: '⚪' }

/**
 * Drift as the body of an issue that a later run finds by its first line and replaces: a table of what differs, the
 * worst first, with who and when, then the details. The same drift gives the same bytes tomorrow.
 */
export function driftSections(drift: Drift, options: MarkdownOptions): readonly Section[] {
  const flavor = options.flavor ?? 'github'
  return [
    fixed(`${markerText(drift.stack, flavor, 'drift')}\n${headline(drift)}`),
    fixed(runLink(options.runUrl)),
    tableSection(drift.findings, options),
    accessMarkdown(drift.access, 'drift'),
    diffSection(
      drift.findings.map(diffBlock).filter((block) => block !== ''),
      'Details',
      3,
      flavor,
      true,
    ),
    ignoredSection(drift, flavor),
    diagnosticsSection(drift.warnings, 'Warnings', 5, flavor, false),
    fixed(
      [...noticeLines(drift), ...notCompared(drift, false)]
        .map((line) => markdownText(withInputs(line, options.inputs).trim()))
        .join('\n\n'),
    ),
    fixed(markdownText(driftVerdict(drift, options.sourceName ?? 'the file'))),
  ]
}

function headline({ stack, findings, summary }: Drift): string {
  const counts = SEVERITIES.filter((severity) => summary.bySeverity[severity] > 0).map((severity) =>
    severity === 'critical'
      ? `${summary.bySeverity[severity]} **critical**`
      : count(summary.bySeverity[severity], severity),
  )
  const reported = findings.length === 0 ? 'no drift' : counts.join(', ')
  return `### vpnctl drift · ${markdownCode(stack)}: ${reported}`
}

function tableSection(findings: readonly DriftFinding[], { linkTo }: MarkdownOptions): Section {
  return {
    priority: 1,
    items: findings.map((finding) => {
      const who = finding.state === 'conflict' ? [] : whoText(finding)
      const cells = [
        SIGNS[finding.severity],
        markdownCell(finding.address),
        [findingText(finding), ...risksOf(finding)].map(markdownText).join('; '),
        who.length === 0 ? '–' : who.map(markdownCell).join('<br>'),
        markdownPlace(findingPlace(finding), linkTo),
      ]
      return `| ${cells.join(' | ')} |`
    }),
    render: (rows, left) =>
      [
        '| | Resource | What | Who and when | Source |',
        '|:-:|---|---|---|---|',
        ...rows,
        ...(left === 0 ? [] : [`| | … ${left} more | see the JSON report | | |`]),
      ].join('\n'),
  }
}

// Only `+`, `-`, `!`, `#` and `@@` in column 0 have a colour in a diff block.
function diffBlock(finding: DriftFinding): string {
  const rows = layoutRows(findingRows(finding), Number.POSITIVE_INFINITY)
  if (rows.length === 0) return ''
  const marker = finding.state === 'changed' ? '!' : finding.state === 'conflict' ? ' ' : '-'
  return [
    `# ${safeLine(finding.address)} ${findingText(finding)}`,
    ...rows.map(({ text }) => `${marker}${text.slice(1)}`.trimEnd()),
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
