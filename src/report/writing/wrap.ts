import { displayWidth } from './display-width.ts'

/**
 * Text in lines that are no wider than `width`, broken at spaces; the lines after the first begin with `indent`. A
 * word that is wider by itself stays whole: a terminal folds it, and it can still be copied.
 */
export function wrapWords(text: string, width: number, indent = ''): readonly string[] {
  if (displayWidth(text) <= width) return [text]
  const start = /^ */.exec(text)?.[0] ?? ''
  const lines: string[] = []
  let line = start
  let isEmpty = true
  for (const word of text.slice(start.length).split(' ')) {
    if (!isEmpty && displayWidth(line) + 1 + displayWidth(word) > width) {
      lines.push(line)
      line = indent
      isEmpty = true
    }
    line += isEmpty ? word : ` ${word}`
    isEmpty = false
  }
  return [...lines, line].map((each) => each.trimEnd())
}
