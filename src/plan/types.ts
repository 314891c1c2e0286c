import type { AccessChange } from '../access/lines.ts'
import type { Address } from '../model/address.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import type { FieldPath, PlainObject } from '../model/json.ts'
import type { DesiredResource, LiveResource, Target, UnreadLocation } from '../model/resource.ts'
import type { FieldChange, Origin } from './changes/field-change.ts'
import type { SetAside } from './match/set-aside.ts'

/** What to do with drift: refuse the plan, make live as the files say, or leave live as it is. */
export type OnDrift = 'refuse' | 'revert' | 'leave'

/** A difference that a plan leaves as it is live, since live changed and the files did not. */
export interface LeftDrift {
  readonly address: Address
  /** What would make live as the files say. */
  readonly action: 'create' | 'update' | 'delete'
  /** Fields of an update. */
  readonly fields: readonly string[]
  /** Who the API names as the last to change it. */
  readonly by?: string
  readonly at?: string
}

/** Why a change is in the plan; the words are the reporter's. */
export type Reason =
  | { readonly code: 'missing' }
  | { readonly code: 'differs' }
  /** From one version of the files to another. */
  | { readonly code: 'added' }
  | { readonly code: 'changed' }
  | { readonly code: 'removed' }
  | { readonly code: 'renamed'; readonly from: string }
  | { readonly code: 'resend-secrets' }
  | { readonly code: 'secret-rotated'; readonly rotatedAt: string }
  | { readonly code: 'failed'; readonly statusMessage: string | undefined }
  | { readonly code: 'same' }
  | { readonly code: 'not-in-file' }
  | { readonly code: 'ensure-absent' }
  /** `on`: the last day on which it was to exist. */
  | { readonly code: 'expired'; readonly on: string }
  | { readonly code: 'prune-all' }
  /**
   * `isUnmanaged`: neither owned by this stack nor in the file, and deleted all the same. `setAside`: nothing allows that,
   * since it is released or belongs to a neighbour.
   */
  | {
      readonly code: 'parent-deleted'
      readonly parent: Address
      readonly isUnmanaged: boolean
      readonly setAside?: SetAside
      /** The files adopted it by its id. */
      readonly isAdopted?: true
    }
  | { readonly code: 'destroy' }
  /** Made by someone else, taken over by its id in the file; `destroy` takes it too. */
  | { readonly code: 'destroy-adopted' }
  /** Someone else's deletion, still under way, that a change of this plan has to wait for. */
  | { readonly code: 'destroying' }
  | { readonly code: 'foreign' }
  | { readonly code: 'prune-none' }

interface Common {
  /** Unique in the plan: {@link targetKey} of the target. */
  readonly key: string
  /** With the location in front where two locations share the address. */
  readonly address: Address
  readonly target: Target
  readonly name: string
  readonly reason: Reason
  /** Keys of changes that have to be done before this one starts. */
  readonly needs: readonly string[]
  /** Only where the plan was compared with a base. `mixed`: some fields are one thing, some another. */
  readonly origin?: Origin | 'mixed'
}

/** One resource of the plan. */
export type Change = Common &
  (
    | {
        readonly action: 'create'
        readonly desired: DesiredResource
        /** What the PUT sends, without secrets. */
        readonly spec: PlainObject
        readonly fields: readonly FieldChange[]
        /** A resource with the same id that is still being destroyed; the create waits for its end. */
        readonly leaving?: LiveResource
        /** What it interrupts when it replaces another resource. */
        readonly disruptions?: readonly string[]
      }
    | {
        readonly action: 'update'
        readonly desired: DesiredResource
        readonly live: LiveResource
        readonly spec: PlainObject
        readonly fields: readonly FieldChange[]
        /** Fields of live that our schema does not know and that the PUT would drop. */
        readonly unknownFields: readonly FieldPath[]
        /** What the changed fields interrupt. */
        readonly disruptions: readonly string[]
      }
    | { readonly action: 'keep'; readonly desired: DesiredResource; readonly live: LiveResource }
    | {
        readonly action: 'delete'
        readonly live: LiveResource
        readonly desired?: DesiredResource
        /** What it interrupts when another resource replaces it. */
        readonly disruptions?: readonly string[]
      }
    | { readonly action: 'unmanaged'; readonly live: LiveResource; readonly risk?: string }
  )

/** How a change is called. */
export type Action = Change['action']
/** A change of one action. */
export type ChangeOf<A extends Action> = Extract<Change, { action: A }>

/** Counts by action; a deletion that someone else began is not counted. */
export interface PlanSummary {
  readonly create: number
  readonly update: number
  readonly delete: number
  readonly keep: number
  readonly unmanaged: number
}

/** A secret that may or may not be the live one. */
export interface UncomparedSecret {
  readonly address: Address
  readonly path: FieldPath
  /** `write-only`: the API does not return it. `unresolved`: the reference gave no value here. */
  readonly why: 'write-only' | 'unresolved'
}

