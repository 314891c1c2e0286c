import { isPlainObject } from '../../../src/model/json.ts'
import type { Machine, Received, Sent } from '../machine.ts'
import { rememberBy } from '../remember.ts'
import { type Named, nameOf, pathOfNamed } from '../service.ts'

/** A resource as an answer showed it to a run. */
export interface Shown {
  readonly at: number
  readonly id: string
  readonly properties: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, unknown>>
}

/** All that a collection's pages showed; a resource that changed between two of them is in it twice. */
export interface ShownList {
  readonly named: Named
  readonly items: readonly Shown[]
}

/** The JSON of an answer; undefined where it is none. Several laws ask the same of the same answer. */
const bodyOf = rememberBy(({ text }: Received): unknown => {
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
})

/** What a list's page or a single answer showed. */
const shownIn = rememberBy((received: Received): readonly Shown[] => {
  if (received.status === undefined || received.status >= 300) return []
  const body = bodyOf(received)
  if (!isPlainObject(body)) return []
  const all = Array.isArray(body.items) ? body.items : [body]
  return all.filter(isPlainObject).flatMap((item) => {
    if (typeof item.id !== 'string' || !isPlainObject(item.properties)) return []
    const metadata = isPlainObject(item.metadata) ? item.metadata : {}
    return [{ at: received.at, id: item.id, properties: item.properties, metadata }]
  })
})

/** When the last read of everything began that sent a request. */
export function lastReadAt({ received, reads }: Machine): number {
  const latest = received.findLast(({ method, query }) => method === 'GET' && query !== '')?.sentAt ?? 0
  return reads.findLast((at) => at <= latest) ?? 0
}

/**
 * The lists that a run read the last time that it read everything, latest first: a verification may be repeated, and each
 * repetition is a read of its own if it asked for all that the first asked for at the top.
 */
export function lastReads(machine: Machine): readonly (readonly ShownList[])[] {
  const startedAt = lastReadAt(machine)
  const lists = machine.received.filter(
    ({ method, status, query, sentAt }) =>
      method === 'GET' && status === 200 && query !== '' && sentAt >= startedAt,
  )
  const isTop = ({ path }: Received): boolean => nameOf(path).parentIds.length === 0
  const tops = new Set(lists.filter(isTop).map(({ path }) => path))
  const [first] = tops
  const starts = new Set(
    lists.flatMap(({ path, query, sentAt }) =>
      path === first && query.endsWith('offset=0') ? [sentAt] : [],
    ),
  )
  const later = [...starts]
    .reverse()
    .map((start) => lists.filter(({ sentAt }) => sentAt >= start))
    .filter((read) => new Set(read.filter(isTop).map(({ path }) => path)).size === tops.size)
  const singles = machine.received.filter(
    ({ method, query, status, sentAt }) =>
      method === 'GET' && query === '' && (status === 200 || status === 404) && sentAt >= startedAt,
  )
  // A read is not one moment: what it found gone may be made again by others before its last page.
  const gone = singles
    .filter(({ status }) => status === 404)
    .map((each) => ({ ...each, at: Number.POSITIVE_INFINITY }))
  return [
    ...[...later, latestOf(lists, tops), lists].map((read) => listsIn(read, singles)),
    ...(gone.length === 0 ? [] : [listsIn(lists, [...singles, ...gone])]),
  ]
}

// Of each list at the top the latest, with what was read below it since: one of them may have been asked for again later
// than the others, since its first answers were lost.
function latestOf(lists: readonly Received[], tops: ReadonlySet<string>): readonly Received[] {
  return [...tops].flatMap((top) => {
    const startedAt = lists.findLast(({ path, query }) => path === top && query.endsWith('offset=0'))?.sentAt
    return lists.filter(({ path, sentAt }) => `${path}/`.startsWith(`${top}/`) && sentAt >= (startedAt ?? 0))
  })
}

// What was asked for by its own path later is as that answer shows it.
function listsIn(pages: readonly Received[], singles: readonly Received[]): readonly ShownList[] {
  const shown = new Map<string, { readonly named: Named; readonly items: Shown[] }>()
  for (const page of pages) {
    const list = shown.get(page.path) ?? { named: nameOf(page.path), items: [] }
    list.items.push(...shownIn(page))
    shown.set(page.path, list)
  }
  const latest = (item: Shown): readonly Shown[] => {
    const single = singles.findLast(({ path, at }) => at >= item.at && nameOf(path).id === item.id)
    return single === undefined ? [item] : shownIn(single)
  }
  return [...shown.values()].map(({ named, items }) => ({ named, items: items.flatMap(latest) }))
}

/** Locations of which a list could not be read between two moments. */
export function unreadLocations(machine: Machine, since: number, until: number): ReadonlySet<string> {
  const unread = new Set<string>()
  for (const received of machine.received) {
    const { method, path, query, sentAt, status } = received
    if (method !== 'GET' || query === '' || sentAt < since || sentAt > until) continue
    const { location } = nameOf(path)
    if (status !== 200 || !isPlainObject(bodyOf(received))) unread.add(location)
  }
  return unread
}

/** Whether the read of the plan asked for a resource by its own path and found it gone, since a moment of that read. */
export function isFoundGone({ received, reads, plannedAt = 0 }: Machine, named: Named, since = 0): boolean {
  const path = pathOfNamed(named)
  const readAt = reads.findLast((each) => each <= plannedAt) ?? 0
  return received.some(
    (each) =>
      each.method === 'GET' &&
      each.path === path &&
      each.status === 404 &&
      each.sentAt >= readAt &&
      each.at >= since &&
      each.at <= plannedAt,
  )
}

