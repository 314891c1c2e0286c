import type { Credentials } from '../api/options.ts'
import { Secret } from '../model/secret.ts'

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** A setting with the place that it was read from, for people. */
export interface Sourced<T> {
  readonly value: T
  readonly source: string
}

/** The credentials of the environment: the token wins over user and password. Undefined when neither is whole. */
export function credentialsFromEnv(env: Environment): Sourced<Credentials> | undefined {
  const value = credentialsOf(text(env.IONOS_TOKEN), text(env.IONOS_USERNAME), text(env.IONOS_PASSWORD))
  if (value === undefined) return undefined
  return { value, source: value.type === 'token' ? 'IONOS_TOKEN' : 'IONOS_USERNAME and IONOS_PASSWORD' }
}

/** Credentials of their parts: the token wins over user and password. */
export function credentialsOf(
  token: string | undefined,
  username: string | undefined,
  password: string | undefined,
): Credentials | undefined {
  if (token !== undefined) return { type: 'token', token: new Secret(token) }
  if (username === undefined || password === undefined) return undefined
  return { type: 'basic', username, password: new Secret(password) }
}

/** A text without outer whitespace; one of only whitespace counts as not given. */
export function text(value: string | undefined): string | undefined {
  const trimmed = value?.trim()
  return trimmed === '' ? undefined : trimmed
}

/** `1`, `true` and `yes` in any case. */
export function isOn(value: string | undefined): boolean {
  return /^(1|true|yes|on)$/i.test(value?.trim() ?? '')
}
