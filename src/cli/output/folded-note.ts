import { wrapWords } from '../../report/writing/wrap.ts'
import type { Context } from '../context.ts'

/** Prints lines of text on stderr, each folded at the width of the terminal; an item of a list below its own text. */
export function printNote({ err, style }: Context, text: string): void {
  const lines = text.split('\n').flatMap((line) => {
    const indent = /^\s*(?:\d+\. )?/.exec(line)?.[0].length ?? 0
    return wrapWords(line, style.err.width, ' '.repeat(indent))
  })
  err(`${lines.join('\n')}\n`)
}
