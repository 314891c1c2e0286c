/** Values by the names that expressions have for them, such as `inputs.files`. */
export type Values = Readonly<Record<string, string>>

const TOKEN = /\s*(\(|\)|\|\||&&|==|!=|!|'(?:[^']|'')*'|[\w.-]+)/y

/** `text` with each `${{ ... }}` replaced by its value; what is not known is empty, as on a runner. */
export function evaluate(text: string, values: Values): string {
  return text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => resultOf(expression, values))
}

/** Whether the condition of a step or a job holds. */
export function holds(condition: string | undefined, values: Values): boolean {
  if (condition === undefined) return true
  return isTrue(resultOf(condition.replace(/^\$\{\{(.*)\}\}$/, '$1'), values))
}

// `||` and `&&` give an operand, as in the runner; numbers, functions and filters are not needed here.
function resultOf(expression: string, values: Values): string {
  const tokens = tokensOf(expression)
  let at = 0
  const take = (token: string): boolean => tokens[at] === token && ++at > 0
  const operand = (): string => {
    if (take('!')) return String(!isTrue(operand()))
    if (take('(')) {
      const inner = either()
      if (!take(')')) throw new Error(`cannot evaluate ${expression}`)
      return inner
    }
    const token = tokens[at++] ?? ''
    if (token.startsWith("'")) return token.slice(1, -1).replaceAll("''", "'")
    return /^(true|false|\d+)$/.test(token) ? token : (values[token] ?? '')
  }
  const comparison = (): string => {
    const left = operand()
    if (take('==')) return String(left === operand())
    return take('!=') ? String(left !== operand()) : left
  }
  const both = (): string => {
    let value = comparison()
    while (take('&&')) {
      const next = comparison()
      value = isTrue(value) ? next : value
    }
    return value
  }
  const either = (): string => {
    let value = both()
    while (take('||')) {
      const next = both()
      value = isTrue(value) ? value : next
    }
    return value
  }
  const value = either()
  if (at !== tokens.length) throw new Error(`cannot evaluate ${expression}`)
  return value
}

function tokensOf(expression: string): string[] {
  const text = expression.trim()
  const tokens: string[] = []
  TOKEN.lastIndex = 0
  while (TOKEN.lastIndex < text.length) {
    const found = TOKEN.exec(text)
    if (found === null) throw new Error(`cannot evaluate ${expression}`)
    tokens.push(found[1] ?? '')
  }
  return tokens
}

function isTrue(value: string): boolean {
  return value !== '' && value !== 'false'
}