/** What an answer showed of a resource; `shown` is undefined where it was found gone. */
export interface Look {
  readonly at: number
  readonly shown: Shown | undefined
  readonly isWrite: boolean
  /** Which of the answers of the run it was, from 0. */
  readonly answer: number
  /** On a page of a list; `overlap` only to show that the list continues there. */
  readonly page: 'none' | 'own' | 'overlap'
}

/** The request to a resource that reached the service at a moment: the last one that left before. */
export function sentFor(
  { sent }: Machine,
  method: string,
  named: Named,
  arrivedAt: number,
): Sent | undefined {
  const path = pathOfNamed(named)
  return sent.findLast((each) => each.at <= arrivedAt && each.method === method && each.path === path)
}

/** What a run saw last of a resource, by its path, and when, before a moment. */
export class Sight {
  readonly #byPath = new Map<string, Look[]>()
  /** What the last read of a list has shown so far. */
  readonly #lists = new Map<string, Set<string>>()
  /** What any page of a list has shown, also of a read that did not come to its end. */
  readonly #members = new Map<string, Set<string>>()
  /** What the last page of a list showed first. */
  readonly #held = new Map<string, Shown | undefined>()
  #answer = -1

  constructor(machine: Machine) {
    for (const received of machine.received) {
      const { method, path, status, at } = received
      this.#answer += 1
      if (status === undefined) continue
      const shownNow = shownIn(received)
      if (nameOf(path).id === undefined) {
        const { offset, limit } = rangeOf(received)
        for (const [index, shown] of shownNow.entries()) {
          const page = index === 0 && (offset > 0 || limit === 1) ? 'overlap' : 'own'
          this.#add(`${path}/${shown.id}`, { at, shown, isWrite: false, page })
        }
        if (status === 200) this.#list(received, shownNow)
      } else {
        for (const shown of shownNow) this.#add(path, { at, shown, isWrite: method !== 'GET', page: 'none' })
        if (status === 404) this.#gone(path, at)
      }
    }
  }

  // What a whole list does not show was found gone.
  #list(received: Received, items: readonly Shown[]): void {
    const { path, at } = received
    const { offset, limit } = rangeOf(received)
    const open = (offset === 0 ? undefined : this.#lists.get(path)) ?? new Set()
    const known = this.#members.get(path) ?? new Set()
    for (const { id } of items) {
      open.add(`${path}/${id}`)
      known.add(`${path}/${id}`)
    }
    this.#lists.set(path, open)
    this.#members.set(path, known)
    // One resource per page: a page counts from the answer that confirms it.
    const held = this.#held.get(path)
    if (limit === 1 && held !== undefined) {
      const each = `${path}/${held.id}`
      const isLatest = this.#byPath.get(each)?.at(-1)?.shown === held
      if (isLatest) this.#add(each, { at, shown: held, isWrite: false, page: 'overlap' })
    }
    this.#held.set(path, items[0])
    if (items.length >= limit) return
    // The list became shorter between two pages: what moved to an earlier one is not gone.
    if (offset > 0 && items.length === 0) return
    for (const each of known) if (!open.has(each)) this.#add(each, goneAt(at))
  }

  // What is below it went with it. A list alone does not show that: another one of the same collection may be read meanwhile.
  #gone(path: string, at: number): void {
    this.#add(path, goneAt(at))
    for (const below of this.#byPath.keys()) {
      if (below.startsWith(`${path}/`)) this.#add(below, goneAt(at))
    }
  }

  #add(path: string, seen: Omit<Look, 'answer'>): void {
    const look = { ...seen, answer: this.#answer }
    const known = this.#byPath.get(path)
    if (known === undefined) this.#byPath.set(path, [look])
    else known.push(look)
  }

  /** The latest look at or before a moment. */
  last(named: Named, at: number): Look | undefined {
    return this.#byPath.get(pathOfNamed(named))?.findLast((look) => look.at <= at)
  }

  /** The latest look before a request left. */
  before(named: Named, { answers }: Sent): Look | undefined {
    return this.#byPath.get(pathOfNamed(named))?.findLast((look) => look.answer < answers)
  }

  /**
   * The same, but for a page of that very moment, which the run may not have come to yet, and for what a page shows again,
   * which a run does not read a second time.
   */
  wellBefore(named: Named, { at, answers }: Sent): Look | undefined {
    const looks = this.#byPath.get(pathOfNamed(named))
    return looks?.findLast(
      (look) => look.answer < answers && (look.page === 'none' || (look.page === 'own' && look.at < at)),
    )
  }

  /** All looks until a moment. */
  until(named: Named, at: number): readonly Look[] {
    return (this.#byPath.get(pathOfNamed(named)) ?? []).filter((look) => look.at <= at)
  }

  /** The first look at or after a moment. */
  first(named: Named, since = 0): Look | undefined {
    return this.#byPath.get(pathOfNamed(named))?.find((look) => look.at >= since)
  }
}

/** What the run of a machine saw, once it is over. */
export const sightOf = rememberBy((machine: Machine) => new Sight(machine))

function goneAt(at: number): Omit<Look, 'answer'> {
  return { at, shown: undefined, isWrite: false, page: 'none' }
}

function rangeOf({ query, text }: Received): { readonly offset: number; readonly limit: number } {
  return {
    offset: Number(/\boffset=(\d+)/.exec(query)?.[1] ?? 0),
    limit: Number(/"limit":(\d+)/.exec(text)?.[1] ?? 0),
  }
}
