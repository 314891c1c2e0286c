import { type Command, InvalidArgumentError, Option } from 'commander'
import type { DeleteLimit, PlanOptions } from '../../plan/types.ts'

/** Flags that say which files are the desired state. */
export interface FileFlags {
  readonly file?: readonly string[]
  readonly allowPlaintextSecrets?: boolean
  readonly var?: readonly string[]
  readonly varFile?: readonly string[]
}

/** Flags that say which API, and how hard it may be used. */
export interface RemoteFlags {
  readonly endpoint?: string
  readonly config?: string
  readonly profile?: string
  readonly sandbox?: boolean
  readonly data?: string
  /** Absent: it adapts. */
  readonly parallelism?: number
  readonly maxRps?: number
  readonly requestTimeout: number
  readonly timeout: number
  readonly logFile?: string
}

/** Flags that say which locations are read. */
export interface LocationFlags {
  readonly location?: readonly string[]
  readonly onlyLocation?: readonly string[]
}

/** Flags that shape a plan. */
export interface PlanFlags extends LocationFlags {
  readonly prune?: PlanOptions['prune']
  readonly maxDeletes?: DeleteLimit
  readonly resendSecrets?: readonly string[]
  readonly target?: readonly string[]
}

/** Where the sandbox keeps its state. */
export const DEFAULT_DATA = '.vpnctl/sandbox.json'

/** `-f` and what belongs to it. */
export function addFileOptions(command: Command): Command {
  return command
    .optionsGroup('Desired state:')
    .option(
      '-f, --file <path>',
      'file, folder, glob or - for stdin; may be repeated (default: vpn.yaml)',
      collect,
    )
    .option('--var <name=value>', 'set a variable of the file; may be repeated', collect)
    .option('--var-file <path>', 'YAML file with variables; may be repeated', collect)
    .option('--allow-plaintext-secrets', 'accept keys written in the file itself')
}

/** Which API. */
export function addRemoteOptions(command: Command): Command {
  return command
    .optionsGroup('API:')
    .option('--endpoint <url>', 'base URL; {location} is replaced by the location, such as de-fra')
    .option('--config <file>', 'ionosctl configuration file (default: its standard locations)')
    .option('--profile <name>', 'profile of that file')
    .option('--sandbox', 'use the embedded API instead: no account, state in a file')
    .option('--data <file>', 'state file of --sandbox', DEFAULT_DATA)
    .option(
      '--parallelism <n>',
      'number of concurrent requests (default: 10 at first, up to 50 while answers stay fast)',
      positiveInteger,
    )
    .option('--max-rps <n>', 'maximum requests per second, for shared contracts', positiveNumber)
    .option('--http2', 'no effect: HTTP/2 did not pay; kept for scripts that give it')
    .option('--request-timeout <duration>', 'time for one request', positiveDuration, 30_000)
    .option(
      '--timeout <duration>',
      'time for the whole run; a number without unit is seconds',
      positiveDuration,
      3_600_000,
    )
    .option('--log-file <path>', 'append one JSON line per request and decision', outputFile())
}

/** Looks at some addresses alone. */
export function targetOption(): Option {
  return new Option(
    '--target <address>',
    'limit to this resource and its children; * matches anything; may be repeated',
  ).argParser(collectAddress)
}

/** Reads locations in addition to those of the files. */
export function locationOption(): Option {
  return new Option(
    '--location <location>',
    'read this location in full, in addition to those of the files; may be repeated',
  ).argParser(collect)
}

/** Limits a run to some locations. */
export function onlyLocationOption(): Option {
  return new Option(
    '--only-location <location>',
    'read no other location (default: read the others for what the stack owns there); may be repeated',
  ).argParser(collect)
}

/** What may be changed. */
export function addPlanOptions(command: Command): Command {
  return command
    .optionsGroup('Plan:')
    .addOption(
      new Option(
        '--prune <what>',
        'what to delete that is live and not in the files: "owned" by this stack (default), "all" (unmanaged too) or "none"',
      ).choices(['owned', 'all', 'none']),
    )
    .option(
      '--max-deletes <n|n%>',
      'refuse a plan that deletes more (default: 3 resources, or 50% of the managed ones if that is more)',
      deleteLimit,
    )
    .addOption(targetOption())
    .addOption(locationOption())
    .addOption(onlyLocationOption())
    .option(
      '--resend-secrets <address|all>',
      'send keys that cannot be compared; may be repeated',
      collectAddress,
    )
}

/** The files that were applied last. */
export function appliedOption(why: string): Option {
  return new Option('--applied <file|git:ref>', `files that were applied last, ${why}`)
}

