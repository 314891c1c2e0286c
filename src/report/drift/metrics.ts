import { SEVERITIES } from '../../drift/severity.ts'
import type { Drift, DriftState } from '../../drift/types.ts'

/** One run, as a monitoring system wants to know it. */
export interface RunFacts {
  readonly version: string
  /** Empty when the files are invalid, so that it is unknown. */
  readonly stack: string
  readonly finishedAtMs: number
  readonly durationMs: number
  readonly requests: number
  readonly retries: number
}

const LAST_SUCCESS = 'vpnctl_last_success_timestamp_seconds'
const STATES: readonly (DriftState | 'in_sync')[] = [
  'in_sync',
  'changed',
  'missing',
  'unmanaged',
  'extra',
  'failed',
  'stuck',
  'conflict',
]

/**
 * A run that looked at everything, in Prometheus' text format for the textfile collector of node_exporter. Whether
 * anything differs does not matter for success.
 */
export function renderDriftMetrics(drift: Drift, facts: RunFacts): string {
  const stack = { stack: facts.stack }
  return [
    ...runFamilies(facts, stack, true, facts.finishedAtMs),
    family(
      'vpnctl_resources',
      'Resources by kind and state; one in several states counts in each.',
      states(drift, stack),
    ),
    family(
      'vpnctl_drift_findings',
      'Differences between the file and live that are not ignored.',
      SEVERITIES.map((severity) => [{ ...stack, severity }, drift.summary.bySeverity[severity]]),
    ),
    family('vpnctl_drift_ignored', 'Differences that drift.ignore ignores.', [
      [stack, drift.summary.ignored],
    ]),
    family('vpnctl_not_compared', 'Secrets and resources that could not be compared.', [
      [stack, drift.notCompared.length],
    ]),
  ].join('')
}

/**
 * A run that failed: nothing is said about resources, and the last success is that of `before`, the text that the
 * file held until now, so that its age can raise an alert. When the stack is unknown, it is that of `before`; without
 * one, the series are labelled by `metricsFile`: two files of one collector must not contain the same series.
 */
export function renderFailedMetrics(facts: RunFacts, before: string, metricsFile: string): string {
  const last = lastRun(before)
  const stack = facts.stack === '' ? last.stack : facts.stack
  const labels = stack === undefined ? { metrics_file: metricsFile } : { stack }
  const successMs = stack === last.stack ? last.successMs : undefined
  return runFamilies(facts, labels, false, successMs).join('')
}

function lastRun(text: string): { readonly stack?: string; readonly successMs?: number } {
  const series = text
    .split('\n')
    .flatMap((line) => [/^(\w+)\{stack="((?:[^"\\]|\\.)+)"\} ([0-9.]+)$/.exec(line) ?? []])
  const stack = series.find(([, , label]) => label !== undefined)?.[2]
  const seconds = series.find(([, name]) => name === LAST_SUCCESS)?.[3]
  return {
    ...(stack === undefined ? {} : { stack: unescapeLabel(stack) }),
    ...(seconds === undefined ? {} : { successMs: Number(seconds) * 1000 }),
  }
}

type Sample = readonly [labels: Readonly<Record<string, string>>, value: number]

function runFamilies(
  facts: RunFacts,
  labels: Readonly<Record<string, string>>,
  isSuccess: boolean,
  lastSuccessMs: number | undefined,
): readonly string[] {
  return [
    family('vpnctl_build_info', 'The version that wrote this file.', [
      [{ ...labels, version: facts.version }, 1],
    ]),
    family('vpnctl_last_run_timestamp_seconds', 'When the last run ended.', [
      [labels, seconds(facts.finishedAtMs)],
    ]),
    family('vpnctl_last_run_success', 'Whether the last run could read everything.', [
      [labels, isSuccess ? 1 : 0],
    ]),
    lastSuccessMs === undefined
      ? ''
      : family(LAST_SUCCESS, 'When a run last could read everything.', [[labels, seconds(lastSuccessMs)]]),
    family('vpnctl_run_duration_seconds', 'How long the last run took.', [
      [labels, seconds(facts.durationMs)],
    ]),
    family('vpnctl_api_requests', 'Requests of the last run, attempts counted.', [[labels, facts.requests]]),
    family('vpnctl_api_retries', 'Requests of the last run that had to be sent again.', [
      [labels, facts.retries],
    ]),
  ]
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000
}

function states(drift: Drift, stack: Readonly<Record<string, string>>): readonly Sample[] {
  const byKey = new Map<string, Set<DriftState>>()
  for (const { key, state } of [...drift.findings, ...drift.ignored.map(({ finding }) => finding)]) {
    byKey.set(key, (byKey.get(key) ?? new Set()).add(state))
  }
  const counts = new Map<string, Map<string, number>>()
  for (const { key, target } of drift.resources) {
    const own = counts.get(target.kind.name) ?? new Map(STATES.map((state) => [state, 0]))
    counts.set(target.kind.name, own)
    for (const state of byKey.get(key) ?? ['in_sync']) own.set(state, (own.get(state) ?? 0) + 1)
  }
  return [...counts].flatMap(([kind, own]) =>
    [...own].map(([state, value]): Sample => [{ ...stack, kind, state }, value]),
  )
}

function family(name: string, help: string, samples: readonly Sample[]): string {
  const lines = samples.map(([labels, value]) => {
    const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`)
    return `${name}{${pairs.join(',')}} ${value}\n`
  })
  return `# HELP ${name} ${help}\n# TYPE ${name} gauge\n${lines.join('')}`
}

// https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information
function escapeLabel(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
}

function unescapeLabel(text: string): string {
  return text.replace(/\\(.)/g, (_, char: string) => (char === 'n' ? '\n' : char))
}
