import { isPlainObject, type PlainObject } from '../model/json.ts'
import { type IpRange, parsePlainIp } from './ip.ts'
import { type Entry, writtenText, writtenTexts } from './rule.ts'

/** An address or a network as it is written, with its place and what it covers. */
export interface WrittenNetwork {
  readonly text: string
  readonly path: readonly string[]
  readonly range: IpRange
}

/** The networks of a list; what cannot be read is left out, since the schema reports it. */
export function networksOf(entry: Entry, field: string): readonly WrittenNetwork[] {
  return writtenTexts(entry, field).flatMap(({ text, path }) => read(text, path))
}

/** The networks of fields that contain one each. */
export function networksIn(entry: Entry, fields: readonly string[]): readonly WrittenNetwork[] {
  return fields.flatMap((field) => read(writtenText(entry, field), [field]))
}

/** One connection of a gateway, as it is written. */
export interface Connection {
  readonly value: PlainObject
  readonly path: readonly string[]
}

// More than the schema allows are not compared.
const MOST_CONNECTIONS = 10

/** The connections of a gateway. */
export function connectionsOf(entry: Entry): readonly Connection[] {
  const list = entry.written.connections
  if (!Array.isArray(list)) return []
  return (list as readonly unknown[])
    .slice(0, MOST_CONNECTIONS)
    .flatMap((value, index) =>
      isPlainObject(value) ? [{ value, path: ['connections', String(index)] }] : [],
    )
}

/** The gateway's own addresses in its LANs. */
export interface LanAddress extends WrittenNetwork {
  /** One key is one LAN; undefined where the connection does not name it. */
  readonly lan: string | undefined
  readonly connection: Connection
}

/** Every address that a gateway has in a LAN, with the LAN's network as its range. */
export function lanAddresses(entry: Entry): readonly LanAddress[] {
  return connectionsOf(entry).flatMap((connection) =>
    ['ipv4CIDR', 'ipv6CIDR'].flatMap((field) =>
      read(connection.value[field], [...connection.path, field]).map((network) => ({
        ...network,
        connection,
        lan: lanKey(connection),
      })),
    ),
  )
}

/** What names a LAN: the data center and the number; undefined when one of them is missing. */
export function lanKey({ value: { datacenterId, lanId } }: Connection): string | undefined {
  if (datacenterId === undefined || lanId === undefined) return undefined
  return `${String(datacenterId).toLowerCase()}/${String(lanId)}`
}

function read(text: unknown, path: readonly string[]): readonly WrittenNetwork[] {
  const range = typeof text === 'string' ? parsePlainIp(text) : undefined
  return range === undefined ? [] : [{ text: text as string, path, range }]
}
