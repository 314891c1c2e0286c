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

/** The rule that needs the list of common passwords. */
export const guessableKeys: LateRule = {
  applies: (entries) => entries.some((entry) => keysOf(entry).some(({ key }) => key.length >= SHORTEST_KEY)),
  load: async () => {
    const { isGuessable } = await import('./key-strength.ts')
    return perEntry(function* (tunnel) {
      for (const { path, key } of keysOf(tunnel)) {
        if (key.length < SHORTEST_KEY || !isGuessable(key)) continue
        yield weak(tunnel, path, 'VPN328', 'is easy to guess')
      }
    })
  },
}
