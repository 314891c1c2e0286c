import { wrapWords } from '../../report/writing/wrap.ts'
import type { Context } from '../context.ts'

/** Prints lines of text on stderr, each folded at the width of the terminal. */
export function printNote({ err, style }: Context, text: string): void {
  err(
    `${text
      .split('\n')
      .flatMap((line) => wrapWords(line, style.err.width))
      .join('\n')}\n`,
  )
}
