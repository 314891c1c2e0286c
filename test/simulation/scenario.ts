import type { PlanOptions } from '../../src/plan/types.ts'
import type { BehaviourOptions } from '../../src/sandbox/behaviour.ts'
import type { Rate } from '../../src/sandbox/rate-limit.ts'
import type { Wanted } from '../support/desired-builder.ts'

/** What can happen to a request or its answer. */
export const FAULTS = [
  'lost-request',
  'lost-answer',
  'truncated',
  'empty',
  'html',
  'hang',
  '429',
  '500',
  '503',
] as const
/** One of {@link FAULTS}. */
export type FaultName = (typeof FAULTS)[number]

/** A resource that is there when the history begins, parents before their children. */
export interface Seeded {
  readonly kind: string
  readonly location: string
  readonly parentId?: string
  readonly id: string
  readonly properties: Readonly<Record<string, unknown>>
  readonly status?: 'AVAILABLE' | 'PROVISIONING' | 'DESTROYING' | 'FAILED'
  readonly forMs?: number
}

/** A run of vpnctl. */
export interface RunActor {
  readonly type: 'run'
  readonly name: string
  readonly at: number
  /** `saved`: a plan is saved, and applied by another process later. */
  readonly command: 'apply' | 'destroy' | 'saved'
  /** Which of the scenario's files it is given. */
  readonly file: number
  /** The file as it is when a saved plan is applied. */
  readonly laterFile: number
  readonly plan: Partial<PlanOptions>
  /** How long the user thinks before the answer, or a saved plan waits before it is applied. */
  readonly pauseMs: number
  readonly onStale: 'abort' | 'skip'
  readonly timeoutMs: number
  readonly parallelism: number
  /** Its clock less the service's. */
  readonly skewMs: number
  /** Ends for ever after so many steps. */
  readonly killAtStep?: number
  /** Receives SIGTERM after so many steps. */
  readonly signalAtStep?: number
}

/** Someone at the portal. */
export interface AdministratorActor {
  readonly type: 'administrator'
  readonly name: string
  readonly at: number
  /** Acts at this step of that run instead, or never. */
  readonly atStep?: { readonly run: string; readonly step: number }
  readonly act: 'edit' | 'delete' | 'delete-first' | 'replace' | 'swap-keys' | 'rename' | 'add'
  /** Chooses among what is there then: in [0, 1). */
  readonly pick: number
}

/** Who acts. */
export type Actor = RunActor | AdministratorActor

/** A history before it happens: the same scenario gives the same history. */
export interface Scenario {
  readonly seed: number
  readonly behaviour: BehaviourOptions
  readonly rate: Rate | undefined
  readonly latencyMs: number
  readonly probabilities: Readonly<Partial<Record<FaultName, number>>>
  /** How likely a write ends FAILED. */
  readonly failedOdds: number
  /** Locations that runs read in addition to those of the files. */
  readonly others: readonly string[]
  readonly files: readonly Wanted[]
  readonly seeded: readonly Seeded[]
  readonly actors: readonly Actor[]
}
