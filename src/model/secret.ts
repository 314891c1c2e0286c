import { timingSafeEqual } from 'node:crypto'
import { InternalError } from './errors.ts'

/**
 * A value that must never be printed. It cannot be turned into text, JSON or a primitive by accident: those
 * throw, since a mask in place of the value would be sent to the API as the customer's key.
 */
export class Secret {
  readonly #value: string

  constructor(value: string) {
    this.#value = value
  }

  /**
   * The value itself. Only the HTTP layer, key derivation, checks of a key's form, the search for its repetitions in the
   * files, the writer of a file that the user asked for, and the commands that hide it from a pipeline's log
   * may ask for it.
   */
  reveal(): string {
    return this.#value
  }

  /** The same value without white space around it: key files end in a newline. */
  trimmed(): Secret {
    return new Secret(this.#value.trim())
  }

  /** Compares in constant time for values of one length. */
  equals(other: Secret): boolean {
    const a = Buffer.from(this.#value)
    const b = Buffer.from(other.#value)
    return a.length === b.length && timingSafeEqual(a, b)
  }

  /** Throws. */
  toJSON(): never {
    throw new InternalError('a secret was about to be serialised')
  }

  /** Throws. */
  toString(): never {
    throw new InternalError('a secret was about to be turned into text')
  }

  /** Throws. */
  [Symbol.toPrimitive](): never {
    throw new InternalError('a secret was about to be turned into a primitive')
  }

  /** What debuggers and util.inspect show. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '(secret)'
  }
}

/** Where a secret is to be read from; the value itself is never part of a reference. */
export type SecretReference =
  | { readonly from: 'env'; readonly name: string }
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'literal' }

/** What a user calls the place of a secret: `env HQ_KEY`, `file keys/hq`, `written in the file`. */
export function describeReference(reference: SecretReference): string {
  switch (reference.from) {
    case 'env':
      return `env ${reference.name}`
    case 'file':
      return `file ${reference.path}`
    case 'literal':
      return 'written in the file'
    default:
      return reference satisfies never
  }
}
