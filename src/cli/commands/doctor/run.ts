import type { Connection } from '../../../engine/connection.ts'
import { canonicalLocation, DEFAULT_LOCATION } from '../../../kinds/locations.ts'
import { optional } from '../../../model/optional.ts'
import { type Check, renderChecks } from '../../../report/explain/doctor-text.ts'
import { safeJson } from '../../../report/writing/safe-text.ts'
import type { Context } from '../../context.ts'
import { Failure } from '../../failure.ts'
import type { FileFlags, RemoteFlags } from '../../flags/options.ts'
import { connect, connectionOf, settingsOf } from '../../session/session.ts'
import {
  type ApiCheck,
  checkConfig,
  checkCredentials,
  checkEndpoints,
  checkReach,
  exitOf,
} from './check-api.ts'
import { checkContract } from './check-contract.ts'
import { checkFiles, checkProgram } from './check-here.ts'

/** Flags of `doctor`. */
export interface DoctorFlags extends FileFlags, RemoteFlags {
  readonly location?: readonly string[]
  readonly contract?: boolean
}

/** `vpnctl doctor`. */
export async function run(context: Context, flags: DoctorFlags): Promise<number> {
  const files = await checkFiles(context, flags)
  const named = [...files.locations, ...(flags.location ?? [])].map(canonicalLocation)
  const locations = named.length === 0 ? [DEFAULT_LOCATION] : [...new Set(named)]
  const api =
    flags.sandbox === true ? sandboxChecks(context, flags, locations) : apiChecks(context, flags, locations)
  const all: readonly ApiCheck[] = [...checkProgram(context), ...files.checks, ...(await api)]
  const code = exitOf(all)
  const checks = flags.contract === true && !context.verbose ? all.filter(isForReport) : all
  context.out(
    context.json
      ? `${safeJson({ format: 'vpnctl/doctor', version: 2, exitCode: code, checks: checks.map(document) })}\n`
      : renderChecks(checks, context.style.out),
  )
  return code
}

// Without names, ids and addresses of the user, so that the output can be part of a bug report.
function isForReport({ name, state }: ApiCheck): boolean {
  return state === 'fail' || /^(?:vpnctl|Node\.js|clock|reach .*|contract .+)$/.test(name)
}

async function apiChecks(
  context: Context,
  flags: DoctorFlags,
  locations: readonly string[],
): Promise<readonly ApiCheck[]> {
  try {
    const settings = await settingsOf(context, flags, { locations, others: [] })
    const credentials = checkCredentials(settings.credentials, context.io.clock.now())
    const checks = [
      ...checkConfig(settings),
      credentials,
      ...checkEndpoints(settings.endpoints, context.io.env),
    ]
    // An expired token is sent all the same: only the API knows, and our clock may be what is wrong.
    if (settings.credentials === undefined) return checks
    const connection = await connectionOf(context, flags, settings, settings.credentials.value)
    try {
      return [...checks, ...(await checkConnection(context, flags, connection, locations))]
    } finally {
      await connection.close()
    }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const { message, hint, exit } = error
    return [{ name: 'settings', state: 'fail', message, hint: hint ?? 'see docs/configuration.md', exit }]
  }
}

async function checkConnection(
  context: Context,
  flags: DoctorFlags,
  connection: Connection,
  locations: readonly string[],
): Promise<readonly ApiCheck[]> {
  const reach = await checkReach(context, flags, connection, locations)
  if (flags.contract !== true) return reach
  const failed = reach.filter(({ state }) => state === 'fail').map(({ name }) => name)
  const unreached = new Set(locations.filter((location) => failed.includes(`reach ${location}`)))
  return [...reach, ...(await checkContract(context, flags, connection, locations, unreached))]
}

async function sandboxChecks(
  context: Context,
  flags: DoctorFlags,
  locations: readonly string[],
): Promise<readonly ApiCheck[]> {
  const connection = await connect(context, flags, { locations, others: [] })
  try {
    return await checkConnection(context, flags, connection, locations)
  } finally {
    await connection.close()
  }
}

function document({ name, state, message, hint }: Check): Check {
  return { name, state, message, ...optional({ hint }) }
}
