import type { Drift, DriftFinding, Ignored } from '../../drift/types.ts'
import { optional } from '../../model/optional.ts'
import type { Severity } from '../../model/resource.ts'
import { accessSection } from '../access/words.ts'
import { renderDiagnostics } from '../diagnostics/text.ts'
import { unmanagedAdvice } from '../plan/unmanaged-lines.ts'
import type { TextOptions } from '../report.ts'
import { noticeLines } from '../writing/notices.ts'
import { foldNotes, layoutRows } from '../writing/rows.ts'
import { safeLine } from '../writing/safe-text.ts'
import { secretsLine } from '../writing/secrets-line.ts'
import { createStyle, type Style } from '../writing/style.ts'
import { placeText } from '../writing/words.ts'
import { wrapWords } from '../writing/wrap.ts'
import {
  driftVerdict,
  findingPlace,
  findingRows,
  findingText,
  livesOf,
  notCompared,
  risksOf,
  whoText,
} from './words.ts'

// Fewer than this are seen at a glance; Kubernetes shows the last 80 lines or 2048 bytes. A terminal can be scrolled.
const LISTED_FROM = 6
const LISTED = 10
const LABEL_WIDTH = 'critical'.length

/**
 * Drift for people: a block for each difference, the worst first, and at the end, where the logs of a job are cut
 * off last, the worst in a line each and the verdict. One line when there is nothing to report. Ends in a newline.
 */
export function renderDriftText(drift: Drift, options: TextOptions): string {
  const style = createStyle(options)
  const width = options.width ?? Number.POSITIVE_INFINITY
  const verbose = options.verbose ?? false
  const sections = [
    ...drift.findings.map((finding) => block(finding, style, width)),
    verbose
      ? ignoredLines(drift.ignored)
          .flatMap((line) => wrapWords(line, width, '  '))
          .join('\n')
      : '',
    adviceText(drift, width, options.inputs),
    accessSection(drift.access, 'drift', verbose)
      .flatMap((line) => wrapWords(line, width, '    '))
      .join('\n'),
    noticeLines(drift)
      .flatMap((line) => wrapWords(line, width, '    '))
      .join('\n'),
    notComparedText(drift, verbose, width),
    drift.warnings.length === 0
      ? ''
      : renderDiagnostics(drift.warnings, options.sources ?? new Map(), {
          color: options.color,
          width,
          summary: false,
          ...optional({ inputs: options.inputs }),
        }).trimEnd(),
    [
      ...(drift.findings.length < (Number.isFinite(width) ? LISTED + 1 : LISTED_FROM)
        ? []
        : listLines(drift.findings, style, width)),
      ...[uncomparedLine(drift)].filter((line) => line !== '').flatMap((line) => wrapWords(line, width)),
      ...wrapWords(driftVerdict(drift, options.sourceName ?? 'the file'), width).map(style.heading),
    ].join('\n'),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

function adviceText({ findings }: Drift, width: number, inputs?: string): string {
  const unmanaged = findings.flatMap((finding) =>
    finding.state === 'unmanaged' && finding.absent === undefined
      ? [{ address: finding.address, target: finding.live }]
      : [],
  )
  return unmanagedAdvice(unmanaged, width, inputs)
    .map(({ text }) => text)
    .join('\n')
}

function notComparedText(drift: Drift, verbose: boolean, width: number): string {
  const listed = verbose
    ? drift
    : { ...drift, notCompared: drift.notCompared.filter(({ why }) => why === 'unsettled') }
  return notCompared(listed, verbose)
    .flatMap((line) => wrapWords(line, width, '  '))
    .join('\n')
}

// What the API never returns is counted where there is something to read anyway; what is missing here is counted always.
function uncomparedLine({ findings, notCompared: all }: Drift): string {
  const amount = (reason: string): number => all.filter(({ why }) => why === reason).length
  return secretsLine(findings.length === 0 ? 0 : amount('write-only'), amount('unresolved'))
}

function block(finding: DriftFinding, style: Style, width: number): string {
  const at = findingPlace(finding)
  const notes = [
    findingText(finding),
    ...(finding.state === 'conflict' ? [] : whoText(finding)),
    ...(finding.state === 'unmanaged' ? livesOf(finding).map(({ id }) => `id ${safeLine(id)}`) : []),
    ...(at === undefined ? [] : [placeText(at)]),
  ]
  return [
    `${painted(finding.severity, style)} ${style.heading(safeLine(finding.address))}`,
    ...foldNotes('  ', notes, width),
    ...risksOf(finding)
      .flatMap((risk) => wrapWords(`  URGENT: ${safeLine(risk)}`, width, '    '))
      .map(style.warning),
    ...layoutRows(findingRows(finding), width).map(({ text }) => `  ${text}`),
    ...(finding.state === 'conflict' && finding.reason.hint !== undefined
      ? wrapWords(`  = hint: ${safeLine(finding.reason.hint)}`, width, '    ').map(style.quiet)
      : []),
  ].join('\n')
}

function listLines(findings: readonly DriftFinding[], style: Style, width: number): readonly string[] {
  const shown = findings.slice(0, LISTED)
  const rest = findings.length - shown.length
  return [
    ...shown.flatMap((finding) => {
      const text = `${safeLine(finding.address)} ${findingText(finding)}${who(finding)}`
      const [first = '', ...rest] = wrapWords(text, width - LABEL_WIDTH - 1)
      const indent = ' '.repeat(LABEL_WIDTH + 1)
      return [`${painted(finding.severity, style)} ${first}`, ...rest.map((line) => `${indent}${line}`)]
    }),
    ...(rest === 0 ? [] : [`... and ${rest} more`]),
  ]
}

function who(finding: DriftFinding): string {
  const last = whoText(finding).at(-1)
  return last === undefined || finding.state === 'conflict' ? '' : ` · ${last}`
}

const PAINTS = { critical: 'error', warning: 'warning', notice: 'quiet' } as const

function painted(severity: Severity, style: Style): string {
  return style[PAINTS[severity]](severity.toUpperCase().padEnd(LABEL_WIDTH))
}

function ignoredLines(ignored: readonly Ignored[]): readonly string[] {
  return ignored.map(({ finding, by }) => {
    const facts = [
      ...(by.reason === undefined ? [] : [safeLine(by.reason)]),
      ...(by.until === undefined ? [] : [`until ${safeLine(by.until)}`]),
      `by ${safeLine(by.pattern)}`,
    ]
    return `ignored  ${safeLine(finding.address)} ${findingText(finding)}   (${facts.join(', ')})`
  })
}
