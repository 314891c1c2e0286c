import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type WalkNode, walk } from '../../src/apply/walk.ts'
import { InternalError } from '../../src/model/errors.ts'
import { Reached, runs } from '../support/random-runs.ts'

const node = (key: string, ...needs: string[]): WalkNode => ({ key, needs })

async function order(nodes: readonly WalkNode[], fails: readonly string[] = []): Promise<string[]> {
  const reported: string[] = []
  await walk<WalkNode, boolean>(nodes, {
    visit: ({ key }) => {
      reported.push(key)
      return !fails.includes(key)
    },
    skip: ({ key }) => {
      reported.push(`-${key}`)
      return false
    },
    succeeded: (done) => done,
  })
  return reported
}

describe('walk', () => {
  test('visits needs before what needs them, else in the order given', async () => {
    expect(await order([node('c', 'a'), node('a'), node('b')])).toEqual(['a', 'b', 'c'])
  })

  test('starts a node when its own needs are done, without waiting for others', async () => {
    const reported: string[] = []
    let endSlow: () => void = () => undefined
    const slow = new Promise<void>((resolve) => {
      endSlow = resolve
    })
    await walk<WalkNode, boolean>([node('slow'), node('fast'), node('after-fast', 'fast')], {
      visit: async ({ key }) => {
        reported.push(key)
        if (key === 'slow') await slow
        if (key === 'after-fast') endSlow()
        return true
      },
      skip: () => false,
      succeeded: (done) => done,
    })
    expect(reported).toEqual(['slow', 'fast', 'after-fast'])
  })

  test('skips everything behind a failure and nothing else', async () => {
    const reported = await order([node('a'), node('b', 'a'), node('c', 'b'), node('d')], ['a'])
    expect(reported.sort()).toEqual(['-b', '-c', 'a', 'd'])
  })

  test('counts needs that are not nodes as done', async () => {
    expect(await order([node('a', 'elsewhere')])).toEqual(['a'])
  })

  test('refuses a circle, a need of itself and a key twice, before any visit', async () => {
    for (const nodes of [
      [node('x'), node('a', 'b'), node('b', 'a')],
      [node('x'), node('a', 'a')],
      [node('x'), node('x')],
    ]) {
      let visits = 0
      const walking = walk<WalkNode, boolean>(nodes, {
        visit: () => ++visits > 0,
        skip: () => false,
        succeeded: (done) => done,
      })
      await expect(walking).rejects.toThrow(InternalError)
      expect(visits).toBe(0)
    }
  })

  test('a fault of ours ends the walk, after what is running has ended', async () => {
    const reported: string[] = []
    const walking = walk<WalkNode, boolean>([node('slow'), node('broken'), node('later', 'slow')], {
      visit: async ({ key }) => {
        if (key === 'broken') throw new InternalError('broken')
        await new Promise((resolve) => setImmediate(resolve))
        reported.push(key)
        return true
      },
      skip: () => false,
      succeeded: (done) => done,
    })
    await expect(walking).rejects.toThrow('broken')
    expect(reported).toEqual(['slow'])
  })

  test('walks a chain of 100,000 nodes', async () => {
    const nodes = Array.from({ length: 100_000 }, (_, index) =>
      index === 0 ? node('0') : node(String(index), String(index - 1)),
    )
    expect(await order(nodes)).toHaveLength(100_000)
  })

  test('law: every node ends once, after its needs; it is skipped iff a need did not succeed', async () => {
    const skipped = new Reached()
    await fc.assert(
      fc.asyncProperty(graphs, async (nodes) => {
        const ended = new Map<string, 'visited' | 'failed' | 'skipped'>()
        const results = await walk<Node, string>(nodes, {
          visit: async ({ key, needs, fails, ticks }) => {
            for (const need of needs) expect(ended.get(need)).toBe('visited')
            for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve()
            expect(ended.has(key)).toBe(false)
            ended.set(key, fails ? 'failed' : 'visited')
            return fails ? 'failed' : 'visited'
          },
          skip: ({ key, needs }) => {
            expect(needs.some((need) => ended.get(need) !== 'visited')).toBe(true)
            for (const need of needs) expect(ended.has(need)).toBe(true)
            expect(ended.has(key)).toBe(false)
            ended.set(key, 'skipped')
            return 'skipped'
          },
          succeeded: (result) => result === 'visited',
        })
        expect(results).toEqual(nodes.map(({ key }) => ended.get(key)))
        expect(ended.size).toBe(nodes.length)
        skipped.count([...ended.values()].includes('skipped'))
      }),
      { numRuns: runs(100) },
    )
    skipped.expectShare(0.1)
  })
})

interface Node extends WalkNode {
  readonly fails: boolean
  readonly ticks: number
}

const graphs: fc.Arbitrary<Node[]> = fc
  .array(
    fc.record({
      needs: fc.array(fc.nat(20), { maxLength: 4 }),
      fails: fc.integer({ min: 0, max: 5 }).map((roll) => roll === 0),
      ticks: fc.nat(5),
    }),
    { maxLength: 20 },
  )
  .map((rows) =>
    rows.map(({ needs, fails, ticks }, index) => ({
      key: String(index),
      needs: index === 0 ? [] : [...new Set(needs.map((need) => String(need % index)))],
      fails,
      ticks,
    })),
  )
