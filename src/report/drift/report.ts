import type { Drift, DriftFinding, DriftResource, Ignored } from '../../drift/types.ts'
import { groupBy } from '../../model/lists.ts'
import { optional } from '../../model/optional.ts'
import type { Severity } from '../../model/resource.ts'
import { diagnosticRemark } from '../diagnostics/report.ts'
import type { Fact, Remark, Report, TestCase } from '../report.ts'
import { layoutRows } from '../writing/rows.ts'
import { safeLine } from '../writing/safe-text.ts'
import { driftDocument } from './json.ts'
import { driftSections } from './markdown.ts'
import { renderDriftText } from './text.ts'
import {
  driftVerdict,
  findingPlace,
  findingRows,
  findingText,
  risksOf,
  severityCounts,
  whoText,
} from './words.ts'

/** What differs from the files, for every format. */
export function driftReport(drift: Drift, checkedAtMs: number): Report {
  const { byState } = drift.summary
  return {
    subject: 'drift',
    remarks: [...drift.findings.map(findingRemark), ...drift.warnings.map(diagnosticRemark)],
    facts: driftFacts(drift),
    text: (options) => renderDriftText(drift, options),
    document: () => driftDocument(drift, checkedAtMs),
    sections: (options) => driftSections(drift, options),
    counts: {
      create: byState.missing,
      update: byState.changed + byState.failed + byState.stuck + byState.conflict,
      delete: byState.unmanaged + byState.extra,
    },
    tests: () => ({ name: `vpnctl drift ${drift.stack}`, cases: testCases(drift) }),
    chat: (sourceName) => ({ title: chatTitle(drift), verdict: driftVerdict(drift, sourceName) }),
  }
}

function driftFacts({ findings, summary }: Drift): readonly Fact[] {
  return [
    ['drifted', String(findings.length > 0)],
    ['critical', String(summary.bySeverity.critical)],
    ['warnings', String(summary.bySeverity.warning)],
    ['notices', String(summary.bySeverity.notice)],
    ['changed', String(summary.byState.changed)],
    ['missing', String(summary.byState.missing)],
    ['unmanaged', String(summary.byState.unmanaged)],
    ['ignored', String(summary.ignored)],
  ]
}

const REMARK_SEVERITY: Readonly<Record<Severity, Remark['severity']>> = {
  critical: 'error',
  warning: 'warning',
  notice: 'notice',
}

function findingRemark(finding: DriftFinding): Remark {
  const at = findingPlace(finding)
  const who = finding.state === 'conflict' ? [] : whoText(finding)
  const facts = [...risksOf(finding), ...who]
  return {
    severity: REMARK_SEVERITY[finding.severity],
    code: `drift-${finding.state}`,
    title: `drift: ${finding.state}`,
    message: `${finding.address} ${findingText(finding)}${facts.length === 0 ? '' : ` (${facts.join('; ')})`}`,
    address: finding.address,
    ...optional({ at }),
  }
}

function chatTitle(drift: Drift): string {
  const stack = safeLine(drift.stack)
  return drift.findings.length === 0
    ? `No VPN drift in ${stack}`
    : `VPN drift in ${stack}: ${severityCounts(drift.summary)}`
}

function testCases(drift: Drift): readonly TestCase[] {
  const found = groupBy(drift.findings, ({ key }) => key)
  const accepted = groupBy(drift.ignored, ({ finding }) => finding.key)
  return drift.resources.map((resource) =>
    testCase(resource, found.get(resource.key) ?? [], accepted.get(resource.key) ?? []),
  )
}

// One failure per resource, maximum: some readers count failures and not cases.
function testCase(
  { address, target }: DriftResource,
  findings: readonly DriftFinding[],
  ignored: readonly Ignored[],
): TestCase {
  const common = { kind: target.kind.name, name: address }
  const [first] = findings
  if (first !== undefined) {
    const message = findings.map(findingText).join('; ')
    return {
      ...common,
      failure: { type: first.severity, message, details: findings.map(details).join('\n\n') },
    }
  }
  if (ignored.length === 0) return common
  const why = ignored.map(({ finding, by }) =>
    [findingText(finding), ...(by.reason === undefined ? [] : [by.reason])].join(': '),
  )
  return { ...common, skipped: `ignored: ${why.join('; ')}` }
}

function details(finding: DriftFinding): string {
  return [
    `${finding.severity}: ${safeLine(finding.address)} ${findingText(finding)}`,
    ...whoText(finding),
    ...risksOf(finding).map((risk) => `URGENT: ${safeLine(risk)}`),
    ...layoutRows(findingRows(finding), Number.POSITIVE_INFINITY).map(({ text }) => text),
  ].join('\n')
}
