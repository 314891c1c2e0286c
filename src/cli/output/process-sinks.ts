import { safeText } from '../../model/safe-text.ts'
import type { Io, Sink } from '../io.ts'

/** Both output streams of a process. No trouble with them ends the run: output is not control. */
export function processSinks({
  stdout,
  stderr,
}: Pick<NodeJS.Process, 'stdout' | 'stderr'>): Pick<Io, 'stdout' | 'stderr'> {
  const err = sink(stderr, () => undefined)
  const out = sink(stdout, (reason) =>
    err.write(
      safeText(`error: cannot write to standard output: ${reason}; the run continues without it\n`, {
        color: false,
      }),
    ),
  )
  return { stdout: out, stderr: err }
}

// After its first error a stream gets no more text.
function sink(stream: NodeJS.WriteStream, onLost: (reason: string) => void): Sink {
  let state: 'open' | 'left' | 'lost' = 'open'
  stream.on('error', ({ code = 'unknown error' }: NodeJS.ErrnoException) => {
    if (state !== 'open') return
    state = READER_LEFT.includes(code) ? 'left' : 'lost'
    if (state === 'lost') onLost(WORDS[code] ?? code)
  })
  return {
    isTTY: stream.isTTY === true,
    // A terminal that does not know its size says 0.
    columns: () => stream.columns || undefined,
    rows: () => stream.rows || undefined,
    write: (text) => {
      if (state === 'open') stream.write(text)
    },
    isLost: async () => {
      if (state === 'open') await new Promise((resolve) => stream.write('', resolve))
      // The callback of a write comes just before the event.
      await new Promise((resolve) => setImmediate(resolve))
      return state === 'lost'
    },
  }
}

// `vpnctl plan | head` closes a pipe early, a terminal is closed during a run: a reader's right, and no error.
const READER_LEFT: readonly string[] = ['EPIPE', 'EIO', 'ECONNRESET', 'ERR_STREAM_DESTROYED']

const WORDS: Readonly<Record<string, string>> = {
  ENOSPC: 'no space is left',
  EDQUOT: 'the disk quota is used up',
  EFBIG: 'the file is too large',
}
