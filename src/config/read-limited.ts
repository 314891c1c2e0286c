import { close, constants, fstat, open, read, type Stats } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { isatty, ReadStream } from 'node:tty'
import { promisify } from 'node:util'

/** How much is read, and what ends the wait for it. */
export interface ReadLimits {
  /** Reading ends soon after this many bytes; a result that is longer is too large. */
  readonly maxBytes: number
  readonly signal?: AbortSignal | undefined
}

/** All of standard input, within limits. */
export type ReadStdin = (limits: ReadLimits) => Promise<Uint8Array>

const CHUNK_BYTES = 64 * 1024

/**
 * Reads a file, or what comes out of a pipe or a terminal: it waits for the writer of a pipe until the signal fires, and
 * rejects with the reason of the signal then.
 */
export async function readLimited(path: string, limits: ReadLimits): Promise<Uint8Array> {
  limits.signal?.throwIfAborted()
  // A blocking open of a pipe waits for its writer in a thread that nothing can end, not even the end of the process.
  const file = await promisify(open)(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
  let isOurs = true
  try {
    const entry = await promisify(fstat)(file)
    const stream = streamOf(file, entry)
    if (stream === undefined) return await readFile(file, limits)
    isOurs = false
    return await readStream(stream, limits)
  } finally {
    if (isOurs) await promisify(close)(file)
  }
}

// What can make a reader wait is read by events.
function streamOf(file: number, entry: Stats): Readable | undefined {
  if (entry.isFIFO() || entry.isSocket()) return new Socket({ fd: file, readable: true, writable: false })
  return entry.isCharacterDevice() && isatty(file) ? new ReadStream(file) : undefined
}

async function readFile(file: number, { maxBytes, signal }: ReadLimits): Promise<Uint8Array> {
  const parts: Uint8Array[] = []
  for (let total = 0; total <= maxBytes; ) {
    const { bytesRead, buffer } = await promisify(read)(
      file,
      Buffer.allocUnsafe(CHUNK_BYTES),
      0,
      CHUNK_BYTES,
      null,
    )
    signal?.throwIfAborted()
    if (bytesRead === 0) break
    parts.push(buffer.subarray(0, bytesRead))
    total += bytesRead
  }
  return Buffer.concat(parts)
}

/** Reads a stream to its end, or to the limit; the stream is closed after it. */
export function readStream(stream: Readable, { maxBytes, signal }: ReadLimits): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const parts: Uint8Array[] = []
    let total = 0
    const end = (): void => {
      signal?.removeEventListener('abort', abort)
      stream.destroy()
    }
    const done = (): void => {
      end()
      resolve(Buffer.concat(parts))
    }
    const abort = (): void => {
      end()
      reject(signal?.reason)
    }
    stream.on('data', (part: Uint8Array) => {
      parts.push(part)
      total += part.length
      if (total > maxBytes) done()
    })
    stream.on('end', done)
    stream.on('error', (error) => {
      end()
      reject(error)
    })
    // Closed before its end.
    stream.on('close', done)
    if (signal?.aborted === true) abort()
    else signal?.addEventListener('abort', abort)
  })
}
