import { credentialProblem, tokenExpiry } from '../../../api/credentials.ts'
import type { Credentials, RequestRecord } from '../../../api/options.ts'
import { proxyFromEnv } from '../../../api/proxy-choice.ts'
import type { Connection } from '../../../engine/connection.ts'
import type { EndpointOf, Settings, Sourced } from '../../../engine/settings.ts'
import { ApiError } from '../../../model/errors.ts'
import { optional } from '../../../model/optional.ts'
import type { Check } from '../../../report/explain/doctor-text.ts'
import { durationText } from '../../../report/writing/duration.ts'
import type { Context } from '../../context.ts'
import { type ExitName, exitCode } from '../../exit-codes.ts'
import { apiFailure } from '../../failure.ts'
import type { RemoteFlags } from '../../flags/options.ts'
import { openRemote } from '../../session/session.ts'

const SOON_MS = 7 * 86_400_000
/** Tokens are good from a moment to a moment: a clock that is off by minutes makes a good one bad. */
const SKEW_WARNING_MS = 30_000

/** A check with the exit code that an error of it leads to. */
export interface ApiCheck extends Check {
  readonly exit?: ExitName
}

/** Where the configuration comes from. */
export function checkConfig({ config, warnings, contractNumber }: Settings): readonly ApiCheck[] {
  const found: ApiCheck =
    config.type !== 'found'
      ? {
          name: 'configuration',
          state: 'ok',
          message: 'no ionosctl configuration file; none is needed',
        }
      : config.config.isOpen && config.config.credentials !== undefined
        ? {
            name: 'configuration',
            state: 'warning',
            message: `${config.config.path} contains credentials, and others may read it`,
            hint: `chmod 600 ${config.config.path}`,
          }
        : { name: 'configuration', state: 'ok', message: configText(config.config) }
  return [
    found,
    ...(contractNumber === undefined
      ? []
      : [
          {
            name: 'contract',
            state: 'ok',
            message: `${contractNumber.value}, from ${contractNumber.source}`,
          } as const,
        ]),
    ...warnings.map(
      (message): ApiCheck => ({
        name: 'certificates',
        state: 'warning',
        message,
        hint: 'check them: unset IONOS_ALLOW_INSECURE, or give certificateAuthData in place of skipTlsVerify',
      }),
    ),
  ]
}

function configText({
  path,
  profile,
  environment,
}: {
  path: string
  profile: string | undefined
  environment: string | undefined
}): string {
  const parts = [
    ...(profile === undefined ? ['no profile is chosen'] : [`profile ${profile}`]),
    ...(environment === undefined ? [] : [`environment ${environment}`]),
  ]
  return `${path}: ${parts.join(', ')}`
}

/** Which credentials, from where, and for how long; never their value. */
export function checkCredentials(found: Sourced<Credentials> | undefined, now: number): ApiCheck {
  const name = 'credentials'
  if (found === undefined) {
    return {
      name,
      state: 'fail',
      message: 'no credentials found',
      hint: 'set IONOS_TOKEN, or IONOS_USERNAME and IONOS_PASSWORD, or a profile (vpnctl help environment)',
      exit: 'denied',
    }
  }
  const { value, source } = found
  const problem = credentialProblem(value)
  if (problem !== undefined)
    return { name, state: 'fail', message: `${source}: ${problem}`, hint: 'set them again', exit: 'denied' }
  if (value.type === 'basic') {
    return { name, state: 'ok', message: `user and password, from ${source}` }
  }
  return tokenCheck(tokenExpiry(value.token.reveal()), source, now)
}

function tokenCheck(expiry: number | undefined, source: string, now: number): ApiCheck {
  const name = 'credentials'
  const hint = 'make a new token (ionosctl token generate, or in the Data Center Designer)'
  if (expiry === undefined)
    return { name, state: 'ok', message: `token, from ${source}; when it expires cannot be read from it` }
  const date = `${new Date(expiry).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  if (expiry <= now)
    return {
      name,
      state: 'fail',
      message: `the token from ${source} expired on ${date}`,
      hint,
      exit: 'denied',
    }
  const message = `token, from ${source}; it expires on ${date}, in ${leftText(expiry - now)}`
  return expiry - now < SOON_MS ? { name, state: 'warning', message, hint } : { name, state: 'ok', message }
}

function leftText(ms: number): string {
  const days = Math.floor(ms / 86_400_000)
  return days >= 2 ? `${days} days` : durationText(ms)
}

/** Which endpoint each location uses, and why. */
export function checkEndpoints(
  endpoints: readonly EndpointOf[],
  env: Context['io']['env'],
): readonly ApiCheck[] {
  const proxy = proxyFromEnv(env)
  return endpoints.map(({ location, value, source }): ApiCheck => {
    const through =
      proxy !== undefined && !('invalid' in proxy) && proxy.appliesTo(new URL(value))
        ? `, through the proxy of ${proxy.source}`
        : ''
    return { name: `endpoint ${location}`, state: 'ok', message: `${value} (${source})${through}` }
  })
}

/** Asks each location for one resource: can it be reached, does it let us in, and what does its clock say? */
export async function checkReach(
  context: Context,
  flags: RemoteFlags,
  connection: Connection,
  locations: readonly string[],
): Promise<readonly ApiCheck[]> {
  let skew: number | undefined
  const reach = await Promise.all(
    locations.map(async (location): Promise<ApiCheck> => {
      const records: RequestRecord[] = []
      // One for each: a remote that was refused once sends nothing more.
      const remote = await openRemote(context, flags, connection, {
        attempts: 2,
        signal: context.ending,
        onRequest: (record) => records.push(record),
      })
      const name = `reach ${location}`
      try {
        await remote.probe(location)
        const ms = records.at(-1)?.durationMs ?? 0
        return { name, state: 'ok', message: `answers, and lets these credentials in (${Math.round(ms)} ms)` }
      } catch (error) {
        if (!(error instanceof ApiError) || context.stopping.aborted) throw error
        const { message, hint, exit } = apiFailure(error)
        return { name, state: 'fail', message, ...optional({ hint }), exit }
      } finally {
        skew ??= records.find(({ clockSkewMs }) => clockSkewMs !== undefined)?.clockSkewMs
        remote.close()
      }
    }),
  )
  return [
    ...reach,
    ...skewCheck(
      skew,
      reach.some(({ state }) => state === 'ok'),
    ),
  ]
}

function skewCheck(skew: number | undefined, isReached: boolean): readonly ApiCheck[] {
  const name = 'clock'
  if (skew === undefined) {
    if (!isReached) return []
    const message = 'not compared: the answers of the API have no date'
    return [{ name, state: 'note', message, hint: 'compare the clock of this machine with another one' }]
  }
  if (Math.abs(skew) < SKEW_WARNING_MS)
    return [{ name, state: 'ok', message: 'agrees with that of the API to a few seconds' }]
  return [
    {
      name,
      state: 'warning',
      message: `is ${durationText(Math.abs(skew))} ${skew > 0 ? 'behind' : 'ahead of'} that of the API: a good token may count as expired`,
      hint: 'set the clock of this machine, by NTP for instance',
    },
  ]
}

/** The exit code of all checks: what keeps us out first, then what cannot be reached. */
export function exitOf(checks: readonly ApiCheck[]): number {
  const exits = checks.filter(({ state }) => state === 'fail').map(({ exit }) => exit ?? 'error')
  const worst = (['usage', 'denied', 'unreachable', 'error'] as const).find((exit) => exits.includes(exit))
  return exitCode(worst ?? exits[0] ?? 'ok')
}
