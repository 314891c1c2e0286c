import { asWireResource } from '../model/decode.ts'
import { isPlainObject } from '../model/json.ts'
import type { WireResource } from '../model/remote.ts'

/** The most that the API gives at once. */
export const PAGE_SIZE = 1000
/** No collection holds more; a list that goes on beyond this never ends. */
const LARGEST_COLLECTION = 10_000_000

/** One page, as it came, with the way to complain about it. */
export interface RawPage {
  readonly body: unknown
  /** Throws the error that says what is odd about this page. */
  readonly complain: (what: string) => never
}

/** Asks for one page. */
export type FetchPage = (offset: number, limit: number) => Promise<RawPage>

/**
 * All pages of a list. Sends exactly floor(n / 1000) + 1 requests for n resources: a page that is not full is the
 * last. The list says neither its length nor, reliably, whether more follows (`_links.next` is known to be there
 * past the end), so a further page is certain only once the one before is full; two pages at a time would ask for
 * pages that do not exist. What can overlap does: the next page is on its way while the caller works on this one.
 */
export async function* readPages(
  fetchPage: FetchPage,
  largest = LARGEST_COLLECTION,
): AsyncGenerator<readonly WireResource[], void, undefined> {
  const seen = new Set<string>()
  let received = 0
  let pending: Promise<RawPage> | undefined = fetchPage(0, PAGE_SIZE)
  while (pending !== undefined) {
    const raw: RawPage = await pending
    const { items, limit } = decodePage(raw)
    const fresh = items.filter((item) => isFresh(seen, item))
    received += items.length
    const full = items.length >= limit
    if (full && fresh.length === 0) raw.complain('the same page again and again; the list has no end')
    if (full && received >= largest) raw.complain(`more than ${received} resources; the list has no end`)
    pending = full ? fetchPage(received, PAGE_SIZE) : undefined
    // Awaited above, if the caller stays; if not, nobody is interested.
    pending?.catch(() => undefined)
    yield fresh
  }
}

// The order of a list may change between pages, and then one resource is on two of them.
function isFresh(seen: Set<string>, item: WireResource): boolean {
  const id = item.id.toLowerCase()
  if (seen.has(id)) return false
  seen.add(id)
  return true
}

function decodePage(raw: RawPage): { items: readonly WireResource[]; limit: number } {
  const { body, complain } = raw
  if (!isPlainObject(body)) return complain('JSON that is no list')
  const listed = body.items ?? undefined
  // The documented list may leave out empty `items`; an object that has nothing of a list is another thing.
  if (listed === undefined && !isCollection(body)) return complain('JSON that is no list')
  if (listed !== undefined && !Array.isArray(listed)) return complain('a list whose "items" is no array')
  const items = (listed ?? []).map((entry: unknown, index): WireResource => {
    return asWireResource(entry) ?? complain(`a list whose item ${index} has no "id" or no "properties"`)
  })
  return { items, limit: pageLimit(body.limit) }
}

function isCollection(body: Readonly<Record<string, unknown>>): boolean {
  return body.type === 'collection' || 'limit' in body || 'offset' in body
}

// A server may give less at once than it was asked for, and says so.
function pageLimit(answered: unknown): number {
  const sensible = typeof answered === 'number' && Number.isInteger(answered) && answered >= 1
  return sensible ? Math.min(answered, PAGE_SIZE) : PAGE_SIZE
}
