import type { Command } from 'commander'
import { CommanderError, InvalidArgumentError } from 'commander'
import type { Io } from '../io.ts'

/** A variable of the environment. */
export interface EnvironmentVariable {
  readonly name: string
  readonly meaning: string
  /** The option that it replaces where that is not given. */
  readonly flag?: string
  /** What needs the value reads it, and names the variable as its source. */
  readonly isReadLater?: true
}

/**
 * Every variable that means something here, in the order of help and docs. A flag that loosens a safety rule
 * (`--yes`, `--prune`, `--max-deletes`) has none on purpose: what is deleted must be seen where it is run.
 */
export const ENVIRONMENT: readonly EnvironmentVariable[] = [
  { name: 'VPNCTL_FILE', flag: '--file', meaning: 'desired state; several separated by commas' },
  {
    name: 'VPNCTL_VAR_FILE',
    flag: '--var-file',
    meaning: 'files with variables; several separated by commas',
  },
  {
    name: 'VPNCTL_VAR_<NAME>',
    flag: '--var',
    isReadLater: true,
    meaning:
      'the variable NAME of the files, in the same case, any name except FILE; after --var, before --var-file',
  },
  {
    name: 'VPNCTL_ENDPOINT',
    flag: '--endpoint',
    isReadLater: true,
    meaning: 'base URL; {location} is replaced by the location, such as de-fra',
  },
  { name: 'VPNCTL_CONFIG', flag: '--config', meaning: 'ionosctl configuration file' },
  {
    name: 'VPNCTL_PROFILE',
    flag: '--profile',
    meaning: 'profile of that file; its credentials come after those of IONOS_*',
  },
  {
    name: 'VPNCTL_LOCATION',
    flag: '--location',
    meaning: 'locations to read too; several separated by commas',
  },
  { name: 'VPNCTL_PARALLELISM', flag: '--parallelism', meaning: 'number of concurrent requests' },
  { name: 'VPNCTL_MAX_RPS', flag: '--max-rps', meaning: 'maximum requests per second' },
  { name: 'VPNCTL_REQUEST_TIMEOUT', flag: '--request-timeout', meaning: 'time for one request' },
  { name: 'VPNCTL_TIMEOUT', flag: '--timeout', meaning: 'time for the whole run' },
  {
    name: 'VPNCTL_WAIT_TIMEOUT',
    flag: '--wait-timeout',
    meaning: 'time for one resource to become available',
  },
  { name: 'VPNCTL_LOG_FILE', flag: '--log-file', meaning: 'file for one JSON line per request and decision' },
  { name: 'VPNCTL_DATA', flag: '--data', meaning: 'state file of the sandbox' },
  {
    name: 'VPNCTL_WEBHOOK',
    flag: '--webhook',
    isReadLater: true,
    meaning: 'URL that drift posts its report to',
  },
  { name: 'VPNCTL_LOG', meaning: 'debug is the same as --verbose' },
  { name: 'IONOS_TOKEN', meaning: 'bearer token; takes precedence over user and password' },
  { name: 'IONOS_USERNAME', meaning: 'user, if there is no token' },
  { name: 'IONOS_PASSWORD', meaning: 'password of that user' },
  { name: 'IONOS_API_URL_VPN', meaning: 'base URL of this API, after VPNCTL_ENDPOINT' },
  { name: 'IONOS_API_URL', meaning: 'base URL of any IONOS API, after IONOS_API_URL_VPN' },
  { name: 'IONOS_CONFIG_FILE', meaning: 'the configuration file, after VPNCTL_CONFIG' },
  {
    name: 'IONOS_CURRENT_PROFILE',
    meaning: 'the profile, after VPNCTL_PROFILE, before the one the file names',
  },
  { name: 'IONOS_CONTRACT_NUMBER', meaning: 'sent as X-Contract-Number, for reseller accounts' },
  {
    name: 'IONOS_PINNED_CERT',
    meaning: "SHA-256 of the server's certificate, required in addition to a valid chain",
  },
  { name: 'IONOS_ALLOW_INSECURE', meaning: 'true: do not check certificates; every run warns' },
  {
    name: 'HTTPS_PROXY',
    meaning: 'proxy for https, by CONNECT; ALL_PROXY after it, both also in lowercase',
  },
  { name: 'NO_PROXY', meaning: 'hosts without proxy: example.com, .example.com, * ; separated by commas' },
  { name: 'NO_COLOR', meaning: 'any value: no colour, unless --color is given' },
  {
    name: 'FORCE_COLOR',
    meaning: 'any value except 0 and false: force colour; after --no-color and NO_COLOR',
  },
  { name: 'CI', meaning: 'any value: no live display, and no colour unless it is forced' },
]

/** `VPNCTL_*` names that mean nothing here: typing errors, most likely. */
export function strangeVariables(env: Io['env']): readonly string[] {
  const known = new Set(ENVIRONMENT.map(({ name }) => name))
  return Object.keys(env).filter(
    (name) => name.startsWith('VPNCTL_') && !name.startsWith('VPNCTL_VAR_') && !known.has(name),
  )
}

/** Gives options that were not on the command line the values that the environment has for them. */
export function applyEnvironment(command: Command, env: Io['env']): void {
  for (const { name, flag, isReadLater } of ENVIRONMENT) {
    if (isReadLater) continue
    const option = command.options.find(({ long }) => flag !== undefined && long === flag)
    const value = env[name]?.trim()
    if (option === undefined || value === undefined || value === '') continue
    // A list of locations to read is not the one location that `init` writes.
    if (LISTS.includes(flag ?? '') && option.parseArg === undefined) continue
    const attribute = option.attributeName()
    const source = command.getOptionValueSource(attribute)
    if (source !== undefined && source !== 'default') continue
    command.setOptionValueWithSource(attribute, parsed(option, value, name), 'env')
  }
}

/** Ends the run where an option or an argument is empty: an unset variable of a script is not a wish for the default. */
export function refuseEmptyValues(command: Command): void {
  const empty = (value: unknown): boolean =>
    (typeof value === 'string' && value.trim() === '') || (Array.isArray(value) && value.some(empty))
  const option = command.options.find((each) => empty(command.getOptionValue(each.attributeName())))
  const argument = command.registeredArguments.find((_, index) => empty(command.processedArgs[index]))
  const name = option?.long ?? (argument === undefined ? undefined : `the argument "${argument.name()}"`)
  if (name !== undefined && name !== null) {
    throw new CommanderError(1, 'vpnctl.empty', `error: ${name} is empty: give it a value, or leave it out`)
  }
}

function listOf(value: string, name: string): readonly string[] {
  const parts = value.split(',').map((part) => part.trim())
  if (parts.every((part) => part === '')) {
    throw new CommanderError(
      1,
      'vpnctl.environment',
      `error: ${name} lists nothing: give it a value, or unset it`,
    )
  }
  return parts.filter((part) => part !== '')
}

type Option = Command['options'][number]

const LISTS: readonly string[] = ['--file', '--location', '--var-file']

function parsed({ long, parseArg }: Option, value: string, name: string): unknown {
  if (long !== undefined && long !== null && LISTS.includes(long)) return listOf(value, name)
  if (parseArg === undefined) return value
  try {
    return parseArg(value, undefined)
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error
    throw new CommanderError(1, 'vpnctl.environment', `error: ${name} is not valid: ${error.message}`)
  }
}