/** Former files, and what to do with drift. */
export function addBaselineOptions(command: Command): Command {
  return command
    .option(
      '--base <file|git:ref>',
      'former version of the files: separates drift (live differs from it) from what the files changed since',
    )
    .addOption(appliedOption('if --base is newer: what is merged and not applied yet is marked as pending'))
    .addOption(
      new Option(
        '--on-drift <what>',
        'what to do with drift since --base: "revert" it to the files (default), "leave" it as it is live, or "refuse" to apply',
      ).choices(['refuse', 'revert', 'leave']),
    )
}

/** Text or JSON. */
export function addFormatOption(
  command: Command,
  choices: readonly string[] = ['text', 'json'],
  usual = 'text',
): Command {
  return command
    .optionsGroup('Output:')
    .addOption(
      new Option('--format <format>', 'format of the result on stdout').choices([...choices]).default(usual),
    )
}

/** A repeatable flag. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value]
}

/** An address or a pattern of some: an empty variable of a script must not look like one. */
export function someAddress(value: string): string {
  if (value.trim() === '') {
    throw new InvalidArgumentError('It is empty; it must be an address (see: vpnctl help addresses).')
  }
  return value
}

/** A repeatable flag that takes addresses or patterns. */
export function collectAddress(value: string, before: readonly string[] | undefined): readonly string[] {
  return collect(someAddress(value), before)
}

/** The names, in an object of flags and their values, of those that were given. */
export function namesOfGiven(flags: Readonly<Record<string, unknown>>): string {
  return Object.keys(flags)
    .filter((name) => flags[name] !== undefined)
    .join(', ')
}

/** The flags of a plan that are given, in a sentence; empty when none. A variable of the environment is for all commands. */
export function planFlagsGiven(flags: PlanFlags, env: NodeJS.ProcessEnv): string {
  const fromEnvironment = env.VPNCTL_LOCATION?.split(',').map((each) => each.trim()) ?? []
  const isGiven = flags.location?.every((each) => fromEnvironment.includes(each)) === false
  return namesOfGiven({
    '--prune': flags.prune,
    '--max-deletes': flags.maxDeletes,
    '--target': flags.target,
    '--location': isGiven ? flags.location : undefined,
    '--only-location': flags.onlyLocation,
    '--resend-secrets': flags.resendSecrets,
  })
}

/** A whole number above 0. */
export function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('It must be a whole number above 0.')
  return Number(text)
}

/** A whole number, 0 among them. */
export function nonNegativeInteger(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.')
  return Number(text)
}

/** What prints the result of a command with `--out`. */
export const ON_STDOUT = 'without it, the result goes to stdout'

/** A file to write that cannot be stdout. `instead`: what prints the same. */
export function outputFile(instead = 'name one'): (text: string) => string {
  return (text) => {
    if (text === '-') throw new InvalidArgumentError(`It must be a file; ${instead}.`)
    return text
  }
}

/** A TCP port; 0 means any free one. */
export function port(text: string): number {
  const value = nonNegativeInteger(text)
  if (value > 65_535) throw new InvalidArgumentError('It must be a port, 0 to 65535.')
  return value
}

function positiveNumber(text: string): number {
  const value = Number(text)
  if (!/^\d+(\.\d+)?$/.test(text) || !(value > 0))
    throw new InvalidArgumentError('It must be a number above 0.')
  return value
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `500ms`, `30s`, `5m`, `1h`; a bare number is seconds. In milliseconds. */
export function duration(text: string): number {
  const found = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(text)
  const unit = UNITS[found?.[2] ?? 's']
  if (found === null || unit === undefined)
    throw new InvalidArgumentError('It must look like 500ms, 30s, 5m or 1h.')
  return Math.round(Number(found[1]) * unit)
}

/** {@link duration} that leaves time for an answer. */
export function positiveDuration(text: string): number {
  const ms = duration(text)
  if (ms === 0) throw new InvalidArgumentError('It must be above 0.')
  return ms
}

/** {@link duration} for short times: a bare number is milliseconds. */
export function shortDuration(text: string): number {
  return duration(/^\d+(\.\d+)?$/.test(text) ? `${text}ms` : text)
}

/** Milliseconds in the largest unit that is whole: what {@link duration} reads. */
export function durationFlag(ms: number): string {
  if (ms === 0) return '0s'
  const unit = Object.entries(UNITS).findLast(([, size]) => ms % size === 0)
  return unit === undefined ? `${ms}ms` : `${ms / unit[1]}${unit[0]}`
}

function deleteLimit(text: string): DeleteLimit {
  const found = /^(\d{1,7})(%?)$/.exec(text)
  if (found?.[1] === undefined)
    throw new InvalidArgumentError('It must be a number or a percentage, as in 5 or 20%.')
  const value = Number(found[1])
  return found[2] === '%' ? { type: 'percent', value } : { type: 'count', value }
}
