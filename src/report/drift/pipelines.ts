import type { Drift, DriftFinding } from '../../drift/types.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import type { Severity } from '../../model/resource.ts'
import { renderDiagnosticsAzure } from '../diagnostics/azure.ts'
import {
  type Annotation,
  diagnosticAnnotation,
  placeOfRange,
  renderAnnotations,
} from '../diagnostics/github.ts'
import type { Output } from '../plan/outputs.ts'
import { alarmsOf, findingPlace, findingText, whoText } from './words.ts'

const ANNOTATION_KINDS: Readonly<Record<Severity, Annotation['kind']>> = {
  critical: 'error',
  warning: 'warning',
  notice: 'notice',
}

/** The differences as annotations of GitHub, at the lines of the YAML where they are written. */
export function renderDriftGithub(drift: Drift, fileName: (file: string) => string): string {
  const annotations = [...drift.findings.map(annotation), ...drift.warnings.map(diagnosticAnnotation)]
  return renderAnnotations(
    annotations.map((each) =>
      each.at === undefined ? each : { ...each, at: { ...each.at, file: fileName(each.at.file) } },
    ),
  )
}

function annotation(finding: DriftFinding): Annotation {
  const at = findingPlace(finding)
  return {
    kind: ANNOTATION_KINDS[finding.severity],
    title: `drift: ${finding.state}`,
    message: fullText(finding),
    at: at === undefined ? undefined : placeOfRange(at),
  }
}

function fullText(finding: DriftFinding): string {
  const who = finding.state === 'conflict' ? [] : whoText(finding)
  const facts = [...alarmsOf(finding), ...who]
  return `${finding.address} ${findingText(finding)}${facts.length === 0 ? '' : ` (${facts.join('; ')})`}`
}

/** The differences as logging commands of Azure Pipelines, which know errors and warnings only. */
export function renderDriftAzure(drift: Drift, root: string): string {
  const found = drift.findings.map((finding): Diagnostic => {
    const at = findingPlace(finding)
    return {
      severity: finding.severity === 'critical' ? 'error' : 'warning',
      code: `drift-${finding.state}`,
      message: fullText(finding),
      ...(at === undefined ? {} : { at }),
    }
  })
  return renderDiagnosticsAzure([...found, ...drift.warnings], root)
}

/** The facts of a drift as output variables of Azure Pipelines, one a line. */
export function renderDriftFactsAzure(drift: Drift): string {
  return driftOutputs(drift)
    .map(([name, value]) => `##vso[task.setvariable variable=${name};isoutput=true]${value}\n`)
    .join('')
}

// The parser of GitLab takes numbers of up to six digits.
const MOST = 999_999

/**
 * Drift in the numbers of GitLab's widget (`artifacts:reports:terraform`): what is missing, what is other than it
 * should be, and what is there too much. Ends in a newline.
 */
export function renderDriftGitlab({ summary: { byState } }: Drift): string {
  const counts = {
    create: Math.min(MOST, byState.missing),
    update: Math.min(MOST, byState.changed + byState.failed + byState.stuck + byState.conflict),
    delete: Math.min(MOST, byState.unmanaged + byState.extra),
  }
  return `${JSON.stringify(counts)}\n`
}

/** The facts of a drift for later steps of a pipeline. */
export function driftOutputs({ findings, summary }: Drift): readonly Output[] {
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
