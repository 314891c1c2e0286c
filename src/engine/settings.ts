import type { Credentials } from '../api/options.ts'
import { canonicalLocation, DEFAULT_LOCATION, LOCATIONS } from '../kinds/locations.ts'
import { Secret } from '../model/secret.ts'

/** A setting with the place that it was read from, for people. */
export interface Sourced<T> {
  readonly value: T
  readonly source: string
}

/** Base URL, or a template with `{location}` in it. */
export type Endpoint = Sourced<string>

type Environment = Readonly<Record<string, string | undefined>>

/** The credentials of the environment: the token wins over user and password. Undefined when neither is whole. */
export function credentialsFromEnv(env: Environment): Sourced<Credentials> | undefined {
  const token = text(env.IONOS_TOKEN)
  if (token !== undefined) {
    return { value: { type: 'token', token: new Secret(token) }, source: 'IONOS_TOKEN' }
  }
  const username = text(env.IONOS_USERNAME)
  const password = text(env.IONOS_PASSWORD)
  if (username === undefined || password === undefined) return undefined
  return {
    value: { type: 'basic', username, password: new Secret(password) },
    source: 'IONOS_USERNAME and IONOS_PASSWORD',
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

/** The base URL of a location. */
export function baseUrl(endpoint: Endpoint | undefined, location: string): string {
  const known = LOCATIONS[location] ?? LOCATIONS[canonicalLocation(location)] ?? ''
  return endpoint === undefined
    ? known
    : endpoint.value.replaceAll('{location}', location.replaceAll('/', '-'))
}

/** What is wrong with an endpoint, as a sentence; undefined when nothing is. */
export function endpointFault(endpoint: Endpoint, locations: readonly string[]): string | undefined {
  const base = baseUrl(endpoint, locations[0] ?? DEFAULT_LOCATION)
  // The value is not repeated: what was put there by mistake may be a credential.
  if (!URL.canParse(base))
    return `${endpoint.source} is no URL; it has to look like https://vpn.de-fra.ionos.com`
  const url = new URL(base)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return `${endpoint.source} has to be an https URL`
  if (url.username !== '' || url.password !== '')
    return `${endpoint.source} holds credentials; use IONOS_TOKEN`
  if (url.search !== '' || url.hash !== '') return `${endpoint.source} must not have a query or a fragment`
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return `${endpoint.source} would send the credentials unencrypted: use https`
  }
  if (locations.length > 1 && !endpoint.value.includes('{location}')) {
    return `${endpoint.source} is one endpoint, but the files name ${locations.length} locations (${locations.join(', ')}): put {location} in it`
  }
  return undefined
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname)
}

function text(value: string | undefined): string | undefined {
  const trimmed = value?.trim()
  return trimmed === '' ? undefined : trimmed
}
