import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FetchPage, PAGE_SIZE, readPages } from '../../src/api/pages.ts'
import { Reached, runs } from '../support/random-runs.ts'
import { page, wire } from './a-remote.ts'

const complain = (what: string): never => {
  throw new Error(what)
}

interface ServerOptions {
  /** The most resources on one page; the server says so unless `silent`. */
  readonly cap?: number
  readonly silent?: boolean
  /** When there is a link to the next page. */
  readonly next?: 'more' | 'always' | 'never'
  /** Called before the request of that number, counted from 1, is answered. */
  readonly before?: (request: number, ids: string[]) => void
}

/** A server that holds `total` resources. */
function server(total: number, options: ServerOptions = {}) {
  const { cap = PAGE_SIZE, silent = false, next = 'more', before } = options
  const ids = Array.from({ length: total }, (_, index) => `id-${index}`)
  const asked: number[] = []
  const fetchPage: FetchPage = async (offset, limit) => {
    asked.push(offset)
    before?.(asked.length, ids)
    const size = Math.min(limit, cap)
    const hasNext = next === 'always' || (next === 'more' && offset + size < ids.length)
    const body = page(
      ids.slice(offset, offset + size).map((id) => wire(id)),
      {
        limit: silent ? limit : size,
        offset,
        _links: hasNext ? { next: 'http://192.0.2.1/?offset=0' } : {},
      },
    )
    return { body, complain }
  }
  return { fetchPage, asked, ids }
}

async function read(fetchPage: FetchPage): Promise<string[]> {
  const ids: string[] = []
  for await (const resources of readPages(fetchPage)) ids.push(...resources.map(({ id }) => id))
  return ids
}

describe('a list', () => {
  test('has what the last look at its end shows', async () => {
    const before = (request: number, ids: string[]): void => {
      if (request === 4) ids.push('new')
    }
    const { fetchPage, asked } = server(1, { next: 'always', before })
    expect(await read(fetchPage)).toEqual(['id-0', 'new'])
    expect(asked).toEqual([0, 0, 1, 0, 1, 2, 1])
  })

  test.each([
    [0, [0]],
    [1, [0]],
    [999, [0]],
    [1000, [0, 999]],
    [1001, [0, 999]],
    [1998, [0, 999]],
    [1999, [0, 999, 1998]],
    [5000, [0, 999, 1998, 2997, 3996, 4995]],
  ])('of %i takes one request for each 999, and each page overlaps the one before', async (n, offsets) => {
    for (const next of ['more', 'never'] as const) {
      const { fetchPage, asked, ids } = server(n, { next })
      expect(await read(fetchPage)).toEqual(ids)
      expect(asked).toEqual(offsets)
    }
  })

  test('takes one request more where each page has a link to a next one', async () => {
    const { fetchPage, asked, ids } = server(20, { next: 'always' })
    expect(await read(fetchPage)).toEqual(ids)
    expect(asked).toEqual([0, 19])
    const empty = server(0, { next: 'always' })
    expect(await read(empty.fetchPage)).toEqual([])
    expect(empty.asked).toEqual([0])
  })

  test('of any length is read to its end, whatever the pages of the server', async () => {
    const pages = fc.record({
      n: fc.integer({ min: 0, max: 300 }),
      cap: fc.oneof(fc.constant(1), fc.integer({ min: 2, max: 50 })),
      silent: fc.boolean(),
      next: fc.constantFrom('more' as const, 'always' as const),
    })
    await fc.assert(
      fc.asyncProperty(pages, async ({ n, ...options }) => {
        const { fetchPage, ids } = server(n, options)
        expect(await read(fetchPage)).toEqual(ids)
      }),
      { numRuns: runs(100) },
    )
  })

  test('whose pages are shorter than their limit is read to its end by the links', async () => {
    const { fetchPage, asked, ids } = server(10, { cap: 4, silent: true })
    expect(await read(fetchPage)).toEqual(ids)
    expect(asked).toEqual([0, 3, 6])
  })

  test('asks for the next page before the caller is done with this one', async () => {
    const { fetchPage, asked } = server(1500)
    const pages = readPages(fetchPage)
    await pages.next()
    expect(asked).toEqual([0, 999])
    await pages.return(undefined)
  })

  test('drops what comes twice, whatever the case of the id', async () => {
    const first = Array.from({ length: 1000 }, (_, index) => wire(`id-${index}`))
    const bodies = [page(first), page([wire('ID-999'), wire('id-1000')])]
    const ids = await read(async (offset) => ({ body: bodies[offset === 0 ? 0 : 1], complain }))
    expect(ids).toHaveLength(1001)
    expect(new Set(ids).size).toBe(1001)
  })

  test.each([
    { limit: 0 },
    { limit: -5 },
    { limit: 1.5 },
    { limit: '10' },
    { limit: 5000 },
    { limit: null },
  ])('does not believe %o', async (more) => {
    const items = Array.from({ length: 10 }, (_, index) => wire(`id-${index}`))
    let requests = 0
    const ids = await read(async () => {
      requests += 1
      return { body: page(items, more), complain }
    })
    expect([ids.length, requests]).toEqual([10, 1])
  })

  test('takes more than it asked for', async () => {
    const bodies = new Map([
      [0, page(Array.from({ length: 1500 }, (_, index) => wire(`id-${index}`)))],
      [1499, page([wire('id-1499')])],
    ])
    const ids = await read(async (offset) => ({ body: bodies.get(offset), complain }))
    expect(ids).toHaveLength(1500)
  })

  test('is caught when the server ignores the offset', async () => {
    const same = page(Array.from({ length: 1000 }, (_, index) => wire(`id-${index}`)))
    let requests = 0
    const work = read(async () => {
      requests += 1
      return { body: same, complain }
    })
    await expect(work).rejects.toThrow('the list has no end')
    expect(requests).toBe(2)
  })

  test('is caught when it never ends', async () => {
    const work = async (): Promise<void> => {
      const endless: FetchPage = async (offset) => {
        const items = Array.from({ length: 1000 }, (_, index) => wire(`id-${offset + index}`))
        return { body: page(items), complain }
      }
      let seen = 0
      for await (const resources of readPages(endless, 20_000)) seen += resources.length
      expect(seen).toBe(0)
    }
    await expect(work()).rejects.toThrow('more than 20980 resources; the list has no end')
  })

  test('that fails on its second page has given the first', async () => {
    const { fetchPage } = server(1500)
    const seen: number[] = []
    const work = async (): Promise<void> => {
      const failing: FetchPage = (offset, limit) =>
        offset === 0 ? fetchPage(offset, limit) : Promise.reject(new Error('reset'))
      for await (const resources of readPages(failing)) seen.push(resources.length)
    }
    await expect(work()).rejects.toThrow('reset')
    expect(seen).toEqual([1000])
  })
})

