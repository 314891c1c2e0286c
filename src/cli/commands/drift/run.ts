import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { readLimited } from '../../../config/read-limited.ts'
import type { Drift } from '../../../drift/types.ts'
import { detectDrift } from '../../../engine/detect-drift.ts'
import { optional } from '../../../model/optional.ts'
import type { Remote } from '../../../model/remote.ts'
import { type RunFacts, renderDriftMetrics, renderFailedMetrics } from '../../../report/drift/metrics.ts'
import { driftReport } from '../../../report/drift/report.ts'
import { renderSlack, renderTeams } from '../../../report/formats/chat.ts'
import { render as renderJson } from '../../../report/formats/json.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { type LoadedApplied, loadApplied } from '../../files/base.ts'
import { type LoadedState, loadDesired, sourceName } from '../../files/desired.ts'
import { writeWholeFile } from '../../files/write-file.ts'
import type { FileFlags, LocationFlags, RemoteFlags } from '../../flags/options.ts'
import { codeHost } from '../../output/code-host.ts'
import { type Presented, type PresentFlags, present } from '../../output/present.ts'
import { whileReading } from '../../output/progress.ts'
import { checkReports } from '../../output/reports.ts'
import { sameInputs } from '../../output/rerun-command.ts'
import { locationChoice, type Reading, withStackSession } from '../../session/stack-session.ts'
import { VERSION } from '../../version.ts'
import type { WebhookFlags } from './webhook.ts'
import { notify, webhookUrl } from './webhook.ts'

/** Flags of `drift`. */
export interface DriftFlags extends FileFlags, RemoteFlags, LocationFlags, PresentFlags, WebhookFlags {
  readonly target?: readonly string[]
  readonly ignore?: readonly string[]
  readonly applied?: string
  readonly stuckAfter: number
  readonly driftExitCode?: number
  readonly metricsFile?: string
}

/** The drift, and its report. */
interface Found extends Presented {
  readonly drift: Drift
}

/** What is known of a run so far, for metrics. */
interface KnownFacts {
  readonly startedAtMs: number
  stack: string
  requests: number
  retries: number
}

const MAX_METRICS_BYTES = 1024 * 1024

/** `vpnctl drift`. */
export async function run(context: Context, flags: DriftFlags): Promise<number> {
  checkReports(flags.report, context.io.cwd)
  const webhook = webhookUrl(context, flags)
  const known: KnownFacts = { startedAtMs: context.io.clock.now(), stack: '', requests: 0, retries: 0 }
  const shown = await look(context, flags, known).catch(async (error: unknown) => {
    await writeFailedMetrics(context, flags, known)
    throw error
  })
  if (flags.metricsFile !== undefined) {
    const text = renderDriftMetrics(shown.drift, factsOf(context, known))
    await writeWholeFile(context, flags.metricsFile, text)
  }
  const text = await present(context, flags, shown)
  const isDrifted = shown.drift.findings.length > 0
  if (webhook !== undefined && (isDrifted || flags.webhookOn === 'always')) {
    await notify(context, webhook, webhookBody(context, flags, shown))
  }
  // Last, since the end of a log is what survives: Kubernetes shows nothing else.
  context.document(text)
  return isDrifted ? (flags.driftExitCode ?? exitCode('changes')) : exitCode('ok')
}

async function look(context: Context, flags: DriftFlags, known: KnownFacts): Promise<Found> {
  const loaded = await loadDesired(context, flags, 'optional')
  known.stack = loaded.desired.stack
  const applied = await loadApplied(context, flags, loaded.desired)
  const { desired } = loaded
  const drift = await withStackSession(context, flags, desired, locationChoice(flags), (session, reading) =>
    driftOf(context, flags, { desired, ...applied }, session.remote, reading).finally(() => {
      const { total, retries } = session.remote.counts()
      known.requests = total
      known.retries = retries
    }),
  )
  if (drift.refusals.length > 0) throw refused(drift, loaded)
  const checkedAtMs = context.io.clock.now()
  // Readers of files and messages have not seen the warnings of the files on stderr.
  const whole = { ...drift, warnings: [...loaded.warnings, ...drift.warnings] }
  return {
    drift,
    report: driftReport(whole, checkedAtMs),
    forTerminal: driftReport(drift, checkedAtMs),
    sources: loaded.sources,
    sourceName: sourceName(flags),
    inputs: sameInputs(flags),
    pathFacts: { json: 'json_path', markdown: 'markdown_path' },
  }
}

function driftOf(
  context: Context,
  flags: DriftFlags,
  { desired, applied }: Pick<LoadedState, 'desired'> & LoadedApplied,
  remote: Remote,
  reading: Reading,
): Promise<Drift> {
  return whileReading(context, (onProgress) =>
    detectDrift(desired, remote, {
      ...reading,
      drift: {
        targets: flags.target ?? [],
        ignores: (flags.ignore ?? []).map((pattern) => ({ pattern })),
        stuckAfterMs: flags.stuckAfter,
        ...optional({ applied }),
      },
      now: context.io.clock.now,
      onProgress,
    }),
  )
}

function refused({ refusals }: Drift, { sources }: LoadedState): Failure {
  return new Failure('refused', '', { diagnostics: refusals, sources })
}

function webhookBody({ io }: Context, flags: DriftFlags, { report, sourceName }: Found): string {
  const format = flags.webhookFormat
  const { run } = codeHost(io)
  switch (format) {
    case 'json':
      return renderJson(report)
    case 'slack':
      return renderSlack(report, sourceName, run)
    case 'teams':
      return renderTeams(report, sourceName, run)
    default:
      return format satisfies never
  }
}

function factsOf({ io }: Context, { startedAtMs, ...known }: KnownFacts): RunFacts {
  const finishedAtMs = io.clock.now()
  return { ...known, version: VERSION, finishedAtMs, durationMs: finishedAtMs - startedAtMs }
}

// The failure itself is what has to be reported; that its metrics cannot be written is not.
async function writeFailedMetrics(
  context: Context,
  { metricsFile }: DriftFlags,
  known: KnownFacts,
): Promise<void> {
  if (metricsFile === undefined) return
  const path = resolve(context.io.cwd, metricsFile)
  const text = renderFailedMetrics(factsOf(context, known), await metricsBefore(path), path)
  await writeWholeFile(context, metricsFile, text).catch(() => undefined)
}

// From a pipe nothing can be read back.
async function metricsBefore(path: string): Promise<string> {
  try {
    if (!(await stat(path)).isFile()) return ''
    return Buffer.from(await readLimited(path, { maxBytes: MAX_METRICS_BYTES })).toString('utf8')
  } catch {
    return ''
  }
}
