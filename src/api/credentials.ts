import { isPlaceholder } from '../model/unusable-secret.ts'
import type { Credentials } from './options.ts'

/** The `authorization` header. The text must not outlive the request. */
export function authorization(credentials: Credentials): string {
  switch (credentials.type) {
    case 'token':
      return `Bearer ${credentials.token.reveal()}`
    case 'basic':
      return `Basic ${basicPair(credentials)}`
    default:
      return credentials satisfies never
  }
}

/** All that an answer must not repeat to the user. */
export function credentialTexts(credentials: Credentials): string[] {
  return credentials.type === 'token'
    ? [credentials.token.reveal()]
    : [credentials.password.reveal(), basicPair(credentials)]
}

function basicPair(credentials: Extract<Credentials, { type: 'basic' }>): string {
  return Buffer.from(`${credentials.username}:${credentials.password.reveal()}`, 'utf8').toString('base64')
}

const PLACEHOLDER = 'is a placeholder that the pipeline did not replace'

/** What is wrong with the form of the credentials, without quoting them; undefined when they can be sent. */
export function credentialProblem(credentials: Credentials): string | undefined {
  if (credentials.type === 'basic') {
    if (isPlaceholder(credentials.password.reveal())) return `the password ${PLACEHOLDER}`
    return credentials.username.includes(':') ? 'the user name contains a colon' : undefined
  }
  const token = credentials.token.reveal()
  if (token === '') return 'the token is empty'
  if (isPlaceholder(token)) return `the token ${PLACEHOLDER}`
  return /^[\x21-\x7e]+$/.test(token)
    ? undefined
    : 'the token contains a space, a line break or a letter beyond ASCII'
}

/** The likely cause of a 401, with what to do. Of a token, only its `exp` is read. */
export function refusalCause(credentials: Credentials, now: number): string {
  if (credentials.type === 'basic') {
    return 'wrong user name or password; a user with two-factor authentication needs a token'
  }
  const expiry = tokenExpiry(credentials.token.reveal())
  if (expiry !== undefined && expiry <= now) {
    return `the token expired on ${new Date(expiry).toISOString()}; make a new one`
  }
  return 'the token is not valid here; it may have been revoked, or belong to another contract'
}

/** The privilege without which the service answers 403. Source: vendor Terraform provider, changelog. */
export const NEEDED_PRIVILEGE = 'accessAndManageVpn'

/** ms since 1970, when the token is a JWT that says so. 8.64e15 is the last moment of a Date. */
export function tokenExpiry(token: string): number | undefined {
  const payload = token.split('.')[1]
  if (payload === undefined) return undefined
  try {
    const claims: unknown = JSON.parse(Buffer.from(payload, 'base64url').toString('utf8'))
    if (typeof claims !== 'object' || claims === null || !('exp' in claims)) return undefined
    const { exp } = claims
    return typeof exp === 'number' && Math.abs(exp) <= 8.64e12 ? exp * 1000 : undefined
  } catch {
    return undefined
  }
}