describe('a list that changes while it is read', () => {
  const without =
    (...gone: readonly string[]) =>
    (ids: string[]): void => {
      for (const id of gone) ids.splice(ids.indexOf(id), 1)
    }

  test('is read again, so that what moved to an earlier page is not lost', async () => {
    const gone = without('id-3')
    const { fetchPage, asked } = server(25, { cap: 10, before: (request, ids) => request === 2 && gone(ids) })
    const ids = await read(fetchPage)
    expect(new Set(ids).size).toBe(ids.length)
    // It was there when the first page was read.
    expect(ids.toSorted()).toEqual(Array.from({ length: 25 }, (_, index) => `id-${index}`).toSorted())
    expect(asked).toEqual([0, 9, 0, 9, 18])
  })

  test('is read again also when the resource at the seam is the one that goes', async () => {
    const gone = without('id-9')
    const { fetchPage, asked } = server(12, { cap: 10, before: (request, ids) => request === 2 && gone(ids) })
    expect(await read(fetchPage)).toHaveLength(12)
    expect(asked).toEqual([0, 9, 0, 9])
  })

  test.each([
    1, 2, 3, 7,
  ])('loses nothing that stays, wherever and whenever others go, in pages of %i', async (cap) => {
    const shifted = new Reached()
    const worlds = fc.record({
      n: fc.integer({ min: 8, max: 30 }),
      steps: fc.array(fc.tuple(fc.integer({ min: 2, max: 6 }), fc.nat(12)), { minLength: 1, maxLength: 3 }),
      silent: fc.boolean(),
    })
    await fc.assert(
      fc.asyncProperty(worlds, async ({ n, steps, silent }) => {
        const gone = new Set<string>()
        const { fetchPage, ids } = server(n, {
          cap,
          silent,
          before: (request, present) => {
            for (const [at, index] of steps) {
              const id = `id-${index}`
              if (at !== request || !present.includes(id)) continue
              present.splice(present.indexOf(id), 1)
              gone.add(id)
            }
          },
        })
        const found = await read(fetchPage)
        shifted.count(gone.size > 0)
        expect(found).toEqual(expect.arrayContaining(ids))
        expect(new Set(found).size).toBe(found.length)
      }),
      { numRuns: runs(300) },
    )
    shifted.expectShare(0.4)
  })

  test('each time again is an error after four reads', async () => {
    const { fetchPage, asked } = server(200, { cap: 10, before: (_, ids) => ids.shift() })
    await expect(read(fetchPage)).rejects.toThrow('changes while it is read')
    expect(asked).toEqual([0, 9, 0, 9, 0, 9, 0, 9])
  })
})
