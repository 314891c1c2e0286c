import { isScalar, visit } from 'yaml'
import { parseNodes } from './document.ts'
import { applyEdits, type Edit } from './edits.ts'

/** Without whitespace at the ends of lines and blank lines at either end of the text; what is in values stays. */
export function tidyLines(text: string): string {
  const values = longScalars(text)
  const edits: Edit[] = []
  const remove = (start: number, end: number): void => {
    const isInValue = values.some((value) => value.start < end && start < value.end)
    if (start < end && !isInValue) edits.push({ start, end, text: '' })
  }
  const top = /^(?:[ \t]*\n)+/.exec(text)?.[0].length ?? 0
  const bottom = text.length - (/\n((?:[ \t]*\n)+)$/.exec(text)?.[1]?.length ?? 0)
  remove(0, top)
  // Not with the flag m: to it, U+2028 in the middle of a value ends a line.
  for (const run of text.matchAll(/[ \t]+(?=\n|$)/g)) {
    if (run.index >= top && run.index < bottom) remove(run.index, run.index + run[0].length)
  }
  remove(bottom, text.length)
  return applyEdits(text, edits)
}

// Scalars over several lines, in the order of the text.
function longScalars(text: string): readonly { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = []
  for (const { contents } of parseNodes(text)) {
    visit(contents, (_key, node) => {
      if (!isScalar(node) || node.range == null) return
      const [start, end] = node.range
      if (text.slice(start, end).includes('\n')) found.push({ start, end })
    })
  }
  return found
}
