import { escapedDocument, safeText } from '../../model/safe-text.ts'
import type { Sink } from '../io.ts'

/** Text on a terminal that is redrawn in place. */
export interface LiveBlock {
  readonly draw: (text: string) => void
  readonly clear: () => void
  /** Leaves what is drawn where it is. */
  readonly done: () => void
}

/** A block at the end of a terminal's output. */
export async function liveBlock(sink: Sink): Promise<LiveBlock> {
  const { createLogUpdate } = await import('log-update')
  const stream = {
    isTTY: true,
    get columns() {
      return sink.columns()
    },
    get rows() {
      return sink.rows?.()
    },
    write: (text: string) => {
      // The library moves the cursor; what it draws was escaped before.
      sink.write(escapedDocument(text))
      return true
    },
  }
  // The cursor is left alone: the library would hide that of the process, and a kill would leave it hidden.
  const update = createLogUpdate(stream as unknown as NodeJS.WritableStream, { showCursor: true })
  return { draw: (text) => update(safeText(text, { color: true })), clear: update.clear, done: update.done }
}
