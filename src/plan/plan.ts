import type { DesiredState, LiveState } from '../model/resource.ts'
import { ensureChanges } from './ensures.ts'
import {
  cycleFinding,
  heldIdFindings,
  heldValueFindings,
  matchFindings,
  unknownFieldFindings,
} from './findings.ts'
import { deletionFindings } from './guard.ts'
import { match } from './match.ts'
import { connect, findCycle } from './needs.ts'
import { removalChanges } from './removals.ts'
import { renameHints } from './rename-hints.ts'
import { narrow } from './targets.ts'
import {
  type Action,
  type Change,
  DEFAULT_PLAN_OPTIONS,
  type Plan,
  type PlanOptions,
  type PlanSummary,
} from './types.ts'

/**
 * What it takes to get from live to desired. Pure: the same input gives the same plan, whatever the order of live
 * pages. Faults of the plan are refusals in it, so that a reader sees both.
 */
export function plan(desired: DesiredState, live: LiveState, given: Partial<PlanOptions> = {}): Plan {
  const options = { ...DEFAULT_PLAN_OPTIONS, ...given }
  const matching = match(desired, live)
  const ensures = options.destroy
    ? { changes: [], uncompared: [] }
    : ensureChanges(matching.matched, options.resendSecrets)
  const removals = removalChanges(matching, live, options)
  const ordered = connect(withLocations([...ensures.changes, ...removals]), live)
  const targeted = narrow(ordered.changes, options.targets)
  const findings = [
    ...(options.destroy ? [] : matchFindings(desired, matching.matched)),
    ...heldValueFindings(ordered.heldValues),
    ...heldIdFindings(ordered.heldIds),
    ...unknownFieldFindings(targeted.changes),
    ...renameHints(targeted.changes),
    ...targeted.warnings,
    ...targeted.refusals,
    ...deletionFindings(targeted.changes, desired, matching, live, options),
  ]
  const cycle = findCycle(targeted.changes)
  if (cycle !== undefined) findings.push(cycleFinding(cycle))
  const changes = inReadingOrder(targeted.changes)
  return {
    stack: desired.stack,
    locations: live.locations,
    changes,
    summary: summarise(changes),
    uncompared: ensures.uncompared,
    warnings: findings.filter((finding) => finding.severity === 'warning'),
    refusals: findings.filter((finding) => finding.severity === 'error'),
  }
}

// Two locations may hold resources of one address; only then the location is part of what a reader sees.
function withLocations(changes: readonly Change[]): readonly Change[] {
  const locations = new Map<string, Set<string>>()
  for (const { address, target } of changes) {
    const seen = locations.get(address)
    if (seen === undefined) locations.set(address, new Set([target.location]))
    else seen.add(target.location)
  }
  return changes.map((change) =>
    (locations.get(change.address)?.size ?? 0) > 1
      ? { ...change, address: `${change.target.location}:${change.address}` }
      : change,
  )
}

const READING_ORDER: Readonly<Record<Action, number>> = {
  delete: 0,
  create: 1,
  update: 1,
  keep: 2,
  unmanaged: 3,
}

// Danger first. Ensures stay in the order of the file; what only live knows is sorted by address and id.
function inReadingOrder(changes: readonly Change[]): readonly Change[] {
  return [...changes].sort((a, b) => {
    const group = READING_ORDER[a.action] - READING_ORDER[b.action]
    if (group !== 0 || (a.action !== 'delete' && a.action !== 'unmanaged')) return group
    return compareText(a.address, b.address) || compareText(a.key, b.key)
  })
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function summarise(changes: readonly Change[]): PlanSummary {
  const summary = { create: 0, update: 0, delete: 0, keep: 0, unmanaged: 0 }
  for (const change of changes) summary[change.action] += 1
  return summary
}
