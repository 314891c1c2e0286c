import { stringify } from 'yaml'
import { safeLine } from '../../report/writing/safe-text.ts'

/** A document as YAML that a terminal can show: what others wrote must not reach it as it is. */
export function yamlText(document: unknown): string {
  return stringify(document, (_, value: unknown) => (typeof value === 'string' ? safeLines(value) : value), {
    lineWidth: 0,
    // Lines of a block would be lines of a log.
    blockQuote: false,
  })
}

function safeLines(text: string): string {
  return text.split('\n').map(safeLine).join('\n')
}
