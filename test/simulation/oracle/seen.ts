import { isPlainObject } from '../../../src/model/json.ts'
import type { Machine, Received } from '../machine.ts'
import { type Named, nameOf } from '../service.ts'

/** A resource as an answer showed it to a run. */
export interface Shown {
  readonly at: number
  readonly id: string
  readonly properties: Readonly<Record<string, unknown>>
  readonly metadata: Readonly<Record<string, unknown>>
}

/** A whole list, as it was put together from its pages. */
export interface ShownList {
  readonly named: Named
  readonly endedAt: number
  readonly items: readonly Shown[]
}

interface Page {
  readonly items: readonly Shown[]
  readonly offset: number
}

const shownBy = new WeakMap<Received, readonly Shown[]>()

/** What a list's page or a single answer showed. */
function shownIn(received: Received): readonly Shown[] {
  const known = shownBy.get(received)
  if (known !== undefined) return known
  const shown = decode(received)
  shownBy.set(received, shown)
  return shown
}

function decode(received: Received): readonly Shown[] {
  if (received.status === undefined || received.status >= 300) return []
  const body = parse(received.text)
  if (!isPlainObject(body)) return []
  const all = Array.isArray(body.items) ? body.items : [body]
  return all.filter(isPlainObject).flatMap((item) => {
    if (typeof item.id !== 'string' || !isPlainObject(item.properties)) return []
    const metadata = isPlainObject(item.metadata) ? item.metadata : {}
    return [{ at: received.at, id: item.id, properties: item.properties, metadata }]
  })
}

/** The last list of each collection that a run read from its beginning, by path. */
export function lastLists(machine: Machine): ReadonlyMap<string, ShownList> {
  const lists = new Map<string, { named: Named; endedAt: number; pages: Page[] }>()
  for (const received of machine.received) {
    if (received.method !== 'GET' || received.status !== 200) continue
    const named = nameOf(received.path)
    if (named.id !== undefined) continue
    const offset = Number(new URLSearchParams(received.query).get('offset') ?? 0)
    const page = { items: shownIn(received), offset }
    const known = lists.get(received.path)
    if (offset === 0 || known === undefined)
      lists.set(received.path, { named, endedAt: received.at, pages: [page] })
    else {
      known.pages.push(page)
      known.endedAt = received.at
    }
  }
  const whole = [...lists].map(([path, { named, endedAt, pages }]) => {
    const items = new Map(pages.flatMap((page) => page.items.map((item) => [item.id, item] as const)))
    return [path, { named, endedAt, items: [...items.values()] }] as const
  })
  // A list below something that is gone by now says nothing of now.
  const shown = new Set(whole.flatMap(([, { items }]) => items.map(({ id }) => id)))
  return new Map(whole.filter(([, { named }]) => named.parentIds.every((id) => shown.has(id))))
}

/** What a run saw last of a resource, and when, before a moment. */
export class Sight {
  readonly #byId = new Map<
    string,
    { readonly at: number; readonly shown: Shown | undefined; readonly isWrite: boolean }[]
  >()
  readonly #lists = new Map<string, Set<string>>()
  readonly #members = new Map<string, Set<string>>()

  constructor(machine: Machine) {
    for (const received of machine.received) {
      if (received.status === undefined) continue
      const named = nameOf(received.path)
      const isWrite = received.method !== 'GET'
      const shownNow = shownIn(received)
      for (const shown of shownNow) this.#add(shown.id, received.at, shown, isWrite)
      if (named.id === undefined && received.status === 200) this.#list(received, shownNow)
      if (named.id !== undefined && received.status === 404)
        this.#add(named.id, received.at, undefined, isWrite)
    }
  }

  // What a whole list does not show was found gone.
  #list({ path, query, text, at }: Received, items: readonly Shown[]): void {
    const offset = Number(new URLSearchParams(query).get('offset') ?? 0)
    const open = (offset === 0 ? undefined : this.#lists.get(path)) ?? new Set()
    for (const { id } of items) open.add(id)
    this.#lists.set(path, open)
    const limit = Number(/"limit":(\d+)/.exec(text)?.[1] ?? 0)
    if (items.length >= limit) return
    const known = this.#members.get(path) ?? new Set()
    for (const id of known) if (!open.has(id)) this.#add(id, at, undefined, false)
    this.#members.set(path, new Set([...known, ...open]))
  }

  #add(id: string, at: number, shown: Shown | undefined, isWrite: boolean): void {
    const known = this.#byId.get(id)
    if (known === undefined) this.#byId.set(id, [{ at, shown, isWrite }])
    else known.push({ at, shown, isWrite })
  }

  /** The latest look at or before a moment; `shown` is undefined where it was found gone. */
  last(id: string, at: number) {
    return this.#byId.get(id)?.findLast((look) => look.at <= at)
  }

  first(id: string) {
    return this.#byId.get(id)?.[0]
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
