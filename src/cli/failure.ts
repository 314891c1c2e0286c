import { CommanderError } from 'commander'
import { classOf } from '../model/codes.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { ApiError, type ApiErrorReason } from '../model/errors.ts'
import { optional } from '../model/optional.ts'
import { escapedDocument, safeJson, safeLine } from '../model/safe-text.ts'
import { diagnosticDocument } from '../report/diagnostics/json.ts'
import { diagnosticRemark } from '../report/diagnostics/report.ts'
import { countsText, renderDiagnostics } from '../report/diagnostics/text.ts'
import { renderRemarks } from '../report/formats/azure.ts'
import { renderAnnotations } from '../report/formats/github.ts'
import { hintWithInputs, withInputs } from '../report/writing/run-inputs.ts'
import { wrapWords } from '../report/writing/wrap.ts'
import { SandboxError } from '../sandbox/sandbox-error.ts'
import type { Context } from './context.ts'
import { EXIT_OF_API_ERROR, EXIT_OF_SIGNAL, type ExitName, exitCode } from './exit-codes.ts'
import { codeHost } from './output/code-host.ts'

/** What else there is to say about a failure. */
export interface FailureFacts {
  readonly hint?: string | undefined
  readonly diagnostics?: readonly Diagnostic[]
  /** Texts of the files, for code frames. */
  readonly sources?: ReadonlyMap<string, string> | undefined
}

/** The end of a run that is not a success; `main` shows it and turns it into an exit code. */
export class Failure extends Error {
  override readonly name = 'Failure'
  readonly exit: ExitName
  readonly hint: string | undefined
  readonly diagnostics: readonly Diagnostic[]
  readonly sources: ReadonlyMap<string, string>

  constructor(exit: ExitName, message: string, more: FailureFacts = {}) {
    super(message)
    this.exit = exit
    this.hint = more.hint
    this.diagnostics = more.diagnostics ?? []
    this.sources = more.sources ?? new Map()
  }

  /** The same with the files and the API of the run in the commands that its hints propose. */
  withInputs(inputs: string): Failure {
    const hint = this.hint === undefined ? undefined : withInputs(this.hint, inputs)
    const diagnostics = this.diagnostics.map((each) => hintWithInputs(each, inputs))
    return new Failure(this.exit, this.message, { hint, diagnostics, sources: this.sources })
  }
}

/** Reports what ended the run, on stderr or as one JSON document on stdout; the exit code. */
export function reportFailure(error: unknown, context: Context): number {
  const stopped = context.stoppedBy()
  const failure =
    stopped === undefined
      ? asFailure(error, context)
      : new Failure(EXIT_OF_SIGNAL[stopped], `stopped by ${stopped}`, stoppedFacts(error))
  const code = exitCode(failure.exit)
  if (context.json) {
    context.out(`${safeJson(failureJson(failure, code))}\n`)
  } else {
    context.err(failureText(failure, context))
    context.document(escapedDocument(pipelineCommands(failure, context)))
  }
  return code
}

// What a run that stopped by itself has to say about it.
function stoppedFacts(error: unknown): FailureFacts {
  return error instanceof Failure && error.hint !== undefined ? { hint: error.hint } : {}
}

function failureText(failure: Failure, context: Context): string {
  const style = context.style.err
  const parts: string[] = []
  if (failure.diagnostics.length > 0) {
    parts.push(renderDiagnostics(failure.diagnostics, failure.sources, style))
  }
  if (failure.message !== '') {
    const lines = wrapWords(`error: ${safeLine(failure.message)}`, style.width, '  ')
    parts.push(`${lines.join('\n').replace('error:', style.error('error:'))}\n`)
  }
  if (failure.hint !== undefined) {
    const lines = wrapWords(`  = hint: ${safeLine(failure.hint)}`, style.width, '    ')
    parts.push(`${lines.join('\n').replace('=', style.quiet('='))}\n`)
  }
  return parts.join('')
}

