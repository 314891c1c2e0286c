import type { SourceRange } from './diagnostic.ts'

/** A difference that the file accepts for now. */
export interface DriftIgnore {
  /** An address pattern. */
  readonly pattern: string
  readonly reason?: string
  /** The last day, `YYYY-MM-DD`. */
  readonly until?: string
  readonly at?: SourceRange
}

/** Resources of this stack that it no longer manages, with everything below them. */
export interface Release {
  /** An address, with or without a location, or an id. */
  readonly address: string
  readonly reason?: string
  readonly at?: SourceRange
}

/** The id that an entry of `released` names, in lowercase; undefined where it names an address. */
export function releasedId(address: string): string | undefined {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(address) ? address.toLowerCase() : undefined
}

/** Another stack that shares the contract. */
export interface Neighbour {
  readonly stack: string
  readonly at?: SourceRange
}
