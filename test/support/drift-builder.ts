import { findDrift } from '../../src/drift/drift.ts'
import type { Drift, DriftFinding, DriftOptions } from '../../src/drift/types.ts'
import type { DriftIgnore } from '../../src/model/file-lists.ts'
import type { DesiredResource, LiveResource } from '../../src/model/resource.ts'
import { LOCATION, STACK } from './plan-builder.ts'

const NOW = Date.parse('2026-06-15T12:00:00Z')
export const HOUR = 3_600_000

interface Asked extends Partial<DriftOptions> {
  readonly fileIgnores?: readonly DriftIgnore[]
}

/** The drift of a stack, looked at now; what has been on its way for an hour is stuck. */
export function driftOf(
  desired: readonly DesiredResource[],
  live: readonly LiveResource[],
  { fileIgnores = [], ...options }: Asked = {},
): Drift {
  return findDrift(
    {
      stack: STACK,
      locations: [LOCATION],
      resources: desired,
      protectedPatterns: [],
      driftIgnores: fileIgnores,
    },
    { locations: [LOCATION], resources: live },
    { targets: [], ignores: [], stuckAfterMs: HOUR, nowMs: NOW, ...options },
  )
}

/** `critical unmanaged wireguardgateways/hq/peers/x`, one a finding. */
export function lines({ findings }: Pick<Drift, 'findings'>): readonly string[] {
  return findings.map(({ severity, state, address }) => `${severity} ${state} ${address}`)
}

/** The finding, where there is to be one. */
export function only(findings: readonly DriftFinding[]): DriftFinding {
  const [first, ...rest] = findings
  if (first === undefined || rest.length > 0) throw new Error(`${findings.length} findings`)
  return first
}
