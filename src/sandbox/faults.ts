import type { Random } from './random.ts'
import { fault, SandboxError } from './sandbox-error.ts'

/** Something that goes wrong between client and service. */
export type Fault =
  /** An error in the API's shape; nothing was done. */
  | { readonly type: 'status'; readonly status: number }
  /** The connection is reset; nothing was done. */
  | { readonly type: 'reset-before' }
  /** All was done; the connection is reset in place of the answer. */
  | { readonly type: 'reset-after' }
  /** All was done; half of the answer comes, then the end of the connection. */
  | { readonly type: 'truncate' }
  /** No answer as long as the client waits; nothing was done. */
  | { readonly type: 'hang' }
  /** The HTML error page of a proxy, with 502; nothing was done. */
  | { readonly type: 'html' }
  /** All was done; the answer is 200 without a body. */
  | { readonly type: 'empty' }

const NAMED = ['reset-before', 'reset-after', 'truncate', 'hang', 'html', 'empty'] as const
const HINT =
  `write NAME:PROBABILITY, comma-separated, for instance 429:0.1,reset-after:0.02. ` +
  `Names: ${NAMED.join(', ')}, or an HTTP status from 400 to 599. Probabilities: 0 to 1, together at most 1`

/** Faults, each with how likely it is. */
export type Odds = readonly { readonly fault: Fault; readonly probability: number }[]

/** Reads `429:0.1,reset-after:0.02`. Throws {@link SandboxError} with everything that is wrong. */
export function parseFaults(text: string): Odds {
  const entries = text.split(',').map((entry) => entry.trim())
  const read = text.trim() === '' ? [] : entries.map((entry) => ({ entry, ...parseEntry(entry) }))
  const wrong = read.filter(
    ({ fault: found, probability }) => found === undefined || probability === undefined,
  )
  if (wrong.length > 0) {
    throw new SandboxError(
      wrong.map(({ entry, fault: found }) =>
        fault(
          'VPN701',
          found === undefined
            ? `"${entry}" is not a fault that the sandbox knows`
            : `the probability of "${entry}" is not a number from 0 to 1`,
          HINT,
        ),
      ),
    )
  }
  const odds = read.flatMap(({ fault: found, probability }) =>
    found === undefined || probability === undefined ? [] : [{ fault: found, probability }],
  )
  const sum = odds.reduce((total, { probability }) => total + probability, 0)
  // 0.1 ten times is a little more than 1 in binary.
  if (sum > 1 + 1e-9) {
    throw new SandboxError([fault('VPN701', `the probabilities of the faults add up to ${sum}`, HINT)])
  }
  return odds
}

/** The fault of the next request, or undefined. */
export function drawFault(odds: Odds, random: Random): Fault | undefined {
  if (odds.length === 0) return undefined
  let left = random()
  for (const { fault: candidate, probability } of odds) {
    if (left < probability) return candidate
    left -= probability
  }
  return undefined
}

/** The name of a fault, as the user writes it. */
export function faultName(of: Fault): string {
  return of.type === 'status' ? String(of.status) : of.type
}

function parseEntry(entry: string): { fault: Fault | undefined; probability: number | undefined } {
  const [name = '', odds = '', ...rest] = entry.split(':')
  const probability = rest.length === 0 && /^\d*\.?\d+$/.test(odds.trim()) ? Number(odds) : undefined
  const valid = probability !== undefined && probability <= 1
  return { fault: parseName(name.trim()), probability: valid ? probability : undefined }
}

/** The fault of that name, or undefined. */
export function parseName(name: string): Fault | undefined {
  if (/^[45]\d\d$/.test(name)) return { type: 'status', status: Number(name) }
  const type = NAMED.find((known) => known === name)
  return type === undefined ? undefined : { type }
}
