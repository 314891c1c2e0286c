import { isMap, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml'
import { keyText } from '../../config/place.ts'
import { isPlainObject, type Plain } from '../../model/json.ts'
import type { Edit } from '../edits.ts'
import { lineStart, nodeEnd, pairEnd } from '../reorder.ts'
import { depthOf, inlineText, writeMembers } from '../yaml-writer.ts'
import { findPair } from './place.ts'

/** Items at the end of a list that has some, in the style of the last one. */
export function addedItems(text: string, list: YAMLSeq, entries: readonly Plain[]): Edit {
  if (list.flow === true) return intoFlow(text, list, inlineItems(entries))
  const last = list.items.at(-1) as Node
  const column = columnOf(text, dashOf(text, last))
  const isFlow = isMap(last) && last.flow === true
  return insertLines(text, nodeEnd(last), blockItems(entries, column, isFlow))
}

/** A list, where there is none or an empty one; undefined where something else is in its place. */
export function newList(
  text: string,
  map: YAMLMap,
  list: string,
  entries: readonly Plain[],
): readonly Edit[] | undefined {
  const pair = findPair(map, list)
  const value = pair?.value
  if (map.flow === true) {
    if (isSeq(value)) return [intoFlow(text, value, inlineItems(entries))]
    return pair === undefined ? [intoFlow(text, map, `${list}: [${inlineItems(entries)}]`)] : undefined
  }
  const column = columnOf(text, (map.items[0]?.key as Node | undefined)?.range?.[0] ?? 0)
  // Lists of mappings are too long for one line.
  const isFlow = entries.every((entry) => depthOf(entry) < 3)
  const items = blockItems(entries, column + 2, isFlow)
  if (pair === undefined) {
    return [insertLines(text, pairEnd(map.items.at(-1) as Pair), `${' '.repeat(column)}${list}:\n${items}`)]
  }
  // `peers: []` or `peers:` alone.
  const key = (pair.key as Node).range
  if (key === null || key === undefined) return undefined
  const end = isSeq(value) ? pairEnd(pair) : text.indexOf(':', key[1]) + 1
  return [{ start: text.indexOf(':', key[1]) + 1, end, text: '' }, insertLines(text, end, items)]
}

/**
 * A field of its own: in its place in an order of keys, else behind the name where there is one, else at the end.
 */
export function newField(text: string, map: YAMLMap, field: string, order: readonly string[] = []): Edit {
  const after = (precedingPair(map, field, order) ?? findPair(map, 'name') ?? map.items.at(-1)) as Pair
  const end = pairEnd(after)
  if (map.flow === true) return { start: end, end, text: `, ${field}` }
  const column = columnOf(text, (after.key as Node).range?.[0] ?? 0)
  return insertLines(text, end, `${' '.repeat(column)}${field}\n`)
}

function precedingPair(map: YAMLMap, field: string, order: readonly string[]): Pair | undefined {
  const rank = order.indexOf(field.slice(0, field.indexOf(':')))
  return (map.items as readonly Pair[]).findLast((pair) => {
    const own = order.indexOf(keyText(pair.key) ?? '')
    return own >= 0 && own < rank
  })
}

// In front of the closing bracket.
function intoFlow(text: string, collection: YAMLMap | YAMLSeq, part: string): Edit {
  const close = (collection.range?.[1] ?? 1) - 1
  const before = text.slice(0, close).trimEnd()
  const isEmpty = collection.items.length === 0
  const comma = isEmpty ? '' : before.endsWith(',') ? ' ' : ', '
  return { start: before.length, end: before.length, text: `${comma}${part}` }
}

function inlineItems(entries: readonly Plain[]): string {
  return entries.map((entry) => inlineText(entry)).join(', ')
}

function blockItems(entries: readonly Plain[], column: number, isFlow: boolean): string {
  return entries.map((entry) => blockItem(entry, column, isFlow)).join('')
}

function blockItem(entry: Plain, column: number, isFlow: boolean): string {
  const indent = ' '.repeat(column)
  if (isFlow || !isPlainObject(entry)) return `${indent}- ${inlineText(entry)}\n`
  const members = Object.entries(entry).flatMap(([key, value]) =>
    value === undefined ? [] : [{ key, value }],
  )
  return `${indent}- ${writeMembers(members, column + 2).slice(column + 2)}`
}

// On lines of their own, below the line that has the offset, in the file's own line ends.
function insertLines(text: string, offset: number, lines: string): Edit {
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const own = lines.replaceAll('\n', newline)
  const at = text[offset - 1] === '\n' ? offset - 1 : offset
  const stop = text.indexOf('\n', at)
  if (stop === -1) return { start: text.length, end: text.length, text: `${newline}${own.trimEnd()}` }
  return { start: stop + 1, end: stop + 1, text: own }
}

function dashOf(text: string, node: Node): number {
  return text.lastIndexOf('-', (node.range?.[0] ?? 1) - 1)
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset)
}
