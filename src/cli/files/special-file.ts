import { close, constants, fstat, open, write } from 'node:fs'
import { Socket } from 'node:net'
import { promisify } from 'node:util'
import { errorCode } from '../../model/errors.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'

const { O_WRONLY, O_CREAT, O_TRUNC, O_APPEND, O_NONBLOCK = 0 } = constants
const NEXT_TRY_MS = 50

/** What a write needs of a run: its clock, and the signal that ends every wait. */
type Surroundings = Pick<Context, 'io' | 'ending'>

/**
 * Writes to what is not a regular file: a pipe, `/dev/stdout`. A pipe that no one reads, or not fast enough, is waited
 * for until the run ends, which is a {@link Failure} then.
 */
export async function writeSpecial(
  run: Surroundings,
  path: string,
  content: string,
  how: 'replace' | 'append' = 'replace',
): Promise<void> {
  const file = await openWhenRead(run, path, O_WRONLY | O_CREAT | (how === 'append' ? O_APPEND : O_TRUNC))
  const entry = await promisify(fstat)(file)
  if (entry.isFIFO() || entry.isSocket()) return await writeStream(run, path, file, content)
  try {
    const bytes = Buffer.from(content)
    for (let done = 0; done < bytes.length; ) {
      done += (await promisify(write)(file, bytes, done)).bytesWritten
    }
  } finally {
    await promisify(close)(file)
  }
}

// A blocking open of a pipe waits for its reader in a thread that nothing can end, not even the end of the process.
async function openWhenRead({ io, ending }: Surroundings, path: string, flags: number): Promise<number> {
  for (;;) {
    try {
      return await promisify(open)(path, flags | O_NONBLOCK, 0o666)
    } catch (error) {
      // A pipe without a reader.
      if (errorCode(error) !== 'ENXIO') throw error
      if (ending.aborted) throw unread(path)
      await io.clock.sleep(NEXT_TRY_MS, ending)
    }
  }
}

function writeStream({ ending }: Surroundings, path: string, file: number, content: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = new Socket({ fd: file, readable: false, writable: true })
    const end = (): void => ending.removeEventListener('abort', abort)
    const abort = (): void => {
      end()
      stream.destroy()
      reject(unread(path))
    }
    stream.on('error', (error) => {
      end()
      reject(error)
    })
    ending.addEventListener('abort', abort)
    if (ending.aborted) return abort()
    stream.end(content, () => {
      end()
      stream.destroy()
      resolve()
    })
  })
}

function unread(path: string): Failure {
  return new Failure(
    'notConverged',
    `${path} is a pipe, and its reader did not take all of it before the run ended`,
  )
}
