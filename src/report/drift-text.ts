import type { Severity } from '../model/resource.ts'
import type { Drift, DriftFinding, Ignored } from '../plan/drift-types.ts'
import { renderDiagnostics } from './diagnostics-text.ts'
import {
  alarmsOf,
  driftVerdict,
  findingPlace,
  findingRows,
  findingText,
  livesOf,
  notCompared,
  whoText,
} from './drift-words.ts'
import { foldNotes, layoutRows } from './row-layout.ts'
import { safeLine } from './safe-text.ts'
import { createStyle, type Style } from './style.ts'
import { placeText } from './words.ts'

/** How drift is shown. */
export interface DriftTextOptions {
  readonly color: boolean
  /** Columns of the terminal; nothing is folded without it. */
  readonly width?: number
  /** What the desired state was read from. */
  readonly sourceName?: string
  /** What was accepted too, and every secret that was not compared. */
  readonly verbose?: boolean
  /** Texts of the files, for the code frames of warnings. */
  readonly sources?: ReadonlyMap<string, string>
}

// Fewer than this are seen at a glance; Kubernetes shows the last 80 lines or 2048 bytes.
const LISTED_FROM = 6
const LISTED = 10

/**
 * Drift for people: a block for each difference, the worst first, and at the end, where the logs of a job are cut
 * off last, the worst in a line each and the verdict. One line when there is nothing to tell. Ends in a newline.
 */
export function renderDriftText(drift: Drift, options: DriftTextOptions): string {
  const style = createStyle(options)
  const width = options.width ?? Number.POSITIVE_INFINITY
  const verbose = options.verbose ?? false
  const sections = [
    ...drift.findings.map((finding) => block(finding, style, width)),
    verbose ? ignoredLines(drift.ignored).join('\n') : '',
    notComparedText(drift, verbose),
    drift.warnings.length === 0
      ? ''
      : renderDiagnostics(drift.warnings, options.sources ?? new Map(), {
          color: options.color,
          summary: false,
        }).trimEnd(),
    [
      ...(drift.findings.length < LISTED_FROM ? [] : listLines(drift.findings, style)),
      style.heading(driftVerdict(drift, options.sourceName ?? 'the file')),
    ].join('\n'),
  ]
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`
}

// What the API never returns is told where there is something to read anyway; what is missing here is told always.
function notComparedText(drift: Drift, verbose: boolean): string {
  const isQuiet = drift.findings.length === 0 && !verbose
  const told = isQuiet ? drift.notCompared.filter(({ why }) => why !== 'write-only') : drift.notCompared
  return notCompared({ ...drift, notCompared: told }, verbose).join('\n')
}

function block(finding: DriftFinding, style: Style, width: number): string {
  const at = findingPlace(finding)
  const place = at === undefined ? '' : `   (${placeText(at)})`
  const notes = [
    findingText(finding),
    ...(finding.state === 'conflict' ? [] : whoText(finding)),
    ...(finding.state === 'unmanaged' ? livesOf(finding).map(({ id }) => `id ${safeLine(id)}`) : []),
  ]
  return [
    `${painted(finding.severity, style)} ${style.heading(safeLine(finding.address))}${style.quiet(place)}`,
    ...foldNotes('  ', notes, width),
    ...alarmsOf(finding).map((alarm) => style.warning(`  URGENT: ${safeLine(alarm)}`)),
    ...layoutRows(findingRows(finding), width).map(({ text }) => `  ${text}`),
    ...(finding.state === 'conflict' && finding.reason.hint !== undefined
      ? [style.quiet(`  = hint: ${safeLine(finding.reason.hint)}`)]
      : []),
  ].join('\n')
}

function listLines(findings: readonly DriftFinding[], style: Style): readonly string[] {
  const shown = findings.slice(0, LISTED)
  const rest = findings.length - shown.length
  return [
    ...shown.map(
      (finding) =>
        `${painted(finding.severity, style)} ${safeLine(finding.address)} ${findingText(finding)}${who(finding)}`,
    ),
    ...(rest === 0 ? [] : [`... and ${rest} more`]),
  ]
}

function who(finding: DriftFinding): string {
  const last = whoText(finding).at(-1)
  return last === undefined || finding.state === 'conflict' ? '' : ` · ${last}`
}

function painted(severity: Severity, style: Style): string {
  const word = severity.toUpperCase().padEnd('critical'.length)
  switch (severity) {
    case 'critical':
      return style.error(word)
    case 'warning':
      return style.warning(word)
    case 'notice':
      return style.quiet(word)
    default:
      return severity satisfies never
  }
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
