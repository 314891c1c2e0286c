import { rootCertificates } from 'node:tls'
import type { Credentials, TlsChoice } from '../api/options.ts'
import { canonicalLocation, DEFAULT_LOCATION, LOCATIONS } from '../kinds/locations.ts'
import { closest, didYouMean } from '../model/closest.ts'
import { isLoopback } from '../model/http/loopback.ts'
import { optional } from '../model/optional.ts'
import type { UnreadLocation } from '../model/resource.ts'
import { credentialsFromEnv, type Environment, isOn, type Sourced, text } from './environment.ts'
import { findVendorConfig, type VendorConfig, type VendorConfigSearch } from './vendor-config.ts'

export type { Environment, Sourced } from './environment.ts'

/** Base URL, or a template with `{location}` in it. */
export type Endpoint = Sourced<string>

/** Where the requests of one location go, and why. */
export interface EndpointOf extends Sourced<string> {
  readonly location: string
  readonly tls: TlsChoice
  /** Who switched the check of certificates off. */
  readonly unchecked?: string
  /** What distinguishes several locations here. */
  readonly fix: string
}

/** All that is known of where requests go and as whom. */
export interface Settings {
  /** Undefined: there are none anywhere. */
  readonly credentials: Sourced<Credentials> | undefined
  /** One for each location that was asked for. */
  readonly endpoints: readonly EndpointOf[]
  /** The same for other locations that may be read. */
  readonly others: readonly EndpointOf[]
  /** Other locations that must not be read, since the credentials would go where no setting leads. */
  readonly unread: readonly UnreadLocation[]
  readonly contractNumber: Sourced<string> | undefined
  readonly config: VendorConfigSearch
  /** What a user has to know at every run. */
  readonly warnings: readonly string[]
}

/** What the user said, and about which locations. */
export interface SettingsQuery {
  readonly locations: readonly string[]
  /** Locations that are read as well where that needs no further setting. */
  readonly others?: readonly string[]
  readonly env: Environment
  readonly cwd: string
  readonly endpoint?: string | undefined
  readonly config?: string | undefined
  readonly profile?: string | undefined
  /** Ends the wait for a configuration file that is a pipe. */
  readonly signal?: AbortSignal | undefined
}

/** Flags, then the environment, then the ionosctl configuration file, then what is built in. An error is one sentence. */
export async function resolveSettings(
  query: SettingsQuery,
): Promise<Settings | { readonly problem: string }> {
  const { env, locations } = query
  const error = locationProblem(locations)
  if (error !== undefined) return { problem: error }
  const search = await findVendorConfig({ ...query, file: query.config })
  if (search.type === 'broken') return { problem: search.problem }
  const config = search.type === 'found' ? search.config : undefined
  const chosen = chosenEndpoint(query.endpoint, env)
  const trust = trustOf(env)
  if ('problem' in trust) return trust
  const asked = locations.length === 0 ? [DEFAULT_LOCATION] : locations
  const endpoints = asked.map((location) => endpointOf(location, chosen, config, trust))
  const problem = endpointsProblem(endpoints)
  if (problem !== undefined) return { problem }
  const contract = text(env.IONOS_CONTRACT_NUMBER)
  return {
    credentials: credentialsFromEnv(env) ?? credentialsOfFile(config),
    endpoints,
    ...otherEndpoints(query.others ?? [], chosen, config, trust),
    contractNumber: contract === undefined ? undefined : { value: contract, source: 'IONOS_CONTRACT_NUMBER' },
    config: search,
    warnings: [...new Set(endpoints.flatMap(insecurity))],
  }
}

/** The endpoint that the user chose: the flag, `VPNCTL_ENDPOINT`, `IONOS_API_URL_VPN`, `IONOS_API_URL`, in this order. */
export function chosenEndpoint(flag: string | undefined, env: Environment): Endpoint | undefined {
  const named = [
    ['--endpoint', flag],
    ...['VPNCTL_ENDPOINT', 'IONOS_API_URL_VPN', 'IONOS_API_URL'].map((name) => [name, env[name]] as const),
  ] as const
  for (const [source, given] of named) {
    const value = text(given)
    if (value !== undefined) return { value: value.replace(/\/+$/, ''), source }
  }
  return undefined
}

/** The base URL of a location. Locations that share an endpoint share a name in it too. */
export function baseUrl(endpoint: Endpoint | undefined, location: string): string {
  const name = canonicalLocation(location)
  return endpoint === undefined
    ? (LOCATIONS[name] ?? '')
    : endpoint.value.replaceAll('{location}', name.replaceAll('/', '-'))
}

function credentialsOfFile(config: VendorConfig | undefined): Sourced<Credentials> | undefined {
  if (config?.credentials === undefined) return undefined
  return {
    value: config.credentials,
    source: `profile ${JSON.stringify(config.profile)} of ${config.path}`,
  }
}

