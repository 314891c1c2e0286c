import { type Loaded, loadFiles } from '../../engine/load-files.ts'
import type { Context } from '../context.ts'

/** What the next command would report about a text that a command writes; secrets are not followed. */
export function checkWritten(context: Context, file: string, text: string): Promise<Loaded> {
  return loadFiles({
    files: [file],
    drafts: new Map([[file, text]]),
    cwd: context.io.cwd,
    env: context.io.env,
    readStdin: context.io.stdin.read,
    signal: context.ending,
    whileBusy: context.io.whileBusy,
    secrets: 'ignore',
  })
}
