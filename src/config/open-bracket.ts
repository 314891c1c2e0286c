/**
 * The offset of the `[` or `{` that is still open in `text`, the innermost of its sort; undefined when there is none.
 * Brackets count where YAML starts a value, so that those inside of plain text do not.
 */
export function openBracket(text: string, opening: '[' | '{'): number | undefined {
  const open: number[] = []
  // True where a value or a key may start.
  let isStart = true
  for (let index = 0; index < text.length; index += 1) {
    const char = text[index] ?? ''
    if (char === '#' && /\s/.test(text[index - 1] ?? ' ')) {
      index = endOfLine(text, index)
      isStart = true
    } else if (isStart && (char === '"' || char === "'")) {
      index = closingQuote(text, index, char)
      isStart = false
    } else if (isStart && (char === '[' || char === '{')) open.push(index)
    else if (open.length > 0 && (char === ']' || char === '}')) {
      if (isPair(text[open.at(-1) ?? 0], char)) open.pop()
      isStart = false
    } else if (!/[ \t]/.test(char)) isStart = startsValue(text, index, open.length > 0)
  }
  return open.findLast((index) => text[index] === opening)
}

function startsValue(text: string, index: number, isInBrackets: boolean): boolean {
  const char = text[index] ?? ''
  if (char === '\n' || char === '\r') return true
  if (isInBrackets && char === ',') return true
  return /[:?-]/.test(char) && /\s/.test(text[index + 1] ?? ' ')
}

function isPair(opening: string | undefined, closing: string): boolean {
  return (opening === '[') === (closing === ']')
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from)
  return newline === -1 ? text.length : newline
}

function closingQuote(text: string, from: number, quote: string): number {
  for (let index = from + 1; index < text.length; index += 1) {
    if (quote === '"' && text[index] === '\\') index += 1
    else if (text[index] === quote) {
      if (quote !== "'" || text[index + 1] !== "'") return index
      index += 1
    }
  }
  return text.length
}
