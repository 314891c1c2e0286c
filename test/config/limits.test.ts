import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { readStream } from '../../src/config/read-limited.ts'

const PART = Buffer.alloc(64 * 1024)

/** A stream without an end, and how many bytes of it were asked for. */
function endless(): { readonly stream: Readable; readonly given: () => number } {
  let bytes = 0
  const stream = new Readable({
    read() {
      bytes += PART.length
      this.push(PART)
    },
  })
  return { stream, given: () => bytes }
}

test('reading ends at the limit, however much the writer has', async () => {
  const { stream, given } = endless()
  const read = await readStream(stream, { maxBytes: 1024 * 1024 })
  expect(read.length).toBeGreaterThan(1024 * 1024)
  expect(given()).toBeLessThan(2 * 1024 * 1024)
  expect(stream.destroyed).toBe(true)
})

test('reading ends with the reason of the signal while the writer says nothing', async () => {
  const ending = new AbortController()
  const silent = new Readable({ read: () => undefined })
  const reading = readStream(silent, { maxBytes: 10, signal: ending.signal })
  ending.abort(new Error('time is up'))
  await expect(reading).rejects.toThrow('time is up')
  expect(silent.destroyed).toBe(true)
})
