/**
 * The parts of a run, one by one: load files, read what is live, plan, find drift, apply, verify, save and review plans.
 *
 * @packageDocumentation
 */

export { apply } from '../apply/apply.ts'
export { APPLY_DEFAULTS, type ApplyOptions } from '../apply/options.ts'
export { findDrift } from '../drift/drift.ts'
export { type DetectDriftOptions, detectDrift } from '../engine/detect-drift.ts'
export { type Loaded, type LoadOptions, loadFiles } from '../engine/load-files.ts'
export { neededSecretErrors } from '../engine/needed-secrets.ts'
export { hasWrites, type LiveAndPlan, type ReadAndPlanOptions, readAndPlan } from '../engine/reconcile.ts'
export { verify } from '../engine/verify.ts'
export { type FetchOptions, fetchLive } from '../live/fetch.ts'
export { plan } from '../plan/plan.ts'
export { planDigest } from '../plan/saved/digest.ts'
export { DEFAULT_PLAN_OPTIONS, type Plan, type PlanOptions } from '../plan/types.ts'
