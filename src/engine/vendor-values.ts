import { X509Certificate } from 'node:crypto'
import { TypedScalar } from '../config/plain.ts'
import { text } from './environment.ts'

/** The file is not as ionosctl writes it; the message has the place. */
export class Misfit extends Error {}

/** Where a value is. */
export type Path = readonly (string | number)[]
export type Mapping = Readonly<Record<string, unknown>>

/** Reads members of a value that may be anything, and knows where each is. */
export class VendorValues {
  readonly #path: string
  readonly #at: (path: Path) => string

  constructor(path: string, at: (path: Path) => string) {
    this.#path = path
    this.#at = at
  }

  place(path: Path): string {
    return `${this.#path}:${this.#at(path)}`
  }

  fail(path: Path, what: string): never {
    throw new Misfit(`${this.place(path)} ${what}`)
  }

  mapping(value: unknown, path: Path, what: string): Mapping {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof TypedScalar)
      return this.fail(path, `${what} has to be a mapping`)
    return value as Mapping
  }

  /** The mappings of a list; a member that is left out is an empty list. */
  list(of: Mapping, member: string, path: Path): { readonly value: Mapping; readonly path: Path }[] {
    const value = of[member] ?? []
    if (!Array.isArray(value)) return this.fail([...path, member], `"${member}" has to be a list`)
    return value.map((item: unknown, index) => {
      const at = [...path, member, index]
      return { value: this.mapping(item, at, `each of "${member}"`), path: at }
    })
  }

  text(of: Mapping, member: string, path: Path): string | undefined {
    const value = of[member]
    if (value === undefined || value === null) return undefined
    // As ionosctl reads it, whatever YAML takes it for: a password may be 0123456.
    if (value instanceof TypedScalar) return value.source
    if (typeof value !== 'string') return this.fail([...path, member], `"${member}" has to be a text`)
    return text(value)
  }

  /** With the white space around it, which a password may have; only line breaks at the end of a block are dropped. */
  asWritten(of: Mapping, member: string, path: Path): string | undefined {
    const trimmed = this.text(of, member, path)
    const value = of[member]
    return trimmed === undefined || typeof value !== 'string' ? trimmed : value.replace(/[\r\n]+$/, '')
  }

  flag(of: Mapping, member: string, path: Path): boolean {
    const given = of[member] ?? false
    const value = given instanceof TypedScalar ? given.value : given
    if (typeof value !== 'boolean') return this.fail([...path, member], `"${member}" has to be true or false`)
    return value
  }

  certificate(of: Mapping, path: Path): string | undefined {
    const pem = this.text(of, 'certificateAuthData', path)
    if (pem === undefined) return undefined
    try {
      new X509Certificate(pem)
      return pem
    } catch {
      return this.fail(
        [...path, 'certificateAuthData'],
        '"certificateAuthData" is not a certificate in PEM form',
      )
    }
  }
}