// What a pipeline shows next to the lines of the files.
function pipelineCommands({ message, hint, diagnostics }: Failure, { format, io }: Context): string {
  const own: readonly Diagnostic[] =
    message === '' ? [] : [{ severity: 'error', code: 'vpnctl', message, ...optional({ hint }) }]
  const remarks = [...diagnostics, ...own].map(diagnosticRemark)
  switch (format) {
    case 'github':
      return renderAnnotations(remarks, codeHost(io).fileName)
    case 'azure':
      return renderRemarks(remarks, io.cwd)
    default:
      return ''
  }
}

function failureJson(failure: Failure, code: number): unknown {
  return {
    format: 'vpnctl/error',
    version: 1,
    exitCode: code,
    message: failure.message === '' ? countsText(failure.diagnostics) : failure.message,
    ...optional({ hint: failure.hint }),
    diagnostics: failure.diagnostics.map(diagnosticDocument),
  }
}

function asFailure(error: unknown, context: Context): Failure {
  if (error instanceof Failure) return error
  if (error instanceof CommanderError) {
    const problem = error.message
      .replace(/^error: /, '')
      .trim()
      .replaceAll('\n', ' ')
      // A mistyped flag is shown without its value, which may be a token: --webhok=https://...
      .replace(/^(unknown option '--[\w-]+)=.*?'(?= \(|$)/, "$1'")
    return new Failure('usage', error.code === 'commander.help' ? 'a command is missing' : problem, {
      hint:
        error.code === 'commander.help'
          ? 'vpnctl --help lists them; vpnctl init is where to start'
          : `see: ${helpCommand(error, context)}`,
    })
  }
  if (error instanceof ApiError) return apiFailure(error)
  if (error instanceof SandboxError) return sandboxFailure(error)
  // A wait that ended with the run rejects with the reason of its signal, or with one made of it.
  if (context.timedOut() && error instanceof Error && ['AbortError', 'TimeoutError'].includes(error.name)) {
    return new Failure('notConverged', 'the time of the run (--timeout) is up', { hint: MORE_TIME })
  }
  const message = error instanceof Error ? error.message : String(error)
  const stack = context.verbose && error instanceof Error ? error.stack : undefined
  if (stack !== undefined) context.err(`${stack}\n`)
  return new Failure('error', `this is an error in vpnctl itself: ${message}`, {
    hint: 'nothing more was done; run it again with --verbose and report what it prints',
  })
}

// The first word is the command, unless there is none of that name, or none at all.
function helpCommand({ code }: CommanderError, { argv: [first = '-'] }: Context): string {
  return code === 'commander.unknownCommand' || first.startsWith('-')
    ? 'vpnctl --help'
    : `vpnctl ${first} --help`
}

// What a flag says is wrong usage; a port or a state file that cannot be used is not.
function sandboxFailure({ diagnostics }: SandboxError): Failure {
  const isUsage = diagnostics.every(({ code }) => classOf(code) === 'usage')
  return new Failure(isUsage ? 'usage' : 'error', '', { diagnostics })
}

/** What an error of the API means for a run. */
export function apiFailure(error: ApiError): Failure {
  const words = error.messages
    .map(({ message }) => message)
    .filter((message) => !error.message.includes(message))
  const id = error.requestId === undefined ? '' : ` (request id ${error.requestId})`
  const message = words.length === 0 ? error.message : `${error.message}: ${words.join('; ')}`
  return new Failure(EXIT_OF_API_ERROR[error.reason], `${message}${id}`, {
    hint: HINT_OF_REASON[error.reason],
  })
}

const MORE_TIME = 'it is safe to run it again, with a longer --timeout'

const HINT_OF_REASON: Readonly<Record<ApiErrorReason, string>> = {
  network: 'check the endpoint and the way to it; it is safe to try again',
  protocol: 'is something between you and the API, a proxy for instance, or is --endpoint another service?',
  unauthenticated: 'check IONOS_TOKEN (or IONOS_USERNAME and IONOS_PASSWORD): wrong, or expired?',
  forbidden: 'the user needs the privilege "accessAndManageVpn" in a group of the contract',
  'not-found': 'is the endpoint the right one for this location?',
  conflict: 'see what the API says; it is safe to try again',
  rejected: 'the API will not accept this request as it is',
  throttled: 'wait a while and try again, perhaps with a smaller --parallelism or with --max-rps',
  unavailable: 'it is safe to try again later',
  aborted: `the time of the run (--timeout) was up; ${MORE_TIME}`,
}
