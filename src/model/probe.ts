import type { FieldPath, JsonSchema, PlainObject } from './json.ts'
import type { LiveMetadata } from './live-metadata.ts'
import type { Secret } from './secret.ts'

/** The field of the file that makes a resource a canary: a peer that only probes use. It is never sent to the API. */
export interface CanaryField {
  /** The field of the file, with everything in it. */
  readonly member: string
  readonly schema: JsonSchema
  /** Where the reference to the canary's own key is. */
  readonly path: FieldPath
  readonly secret: {
    /** What is wrong with the form of a value, without quoting it; undefined when nothing is. */
    readonly problem: (secret: Secret) => string | undefined
    readonly trim: boolean
    /** How a user makes such a value. */
    readonly example: string
  }
}

/** One set of algorithms of an IKE proposal; each list is a choice, in order of preference (RFC 7296, 3.3). */
export interface IkeProposal {
  readonly ciphers: readonly { readonly id: number; readonly keyBits: number }[]
  readonly prfs: readonly number[]
  /** Empty for ciphers that authenticate by themselves. */
  readonly integrity: readonly number[]
  readonly groups: readonly number[]
}

/** Where a probe is sent, and what it needs to know. */
export type ProbeTarget =
  | {
      readonly protocol: 'wireguard'
      readonly host: string
      readonly port: number
      /** Public keys in base64; undefined where the gateway's is not known. */
      readonly gatewayKey: string | undefined
    }
  | {
      readonly protocol: 'ike'
      readonly host: string
      readonly port: number
      readonly proposals: readonly IkeProposal[]
      /** The other end, from whose address alone some gateways accept a proposal. */
      readonly otherEnd: string
    }

/** A gateway as a probe needs it: from the file, with what live adds where that was read. */
export interface ProbedGateway {
  readonly spec: PlainObject
  readonly secrets: readonly { readonly value: Secret | null }[]
  readonly metadata?: LiveMetadata
}

/** How children of a kind are probed; pure. */
export interface Probing {
  /** Present where a probe needs a key of its own. */
  readonly canary?: CanaryField
  /** Host names that have to resolve, addresses left out, each with its field. */
  readonly names: (spec: PlainObject) => readonly { readonly field: string; readonly host: string }[]
  /** Undefined where the gateway has no address yet. */
  readonly target: (gateway: ProbedGateway, spec: PlainObject) => ProbeTarget | undefined
}
