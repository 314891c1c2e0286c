import { expect, test } from 'vitest'
import { Lock } from '../../src/apply/lock.ts'

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

test('whoever goes alone has no company, before or behind', async () => {
  const gate = new Lock()
  const inside: string[] = []
  for (const [name, passage] of [
    ['a', 'shared'],
    ['b', 'shared'],
    ['c', 'exclusive'],
    ['d', 'shared'],
  ] as const) {
    void gate.enter(passage).then(() => inside.push(name))
  }
  await nextTurn()
  expect(inside).toEqual(['a', 'b'])
  gate.leave()
  await nextTurn()
  expect(inside).toEqual(['a', 'b'])
  gate.leave()
  await nextTurn()
  expect(inside).toEqual(['a', 'b', 'c'])
  gate.leave()
  await nextTurn()
  expect(inside).toEqual(['a', 'b', 'c', 'd'])
})

test("a refusal next to a sibling's write is distinguished from one without", async () => {
  const gate = new Lock()
  let time = 0
  const now = () => time
  const refuse = () => Promise.reject(new Error('no'))
  expect(await gate.send(now, 100, refuse)).toMatchObject({ type: 'thrown', concurrent: false })
  await gate.send(now, 100, async () => undefined)
  time = 50
  expect(await gate.send(now, 100, refuse)).toMatchObject({ concurrent: true })
  time = 100
  expect(await gate.send(now, 100, refuse)).toMatchObject({ concurrent: false })
  const both = await Promise.all([gate.send(now, 100, refuse), gate.send(now, 100, refuse)])
  expect(both).toMatchObject([{ concurrent: true }, { concurrent: true }])
})