/** A secret that a create or an update has to send and that is not to hand. */
export interface MissingSecret {
  readonly address: Address
  readonly path: FieldPath
  /** `env NAME` or `file PATH`. */
  readonly source: string
}

/** Live resources that an entry of `released` names, with everything below them. */
export interface ReleasedResources {
  /** As a reader sees it; one entry without a location may name several. */
  readonly address: Address
  readonly id: string
  readonly location: string
  readonly reason?: string
  /** How many there are, itself included. */
  readonly resources: number
}

/** Live resources of another stack that `neighbours` names. */
export interface NeighbourResources {
  readonly stack: string
  readonly resources: number
}

/** A resource that is about to expire. */
export interface Expiring {
  readonly address: Address
  readonly location: string
  /** The last day, `YYYY-MM-DD`. */
  readonly expires: string
  /** Days that are left after today; 0 on the last day. */
  readonly days: number
}

/** What it takes to get from live to desired. Pure data but for the desired secrets, which cannot be printed. */
export interface Plan {
  readonly stack: string
  readonly locations: readonly string[]
  /** Locations that no file names, read for what the stack owns. */
  readonly others?: readonly string[]
  /** Locations in which leftovers of the stack could not be seen. */
  readonly unread?: readonly UnreadLocation[]
  /** When the read of the live state began, by the clock of the run; absent where that is not known. */
  readonly readAt?: number
  /** What it was made with; a verification is made with the same. */
  readonly options: PlanOptions
  /** Sorted: deletions first, then creates and updates in the order of the file; the same input gives the same list. */
  readonly changes: readonly Change[]
  readonly summary: PlanSummary
  /** Secret fields of resources that are live but whose values nothing can be compared with. */
  readonly uncompared: readonly UncomparedSecret[]
  /** While there are any, the plan may be shown but must not be applied: a PUT without its secret might empty it. */
  readonly missingSecrets: readonly MissingSecret[]
  /** What this stack released and is live, by address. */
  readonly released: readonly ReleasedResources[]
  /** The neighbours of the files, in their order, with what they have where this plan read. */
  readonly neighbours: readonly NeighbourResources[]
  /** What expires within 14 days, the first to expire first. */
  readonly expiring: readonly Expiring[]
  /** Addresses of peers and tunnels whose other end must be configured as in the files once it is applied; new ones not counted. */
  readonly otherEnds?: readonly Address[]
  /** Who reaches what once it is applied, as far as it changes, and what unmanaged resources reach. */
  readonly access?: readonly AccessChange[] | undefined
  readonly warnings: readonly Diagnostic[]
  /** Why it must not be applied; empty when it may. The plan is shown all the same. */
  readonly refusals: readonly Diagnostic[]
  /** Drift that it leaves as it is live. */
  readonly left?: readonly LeftDrift[]
  /** What it does not share with the plan that was reviewed; empty: the changes are the same. */
  readonly review?: { readonly differences: readonly Diagnostic[] }
  /** What it was compared with to separate intent from drift, and how many changes are what. */
  readonly base?: { readonly name: string; readonly summary: Readonly<Record<Origin | 'mixed', number>> }
  /** The two versions of the files that it compares; nothing was read live. */
  readonly between?: { readonly before: string; readonly after: string }
}

/**
 * Deletions allowed: a number, or a percentage of the live resources that the plan manages. The default is half
 * of them once more than three are to be deleted, and none when the file wants nothing at all.
 */
export type DeleteLimit =
  | { readonly type: 'default' }
  | { readonly type: 'count'; readonly value: number }
  | { readonly type: 'percent'; readonly value: number }

/** How to plan. */
export interface PlanOptions {
  /** With `destroy`, `all` also allows the deletion of unmanaged children of a deleted gateway, and nothing else. */
  readonly prune: 'owned' | 'all' | 'none'
  readonly maxDeletes: DeleteLimit
  /** Addresses (or `all`) whose secrets are sent although nothing is known to differ. */
  readonly resendSecrets: readonly string[]
  /** Address patterns; empty: everything. */
  readonly targets: readonly string[]
  /** True for `destroy`: everything owned or adopted goes, without the threshold. */
  readonly destroy: boolean
  /** The time of the run, RFC 3339 in UTC: what has expired by then is to be absent. Needed where the files use dates. */
  readonly asOf?: string
  /** Needs a baseline. Absent: as `revert`. */
  readonly onDrift?: OnDrift
}

/** What applies when the user says nothing. */
export const DEFAULT_PLAN_OPTIONS: PlanOptions = {
  prune: 'owned',
  maxDeletes: { type: 'default' },
  resendSecrets: [],
  targets: [],
  destroy: false,
}

/** True for a change that interrupts traffic. */
export function isDisruptive(change: Change): boolean {
  return 'disruptions' in change && change.disruptions.length > 0
}

/** What a plan deletes; the end of what someone else destroys is waited for, no more. */
export function deletions(changes: readonly Change[]): readonly ChangeOf<'delete'>[] {
  return changes
    .filter((change) => change.action === 'delete')
    .filter(({ reason }) => reason.code !== 'destroying')
}
