import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FetchPage, PAGE_SIZE, readPages } from '../../src/api/pages.ts'
import { page, wire } from './a-remote.ts'

const complain = (what: string): never => {
  throw new Error(what)
}

/** A server of `total` resources that gives at most `cap` at once, and says so. */
function server(total: number, cap = PAGE_SIZE): { fetchPage: FetchPage; asked: number[] } {
  const asked: number[] = []
  return {
    asked,
    fetchPage: async (offset, limit) => {
      asked.push(offset)
      const size = Math.min(limit, cap)
      const count = Math.max(0, Math.min(size, total - offset))
      const items = Array.from({ length: count }, (_, index) => wire(`id-${offset + index}`))
      return {
        body: page(items, { limit: size, offset, _links: { next: 'http://192.0.2.1/?offset=0' } }),
        complain,
      }
    },
  }
}

async function read(fetchPage: FetchPage): Promise<string[]> {
  const ids: string[] = []
  for await (const resources of readPages(fetchPage)) ids.push(...resources.map(({ id }) => id))
  return ids
}

describe('a list', () => {
  test.each([
    0, 1, 999, 1000, 1001, 1999, 2000, 2001, 5000,
  ])('of %i takes floor(n/1000)+1 requests', async (n) => {
    const { fetchPage, asked } = server(n)
    const ids = await read(fetchPage)
    expect(ids).toEqual(Array.from({ length: n }, (_, index) => `id-${index}`))
    expect(asked).toEqual(Array.from({ length: Math.floor(n / 1000) + 1 }, (_, index) => index * 1000))
  })

  test('of any length is read to its end, in floor(n/cap)+1 requests, where the server caps the page', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 1, max: 50 }), async (n, cap) => {
        const { fetchPage, asked } = server(n, cap)
        expect(await read(fetchPage)).toHaveLength(n)
        expect(asked).toHaveLength(Math.floor(n / cap) + 1)
      }),
    )
  })

  test('asks for the next page before the caller is done with this one', async () => {
    const { fetchPage, asked } = server(1500)
    const pages = readPages(fetchPage)
    await pages.next()
    expect(asked).toEqual([0, 1000])
    await pages.return(undefined)
  })

  test('drops what comes twice, whatever the case of the id', async () => {
    const first = Array.from({ length: 1000 }, (_, index) => wire(`id-${index}`))
    const bodies = [page(first), page([wire('ID-999'), wire('id-1000')])]
    const ids = await read(async (offset) => ({ body: bodies[offset / 1000], complain }))
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
      [1500, page(null)],
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
      let next = 0
      const endless: FetchPage = async () => {
        const items = Array.from({ length: 1000 }, () => ({ id: `id-${next++}`, properties: {} }))
        return { body: page(items), complain }
      }
      let seen = 0
      for await (const resources of readPages(endless, 20_000)) seen += resources.length
      expect(seen).toBe(0)
    }
    await expect(work()).rejects.toThrow('more than 20000 resources; the list has no end')
  })

  test('that fails on its second page has told the first', async () => {
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
