import { LineCounter } from 'yaml'
import { isPlainObject, parseJson } from '../model/json.ts'
import { type ConfigDocument, evaluate } from './evaluate.ts'
import { MAX_DEPTH, MAX_MEMBERS, MAX_VALUES } from './limits.ts'
import { linesOf } from './lines.ts'
import { parseSource } from './parse.ts'
import type { FindPlace } from './place.ts'
import type { Source } from './source.ts'

// YAML allows 1,024 characters, quotes and spaces counted.
const LONGEST_KEY = 1_000
const TEXT_OR_SPACES = /("(?:[^"\\]|\\.)*")|[ \n]+/g

/**
 * The document of a file that is written as `JSON.stringify` writes it, spaces and line breaks aside, and has no variables;
 * undefined for any other file. JSON is YAML, and `JSON.parse` reads it in a small part of the time. The text is parsed as
 * YAML once a place in it is asked for.
 */
export function jsonDocument(source: Source): ConfigDocument | undefined {
  const value = isLikely(source.text) ? parseJson(source.text) : undefined
  if (!isPlainObject(value) || Object.hasOwn(value, 'vars') || sizeOf(value, 0) > MAX_VALUES) return undefined
  // Equal texts have no key twice, and no number that is written in another form.
  if (JSON.stringify(value) !== source.text.replace(TEXT_OR_SPACES, '$1')) return undefined
  let find: FindPlace | undefined
  return {
    source,
    value,
    place: (path, part) => {
      find ??= placesOf(source)
      return find(path, part)
    },
  }
}

function isLikely(text: string): boolean {
  return text.startsWith('{') && !text.includes('${')
}

/** How many values there are; infinite where a limit of documents is passed. */
function sizeOf(value: unknown, depth: number): number {
  if (depth > MAX_DEPTH) return Number.POSITIVE_INFINITY
  if (typeof value !== 'object' || value === null) return 1
  const keys = Array.isArray(value) ? [] : Object.keys(value)
  if (keys.length > MAX_MEMBERS || keys.some((key) => key.length > LONGEST_KEY))
    return Number.POSITIVE_INFINITY
  return Object.values(value).reduce((size: number, inner) => size + sizeOf(inner, depth + 1), 1)
}

function placesOf(source: Source): FindPlace {
  const none = { values: new Map(), used: new Set<string>() }
  const [document] = parseSource(source).documents.map((parsed) => evaluate(parsed, none).document)
  return document?.place ?? (() => ({ at: linesOf(source, new LineCounter()).range(0, 0) }))
}
