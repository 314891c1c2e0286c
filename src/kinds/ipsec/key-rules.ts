import type { DesiredSecret } from '../../model/resource.ts'
import { type Entry, type Finding, type LateRule, perEntry, type Rule } from '../rule.ts'
import { isTunnel } from './network-rules.ts'

const SHORTEST_KEY = 20
const HINT = 'make one with: openssl rand -base64 32'

function keysOf(tunnel: Entry): readonly (Pick<DesiredSecret, 'path'> & { readonly key: string })[] {
  if (!isTunnel(tunnel)) return []
  return tunnel.resource.secrets.flatMap(({ path, value }) => {
    const key = value?.reveal() ?? ''
    return key === '' ? [] : [{ path, key }]
  })
}

function weak(tunnel: Entry, path: DesiredSecret['path'], code: string, words: string): Finding {
  const message = `the pre-shared key of ${JSON.stringify(tunnel.resource.name)} ${words}`
  return { severity: 'warning', code, message, hint: HINT, on: tunnel, path }
}

const longKeys = perEntry(function* (tunnel) {
  for (const { path, key } of keysOf(tunnel)) {
    if (key.length >= SHORTEST_KEY) continue
    yield weak(tunnel, path, 'VPN327', `is shorter than ${SHORTEST_KEY} characters`)
  }
})

/** Rules for the pre-shared keys of IPSec tunnels. */
export const keyRules: readonly Rule[] = [longKeys]

// As openssl rand writes bytes with -hex and -base64; a phrase has no padding.
const HEX = /^(?:[0-9a-f]{2})+$/i
const BASE64 = /^(?:[A-Za-z0-9+/]{4})+[A-Za-z0-9+/]{2}[A-Za-z0-9+/=]=$/
const ENOUGH_BYTES = 32
// Of 32 random bytes, 30 differ on average, and fewer than 24 in one key of 100,000.
const LEAST_DISTINCT = 24

/**
 * Whether a key starts with 32 random bytes, as far as their variety shows. Such a key is strong. Its estimate takes a
 * millisecond, and the list of passwords 70 ms to load: with them, a plan with 200 such keys takes 1.45 x as long.
 */
export function isRandomBytes(key: string): boolean {
  const encoding = HEX.test(key) ? 'hex' : BASE64.test(key) ? 'base64' : null
  if (encoding === null) return false
  return new Set(Buffer.from(key, encoding).subarray(0, ENOUGH_BYTES)).size >= LEAST_DISTINCT
}

const mayBeGuessable = (key: string): boolean => key.length >= SHORTEST_KEY && !isRandomBytes(key)

/** The rule that needs the list of common passwords. */
export const guessableKeys: LateRule = {
  applies: (entries) => entries.some((entry) => keysOf(entry).some(({ key }) => mayBeGuessable(key))),
  load: async () => {
    const { isGuessable } = await import('./key-strength.ts')
    return perEntry(function* (tunnel) {
      for (const { path, key } of keysOf(tunnel)) {
        if (!mayBeGuessable(key) || !isGuessable(key)) continue
        yield weak(tunnel, path, 'VPN328', 'is easy to guess')
      }
    })
  },
}
