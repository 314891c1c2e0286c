import { optional } from '../../model/optional.ts'
import { isFailing, type ProbeResult, type Verdict } from '../../probe/verdict.ts'
import { verdictHint } from './words.ts'

/** One check. */
export interface ProbeResultDocument {
  readonly address: string
  readonly location: string
  readonly check: ProbeResult['check']
  readonly at: string
  readonly verdict: Verdict['type']
  readonly failed: boolean
  /** Until the answer, or until the probe gave up; milliseconds. */
  readonly ms?: number
  readonly addresses?: readonly string[]
  readonly reason?: string
  readonly hint?: string
}

/** What probes found, described by schemas/probe.schema.json. Members are only added within a version. */
export interface ProbeDocument {
  readonly format: 'vpnctl/probe'
  readonly version: 1
  readonly failed: number
  readonly results: readonly ProbeResultDocument[]
}

/** The results as a JSON value. */
export function probeDocument(results: readonly ProbeResult[]): ProbeDocument {
  return {
    format: 'vpnctl/probe',
    version: 1,
    failed: results.filter(({ verdict }) => isFailing(verdict)).length,
    results: results.map(resultDocument),
  }
}

function resultDocument(result: ProbeResult): ProbeResultDocument {
  const { address, location, check, at, verdict } = result
  const hint = verdictHint(result)
  return {
    address,
    location,
    check,
    at,
    verdict: verdict.type,
    failed: isFailing(verdict),
    ...('ms' in verdict ? { ms: Math.round(verdict.ms * 10) / 10 } : {}),
    ...('addresses' in verdict ? { addresses: verdict.addresses } : {}),
    ...('reason' in verdict ? { reason: verdict.reason } : {}),
    ...('why' in verdict ? { reason: verdict.why } : {}),
    ...optional({ hint }),
  }
}
