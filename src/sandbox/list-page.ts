import { type Answer, json, refuse } from './answer.ts'
import type { Behaviour } from './behaviour.ts'
import type { Stored } from './stored.ts'
import { listId, type Wire } from './wire.ts'

const DEFAULT_LIMIT = 100
const MAX_LIMIT = 1000
const MAX_OFFSET = 2 ** 31 - 1

/** What a list request asks for. */
export interface PageRequest {
  /** The API's path of the collection. */
  readonly path: string
  /** Scheme, host and port, for links. */
  readonly origin: string
  readonly offset: string | undefined
  readonly limit: string | undefined
}

/** One page of a collection, in the API's shape. */
export function listPage(
  all: readonly Stored[],
  request: PageRequest,
  around: { readonly wire: Wire; readonly behaviour: Behaviour; readonly now: number },
): Answer {
  const { behaviour, wire, now } = around
  const offset = wholeNumber(request.offset, 0, 0, MAX_OFFSET)
  if (offset === undefined)
    return refuse(400, 'sandbox-offset', `offset must be a whole number from 0 to ${MAX_OFFSET}`)
  const asked = wholeNumber(request.limit, DEFAULT_LIMIT, 1, MAX_LIMIT)
  if (asked === undefined)
    return refuse(400, 'sandbox-limit', `limit must be a whole number from 1 to ${MAX_LIMIT}`)
  const limit = Math.min(asked, behaviour.pageCap)
  const listed = behaviour.hideDestroying ? all.filter((stored) => stored.goneAt === null) : all
  const link = (at: number): string => `${request.origin}${request.path}?offset=${at}&limit=${limit}`
  const more = behaviour.endlessNext || offset + limit < listed.length
  const items = listed.slice(offset, offset + limit).map((stored) => wire.resource(stored, now))
  const links = {
    ...(offset > 0 ? { prev: link(Math.max(0, offset - limit)) } : {}),
    self: link(offset),
    ...(more ? { next: link(offset + limit) } : {}),
  }
  const envelope = { id: listId(request.path), type: 'collection', href: request.path, offset, limit }
  const head = JSON.stringify({ ...envelope, _links: links })
  return json(200, `${head.slice(0, -1)},"items":[${items.join(',')}]}`)
}

function wholeNumber(
  text: string | undefined,
  fallback: number,
  least: number,
  most: number,
): number | undefined {
  if (text === undefined) return fallback
  if (!/^\d{1,10}$/.test(text)) return undefined
  const value = Number(text)
  return value >= least && value <= most ? value : undefined
}