function endpointOf(
  location: string,
  chosen: Endpoint | undefined,
  config: VendorConfig | undefined,
  trust: TlsChoice,
): EndpointOf {
  const unchecked = trust.rejectUnauthorized === false ? { unchecked: 'IONOS_ALLOW_INSECURE' } : {}
  const common = { location, tls: trust, ...unchecked, fix: 'put {location} in it' }
  if (chosen !== undefined) return { ...common, value: baseUrl(chosen, location), source: chosen.source }
  const override = [location, canonicalLocation(location), undefined]
    .map((wanted) => config?.endpoints.find((endpoint) => endpoint.location === wanted))
    .find((endpoint) => endpoint !== undefined)
  if (override === undefined) return { ...common, value: baseUrl(undefined, location), source: 'built in' }
  const { url, place, skipTlsVerify, ca } = override
  const tls: TlsChoice = {
    ...trust,
    ...(skipTlsVerify ? { rejectUnauthorized: false } : {}),
    // In addition to the known authorities, as with the IONOS SDKs, and not in their place.
    ...(ca === undefined ? {} : { ca: [...rootCertificates, ca] }),
  }
  const fix = 'give each location an endpoint of its own'
  const skipped = skipTlsVerify ? { unchecked: `skipTlsVerify for ${place}` } : {}
  return { ...common, value: url, source: place, tls, ...skipped, fix }
}

// One fixed endpoint is one location: there are no others. Endpoints of the ionosctl configuration file may belong to another
// installation, whose credentials are not for the built-in hosts; who pins a certificate knows one host.
function otherEndpoints(
  locations: readonly string[],
  chosen: Endpoint | undefined,
  config: VendorConfig | undefined,
  trust: TlsChoice,
): Pick<Settings, 'others' | 'unread'> {
  const all = () => locations.map((location) => endpointOf(location, chosen, config, trust))
  const none = (reason: UnreadLocation['reason'], message: string) => ({
    others: [],
    unread: locations.map((location) => ({ location, reason, message })),
  })
  if (chosen !== undefined) return { others: chosen.value.includes('{location}') ? all() : [], unread: [] }
  const [override, ...more] = config?.endpoints ?? []
  if (override !== undefined) {
    if (override.location === undefined && more.length === 0) return { others: [], unread: [] }
    return none('endpoint', `${override.place} replaces the endpoints of this API`)
  }
  if (trust.pinnedFingerprint !== undefined) return none('pinned', 'IONOS_PINNED_CERT is for one host')
  if (trust.rejectUnauthorized === false) return none('unchecked', 'certificates are not checked')
  return { others: all(), unread: [] }
}

function trustOf(env: Environment): TlsChoice | { readonly problem: string } {
  const pin = text(env.IONOS_PINNED_CERT)?.replaceAll(/[:\s]/g, '').toLowerCase()
  if (pin !== undefined && !/^[0-9a-f]{64}$/.test(pin))
    return { problem: 'IONOS_PINNED_CERT has to be the SHA-256 fingerprint of a certificate, 64 hex digits' }
  return {
    ...(isOn(env.IONOS_ALLOW_INSECURE) ? { rejectUnauthorized: false } : {}),
    ...optional({ pinnedFingerprint: pin }),
  }
}

function insecurity({ unchecked, value }: EndpointOf): string[] {
  if (unchecked === undefined) return []
  return [
    `the certificate of ${new URL(value).host} is NOT checked (${unchecked}): whoever is in between can read the credentials and the keys`,
  ]
}

// Every location reads the whole endpoint: two with one endpoint would read, and plan, everything twice.
function endpointsProblem(endpoints: readonly EndpointOf[]): string | undefined {
  const seen = new Map<string, EndpointOf>()
  for (const endpoint of endpoints) {
    const problem = urlProblem(endpoint) ?? pinProblem(endpoint)
    if (problem !== undefined) return problem
    const before = seen.get(endpoint.value)
    if (before !== undefined && canonicalLocation(before.location) !== canonicalLocation(endpoint.location)) {
      const names = [...new Set(endpoints.map(({ location }) => location))].join(', ')
      return `${endpoint.source} is one endpoint, but this run is about several locations (${names}): ${endpoint.fix}`
    }
    seen.set(endpoint.value, endpoint)
  }
  return undefined
}

// Node does not look at the fingerprint of a certificate whose chain it does not check.
function pinProblem({ unchecked, tls }: EndpointOf): string | undefined {
  if (unchecked === undefined || tls.pinnedFingerprint === undefined) return undefined
  return `${unchecked} and IONOS_PINNED_CERT contradict each other: take one away`
}

// The value is not repeated: what was put there by mistake may be a credential.
function urlProblem({ value, source }: EndpointOf): string | undefined {
  if (!URL.canParse(value)) return `${source} is not a URL; it has to look like https://vpn.de-fra.ionos.com`
  const url = new URL(value)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return `${source} has to be an https URL`
  if (url.username !== '' || url.password !== '') return `${source} contains credentials; use IONOS_TOKEN`
  if (url.search !== '' || url.hash !== '') return `${source} must not have a query or a fragment`
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    return `${source} would send the credentials unencrypted: use https`
  return undefined
}

/** What is wrong with the names of locations, as a sentence; undefined when nothing is. */
export function locationProblem(locations: readonly string[]): string | undefined {
  const location = locations.find((name) => !Object.hasOwn(LOCATIONS, name))
  if (location === undefined) return undefined
  const guess = closest(location.replaceAll('-', '/'), Object.keys(LOCATIONS))
  return `there is no location ${JSON.stringify(location)}${didYouMean(guess)}; there are ${Object.keys(LOCATIONS).join(', ')}`
}
