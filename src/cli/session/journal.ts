import { auditRequest, auditRetry } from '../../api/audit.ts'
import type { RemoteOptions, RequestRecord, RetryRecord } from '../../api/options.ts'
import type { ApplyEvent } from '../../apply/events.ts'
import { type Target, targetKey } from '../../model/resource.ts'
import type { Plan } from '../../plan/types.ts'
import { eventDocument } from '../../report/apply/json.ts'
import type { Context } from '../context.ts'
import { openAuditFile } from '../files/audit-file.ts'
import { VERSION } from '../version.ts'

/** What a run did and decided, in its order: for `--log-file` as JSON lines, for `--verbose` as lines on stderr. */
export interface Journal {
  /** For the remote: every request and retry, with the address of what it is about. */
  readonly observers: Pick<RemoteOptions, 'onRequest' | 'onRetry' | 'addressOf'>
  /** Every change of a plan; from here on requests are known by their addresses. */
  plan(plan: Plan): void
  event(event: ApplyEvent): void
  /** Any other decision. */
  note(event: string, facts: Readonly<Record<string, unknown>>): void
  close(): void
}

// Shorter ones are not noticed.
const LONG_PAUSE_MS = 3_000

/** Opens the log file, if there is one. Throws {@link Failure} when it cannot be written. */
export function openJournal(context: Context, logFile: string | undefined): Journal {
  const file = logFile === undefined ? undefined : openAuditFile(context, logFile)
  const addresses = new Map<string, string>()
  let reportedUntil = 0
  // A run that waits has to say why at once; requests that wait together are reported once.
  const printPause = ({ because, delayMs }: RetryRecord): void => {
    const until = context.io.clock.now() + delayMs
    if (context.verbose || delayMs < LONG_PAUSE_MS || until <= reportedUntil + LONG_PAUSE_MS) return
    reportedUntil = until
    const text = `The API asks for a pause of ${Math.round(delayMs / 1000)} s (${because}); the run continues after it.`
    context.err(`${text}\n`)
  }
  const note = (event: string, facts: Readonly<Record<string, unknown>>, at = context.io.clock.now()): void =>
    file?.write({ time: new Date(at).toISOString(), event, ...facts })
  // The command alone: the rest of the command line may contain what no log should.
  note('run', { command: context.argv[0] ?? '', version: VERSION })
  return {
    observers: {
      addressOf: (target: Target) => addresses.get(targetKey(target)),
      onRequest: (record) => {
        file?.write(auditRequest(record))
        if (context.verbose) context.err(`${requestLine(record)}\n`)
      },
      onRetry: (record) => {
        file?.write(auditRetry(record))
        if (context.verbose) context.err(`${retryLine(record)}\n`)
        printPause(record)
      },
    },
    plan: (plan) => {
      for (const { key, address } of plan.changes) addresses.set(key, address)
      if (file === undefined) return
      note('plan', { stack: plan.stack, ...plan.summary, refusals: plan.refusals.map(({ code }) => code) })
      for (const { action, address, target, reason } of plan.changes) {
        if (action !== 'keep') note('decided', { address, id: target.id, action, reason: reason.code })
      }
    },
    event: (event) => {
      if (event.type === 'finished' && event.outcome.status === 'kept') return
      const { type, at: _, ...facts } = eventDocument(event)
      note(type, facts, event.at)
    },
    note,
    close: () => file?.close(),
  }
}

function requestLine({ method, path, query, status, failure, attempt, durationMs, address }: RequestRecord) {
  const target = query === undefined ? path : `${path}?${query}`
  const again = attempt > 1 ? ` (attempt ${attempt})` : ''
  const what = address === undefined ? '' : `  ${address}`
  return `${method} ${target} -> ${status ?? failure ?? 'no answer'} in ${Math.round(durationMs)} ms${again}${what}`
}

function retryLine({ method, path, because, delayMs, address }: RetryRecord): string {
  const what = address === undefined ? '' : `  ${address}`
  return `${method} ${path}: ${because}, again in ${Math.round(delayMs)} ms${what}`
}
