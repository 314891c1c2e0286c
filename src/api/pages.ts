import { asWireResource } from '../model/decode.ts'
import { isPlainObject } from '../model/json.ts'
import type { WireResource } from '../model/remote.ts'

/** The most that the API gives at once. */
export const PAGE_SIZE = 1000
/** No collection contains more; a list that goes on beyond this never ends. */
const LARGEST_COLLECTION = 10_000_000
/** How often one list is read before it counts as one that never holds still. */
const MAX_READS = 4

/** One page, as it came, with the way to complain about it. */
export interface RawPage {
  readonly body: unknown
  /** Throws the error that says what is unexpected about this page. */
  readonly complain: (what: string) => never
}

/** Asks for one page. */
export type FetchPage = (offset: number, limit: number) => Promise<RawPage>

/**
 * All pages of a list. A page with fewer resources than its limit and without a link to the next one is the last, so
 * n resources take one request up to 999, and max(1, ceil(n / 999)) in general: each further page begins with the last
 * resource of the page before. Where it does not, someone deleted or created something in between, and what moved
 * to a page that was read already would be lost: the list is read again, and then given up.
 *
 * Every resource is given once, and all that were there from the first request to the last are given; what was
 * deleted meanwhile may be among them. The next page is on its way while the caller works on this one.
 */
export async function* readPages(
  fetchPage: FetchPage,
  largest = LARGEST_COLLECTION,
): AsyncGenerator<readonly WireResource[], void, undefined> {
  const seen = new Set<string>()
  for (let reads = 1; ; reads += 1) {
    const shifted = yield* readOnce(fetchPage, seen, largest)
    if (shifted === undefined) return
    if (reads === MAX_READS) shifted.complain('a list that changes while it is read, each time again')
  }
}

// Gives what is not in `seen`, and adds it. Returns the page that does not continue the one before.
async function* readOnce(
  fetchPage: FetchPage,
  seen: Set<string>,
  largest: number,
): AsyncGenerator<readonly WireResource[], RawPage | undefined, undefined> {
  let received = 0
  let longest = 0
  let before: readonly WireResource[] = []
  let pending: Promise<Page | Shifted> | undefined = fetchPage(0, PAGE_SIZE).then(decodePage)
  while (pending !== undefined) {
    const page: Page | Shifted = await pending
    if (page.type === 'shifted') {
      if (isSamePage(page.items, before))
        page.raw.complain('the same page again and again; the list has no end')
      return page.raw
    }
    const { items, more, raw }: Page = page
    received += items.length
    longest = Math.max(longest, items.length)
    if (more && received >= largest) raw.complain(`more than ${received} resources; the list has no end`)
    const last: WireResource | undefined = items.at(-1)
    before = items
    pending =
      more && last !== undefined
        ? pageAfter(fetchPage, { received, last, oneByOne: longest === 1 })
        : undefined
    // Awaited above, if the caller stays; if not, no one is interested.
    pending?.catch(() => undefined)
    yield items.filter((item) => isFresh(seen, item))
  }
  return undefined
}

interface Page {
  readonly type: 'page'
  readonly items: readonly WireResource[]
  /** False for the last page. */
  readonly more: boolean
  readonly raw: RawPage
}

/** A page that does not begin where the one before ended. */
interface Shifted extends Omit<Page, 'type'> {
  readonly type: 'shifted'
}

interface Position {
  readonly received: number
  readonly last: WireResource
  /** No page had more than one resource so far. */
  readonly oneByOne: boolean
}

// A page that contains the overlap and nothing else is the last one, whatever its link says (a link past the end is known
// of a sibling of this API), unless the server gives one resource at a time. There the next page cannot overlap, so the
// overlap is looked at once more behind it.
async function pageAfter(
  fetchPage: FetchPage,
  { received, last, oneByOne }: Position,
): Promise<Page | Shifted> {
  const overlapping = async (): Promise<Page | Shifted> => {
    const page = decodePage(await fetchPage(received - 1, PAGE_SIZE))
    const [first, ...items] = page.items
    return first === undefined || idOf(first) !== idOf(last)
      ? { ...page, type: 'shifted' }
      : { ...page, items, more: page.more && (items.length > 0 || oneByOne) }
  }
  const page = await overlapping()
  if (page.type === 'shifted' || page.items.length > 0 || !page.more) return page
  const next = decodePage(await fetchPage(received, PAGE_SIZE))
  const again = await overlapping()
  // What was created meanwhile is on the page by now.
  return again.type === 'shifted' || again.items.length > 0 ? again : next
}

function isSamePage(items: readonly WireResource[], before: readonly WireResource[]): boolean {
  return items.length === before.length && items.every((item, index) => item.id === before[index]?.id)
}

function idOf(item: WireResource): string {
  return item.id.toLowerCase()
}

// A list that is read again gives most of it a second time.
function isFresh(seen: Set<string>, item: WireResource): boolean {
  const id = idOf(item)
  if (seen.has(id)) return false
  seen.add(id)
  return true
}

function decodePage(raw: RawPage): Page {
  const { body, complain } = raw
  if (!isPlainObject(body)) return complain('JSON that is not a list')
  const listed = body.items ?? undefined
  // The documented list may leave out empty `items`; an object that has nothing of a list is another thing.
  if (listed === undefined && !isCollection(body)) return complain('JSON that is not a list')
  if (listed !== undefined && !Array.isArray(listed)) return complain('a list whose "items" is not an array')
  const items = (listed ?? []).map((entry: unknown, index): WireResource => {
    return asWireResource(entry) ?? complain(`a list whose item ${index} has no "id" or no "properties"`)
  })
  return { type: 'page', items, more: items.length >= pageLimit(body.limit) || hasNext(body), raw }
}

function isCollection(body: Readonly<Record<string, unknown>>): boolean {
  return body.type === 'collection' || 'limit' in body || 'offset' in body
}

// A server may give less at once than it was asked for, and says so.
function pageLimit(answered: unknown): number {
  const sensible = typeof answered === 'number' && Number.isInteger(answered) && answered >= 1
  return sensible ? Math.min(answered, PAGE_SIZE) : PAGE_SIZE
}

// Whether there is a link counts, not where it leads: the token goes to the configured host only.
function hasNext({ _links: links }: Readonly<Record<string, unknown>>): boolean {
  return isPlainObject(links) && typeof links.next === 'string' && links.next !== ''
}
