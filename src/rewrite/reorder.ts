import { isAlias, isCollection, isMap, isPair, isScalar, type Node, type Pair, type YAMLMap } from 'yaml'
import type { Edit } from './edits.ts'

/**
 * The edits that bring the fields of a block mapping into an order. Each includes the comments and blank lines
 * above it and the deeper comments below it. Undefined for mappings that are written in an unusual way: explicit
 * keys, keys with anchors, keys over several lines.
 */
export function reorderEdits(
  map: YAMLMap,
  order: readonly number[],
  text: string,
  isValue: boolean,
): readonly Edit[] | undefined {
  const keys = map.items.map((pair) => plainKeyStart(pair, text))
  if (keys.some((key) => key === undefined)) return undefined
  const starts = keys.filter((key) => key !== undefined)
  const first = starts[0]
  if (first === undefined) return undefined
  const firstLine = lineStart(text, first)
  const prefix = text.slice(firstLine, first)
  const isInline = prefix.includes('-')
  if (!/^ *(- +)*$/.test(prefix)) return undefined
  const column = prefix.length
  const regions = memberRegions(map, starts, column, text, isInline || !isValue)
  const region = { start: isInline ? first : (regions[0]?.start ?? first), end: regions.at(-1)?.end ?? first }
  const indent = ' '.repeat(column)
  const keeps = map.items.map((pair) => keepsBlankLines(pair, text))
  if (keeps[order.at(-1) ?? 0] === true && /^[ \t]*\n/.test(text.slice(region.end))) return undefined
  const [lead, ...bodies] = order.map((from, place) => {
    const { start, key, end } = regions[from] ?? { start: first, key: first, end: first }
    const comments = from === 0 && isInline ? '' : text.slice(start, lineStart(text, key))
    const body = text.slice(key, end)
    const isAfterEmptyLine = place === 0 || keeps[order[place - 1] ?? 0] === true
    const own = isAfterEmptyLine ? comments.replace(/^(?:[ \t]*\n)+/, '') : comments
    return place === 0 && isInline
      ? { comments: own, body }
      : { comments: '', body: `${own}${indent}${body}` }
  })
  const edits: Edit[] = [{ ...region, text: [lead, ...bodies].map((member) => member?.body ?? '').join('') }]
  if (lead !== undefined && lead.comments !== '') {
    edits.push({ start: firstLine, end: firstLine, text: atColumn(lead.comments, prefix.search(/\S/)) })
  }
  return edits
}

interface Region {
  /** Where its comments start: the start of a line. */
  readonly start: number
  readonly key: number
  /** The start of the line behind it. */
  readonly end: number
}

function memberRegions(
  map: YAMLMap,
  keys: readonly number[],
  column: number,
  text: string,
  firstKeepsLead: boolean,
): readonly Region[] {
  const contentEnds = map.items.map((pair) => endOfLine(text, pairEnd(pair)))
  const starts = keys.map((key, index) => {
    const line = lineStart(text, key)
    if (index === 0) return firstKeepsLead ? line : leadStart(text, line, 0, column)
    return leadStart(text, line, contentEnds[index - 1] ?? 0, column)
  })
  return keys.map((key, index) => ({
    start: starts[index] ?? key,
    key,
    end: starts[index + 1] ?? tailEnd(text, contentEnds[index] ?? key, column),
  }))
}

// Upwards from a key: blank lines, and comments that are not deeper than the key, but nothing of what is in front.
function leadStart(text: string, line: number, bound: number, column: number): number {
  let start = line
  while (start > bound) {
    const above = lineStart(text, start - 1)
    const found = /^( *)(#|$)/.exec(text.slice(above, start - 1))
    if (above < bound || found === null || (found[2] === '#' && (found[1] ?? '').length > column)) break
    start = above
  }
  return start
}

// Downwards from the last field: comments that are deeper than its key.
function tailEnd(text: string, end: number, column: number): number {
  let stop = end
  for (;;) {
    const next = endOfLine(text, stop + 1)
    const found = /^( *)#/.exec(text.slice(stop, next))
    if (stop >= text.length || found === null || (found[1] ?? '').length <= column) return stop
    stop = next
  }
}

function plainKeyStart(pair: Pair, text: string): number | undefined {
  const { key, srcToken } = pair as Pair & { srcToken?: { start?: readonly { type: string }[] } }
  if (!isScalar(key) || key.anchor !== undefined || key.tag !== undefined || key.range == null)
    return undefined
  if (srcToken?.start?.some(({ type }) => type === 'explicit-key-ind')) return undefined
  const [start, end] = key.range
  return start === end || text.slice(start, end).includes('\n') ? undefined : start
}

// `|+` takes all blank lines below it as its own: none may be put there, or taken away.
function keepsBlankLines(pair: Pair, text: string): boolean {
  let node: unknown = pair.value
  while (isCollection(node) && node.flow !== true) {
    const last: unknown = node.items.at(-1)
    node = isPair(last) ? last.value : last
  }
  return (
    isScalar(node) && node.range != null && /^[|>]\d?\+/.test(text.slice(node.range[0], node.range[0] + 3))
  )
}

/** The offset behind the last character of a pair that means something. */
export function pairEnd(pair: Pair): number {
  const { value, key, srcToken } = pair as Pair<Node | null, Node | null> & { srcToken?: Separated }
  const separator = srcToken?.sep?.findLast(({ type }) => !BETWEEN.has(type))
  const separatorEnd =
    separator === undefined ? (key?.range?.[1] ?? 0) : separator.offset + separator.source.length
  return Math.max(separatorEnd, value === null || isEmptyScalar(value) ? 0 : nodeEnd(value))
}

interface Separated {
  readonly sep?: readonly { readonly type: string; readonly offset: number; readonly source: string }[]
}

const BETWEEN: ReadonlySet<string> = new Set(['space', 'newline', 'comment'])

function isEmptyScalar(node: Node): boolean {
  return isScalar(node) && node.range != null && node.range[0] === node.range[1]
}

/** The offset behind the last character of a node that means something. */
export function nodeEnd(node: Node): number {
  if (isScalar(node) || isAlias(node) || (isCollection(node) && node.flow === true))
    return node.range?.[1] ?? 0
  const last = isCollection(node) ? node.items.at(-1) : undefined
  if (isMap(node)) return last === undefined ? (node.range?.[1] ?? 0) : pairEnd(last as Pair)
  const item = last as Node | null | undefined
  if (item === null || item === undefined) return node.range?.[0] ?? 0
  return isEmptyScalar(item) ? (item.range?.[0] ?? 0) : nodeEnd(item)
}

/** The offset of the start of the line. */
export function lineStart(text: string, offset: number): number {
  return offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1
}

/** The end of the line that has the last character before `offset`; the newline counts with it. */
export function endOfLine(text: string, offset: number): number {
  const newline = text.indexOf('\n', Math.max(0, offset - 1))
  return newline === -1 ? text.length : newline + 1
}

function atColumn(lines: string, column: number): string {
  return lines.replace(/(?<=^|\n) *(?=#)/g, ' '.repeat(column))
}
