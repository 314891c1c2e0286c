import type { ApiMessage } from '../model/errors.ts'
import { isPlainObject, parseJson } from '../model/json.ts'
import type { Redactor } from './redact.ts'

const LONGEST_TEXT = 200
const MOST_MESSAGES = 5

/** The API's own words in an error's body: its `messages`, else the first letters of whatever came. */
export function answerMessages(text: string, cut: Redactor): ApiMessage[] {
  const body = parseJson(text)
  if (isPlainObject(body) && Array.isArray(body.messages)) {
    const messages = body.messages.flatMap((entry: unknown) => apiMessage(entry, cut))
    if (messages.length > 0) return messages.slice(0, MOST_MESSAGES)
  }
  const words = plainWords(text, cut)
  return words === '' ? [] : [{ message: words }]
}

function apiMessage(entry: unknown, cut: Redactor): ApiMessage[] {
  if (!isPlainObject(entry) || typeof entry.message !== 'string') return []
  const message = shortText(cut(entry.message))
  if (message === '') return []
  const code = typeof entry.errorCode === 'string' ? shortText(cut(entry.errorCode)) : ''
  return [{ message, ...(code === '' ? {} : { errorCode: code }) }]
}

/** The messages in one sentence; empty when there are none. */
export function formatMessages(messages: readonly ApiMessage[]): string {
  return messages
    .map(({ errorCode, message }) => (errorCode === undefined ? message : `${message} (${errorCode})`))
    .join('; ')
}

/** A page that is not JSON, as a few words: without markup, scripts and control characters. */
export function plainWords(text: string, cut: Redactor): string {
  // Pages can be megabytes; what matters is at their beginning. Secrets go first, so that none is halved.
  const beginning = cut(text.slice(0, LONGEST_TEXT * 50))
  const bare = beginning
    .replace(/<(script|style)\b[^>]*>[\s\S]*?(<\/\1\s*>|$)/gi, ' ')
    .replace(/<[^>]*(>|$)/g, ' ')
    .replace(/&(#x?[0-9a-f]+|[a-z]+);/gi, decodeEntity)
  return shortText(cut(bare))
}

/** One line of at most 200 characters without control characters. */
export function shortText(text: string): string {
  // Bidirectional marks and line separators can rewrite what a terminal or log shows.
  const line = text
    .replace(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  const letters = [...line]
  return letters.length <= LONGEST_TEXT ? line : `${letters.slice(0, LONGEST_TEXT - 1).join('')}…`
}

const ENTITIES: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
}

function decodeEntity(whole: string, name: string): string {
  if (!name.startsWith('#')) return ENTITIES[name.toLowerCase()] ?? whole
  const hex = name.charAt(1).toLowerCase() === 'x'
  const code = Number.parseInt(name.slice(hex ? 2 : 1), hex ? 16 : 10)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : ' '
}
