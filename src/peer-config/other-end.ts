import type { PlainObject } from '../model/json.ts'
import type { ResourceKind } from '../model/resource.ts'
import type { Secret } from '../model/secret.ts'

/** What the other end's configuration can be given beyond what the file and the API know. */
export interface OtherEndOptions {
  /** Addresses of the tunnel's interface, where `allowedIPs` does not say them. */
  readonly addresses?: readonly string[]
  /** Networks to send through the tunnel in place of the gateway's own ones. */
  readonly allowedIPs?: readonly string[]
  /** Resolvers and search domains. */
  readonly dns?: readonly string[]
  /** Also send what other peers of the gateway reach through the tunnel. */
  readonly viaHub?: boolean
  readonly keepaliveSeconds?: number
  readonly mtu?: number
  /** When the other end opens the tunnel: never by itself, on the first packet, or at once; left out, both of these. */
  readonly start?: 'none' | 'trap' | 'start'
}

/** A resource by its name and its fields. */
export interface NamedSpec {
  readonly name: string
  readonly spec: PlainObject
}

/** One end that we manage and its opposite number. */
export interface OtherEndInput {
  readonly gateway: {
    readonly name: string
    readonly spec: PlainObject
    /** WireGuard's base64. */
    readonly publicKey?: string
  }
  readonly child: NamedSpec
  /** The other children of the gateway. */
  readonly siblings?: readonly NamedSpec[]
  /** The other end's secret; a commented placeholder is in its place when there is none. */
  readonly secret?: Secret
  readonly options?: OtherEndOptions
}

/** A configuration. Joining the parts by accident throws where a secret is among them. */
export type OtherEnd =
  | {
      readonly type: 'text'
      readonly parts: readonly (string | Secret)[]
      /** What the reader should know and the text alone does not make plain. */
      readonly notes: readonly string[]
    }
  /** Everything that keeps the configuration from being written, at once. */
  | { readonly type: 'refused'; readonly problems: readonly string[] }

/** One program that can be the other end of a kind of resource. */
export interface OtherEndFormat {
  /** `wg-quick`, as on the command line. */
  readonly name: string
  /** The kind whose other end it is. */
  readonly kind: ResourceKind
  /** Whether the other end's secret is its own (`given`), the one that both ends share (`shared`), or left out. */
  readonly secret: 'given' | 'shared' | 'none'
  /** The options that mean something to it. */
  readonly options: readonly (keyof OtherEndOptions)[]
  /** Whether something is missing that the API may know. */
  readonly lacks: (input: OtherEndInput) => boolean
  readonly render: (input: OtherEndInput) => OtherEnd
}

/** A name as it may stand in a comment or in quotes: one line, since a second one would be read as configuration. */
export function oneLine(name: string): string {
  return [...name]
    .map((char) => (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}"\\]/u.test(char) ? escaped(char) : char))
    .join('')
}

function escaped(char: string): string {
  return `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`
}

/** True for a host name or an address, and for nothing that a configuration could read as more than that. */
export function isHost(text: string): boolean {
  return /^[A-Za-z0-9]([A-Za-z0-9._:-]{0,253}[A-Za-z0-9])?$/.test(text)
}
