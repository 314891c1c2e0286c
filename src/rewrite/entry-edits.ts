import { isMap, isSeq, type Node, type Pair, visit, type YAMLMap, type YAMLSeq } from 'yaml'
import { isMergeKey, keyText } from '../config/place.ts'
import type { Plain, PlainObject } from '../model/json.ts'
import { findAliasUses } from './alias-uses.ts'
import { parseNodes } from './document.ts'
import { applyEdits, type Edit } from './edits.ts'
import { type EntryEdit, isAsExpected } from './expected-values.ts'
import { documentRules } from './layout-rules.ts'

export type { EntryEdit } from './expected-values.ts'

import { endOfLine, lineStart, nodeEnd, pairEnd } from './reorder.ts'
import { inlineText, writeMembers } from './yaml-writer.ts'

/** The text after an edit, or why it was not made. */
export type EntryEdited =
  | { readonly type: 'edited'; readonly text: string }
  /** The text of the resource is used in several places, by an alias or a merge key. */
  | { readonly type: 'shared' }
  /** No edit is known that changes this entry and nothing else. */
  | { readonly type: 'unusual' }

/** Makes one edit; all other text stays as it is, which is checked by reading the result. */
export function editEntry(text: string, edit: EntryEdit): EntryEdited {
  const place = findPlace(text, edit.at.start.offset)
  if (place === undefined) return { type: 'unusual' }
  if (place.isShared) return { type: 'shared' }
  const edits = editsFor(text, place, edit)
  if (edits === undefined) return { type: 'unusual' }
  const result = applyEdits(text, edits)
  return isAsExpected(text, result, place.path, edit) ? { type: 'edited', text: result } : { type: 'unusual' }
}

interface Place {
  readonly map: YAMLMap
  readonly list: YAMLSeq
  readonly index: number
  /** The key of the list, and the mapping that has it. */
  readonly pair: Pair
  readonly owner: YAMLMap
  /** Number of the document, then keys and indices. */
  readonly path: readonly (string | number)[]
  readonly isShared: boolean
}

function findPlace(text: string, offset: number): Place | undefined {
  let found: Place | undefined
  for (const [number, { contents }] of parseNodes(text).entries()) {
    const { shared } = findAliasUses(contents, documentRules())
    visit(contents, (_key, node, path) => {
      if (!isMap(node) || nameOffset(node) !== offset) return undefined
      const [list, pair, owner] = [path.at(-1), path.at(-2), path.at(-3)]
      if (!isSeq(list) || !isMap(owner)) return undefined
      found = {
        map: node,
        list,
        index: list.items.indexOf(node),
        pair: pair as Pair,
        owner,
        path: [number, ...jsPath([...path, node])],
        isShared: [...path, node].some((each) => shared.has(each as Node)),
      }
      return visit.BREAK
    })
  }
  return found
}

function nameOffset(map: YAMLMap): number | undefined {
  const pair = findPair(map, 'name')
  return (pair?.value as Node | null | undefined)?.range?.[0]
}

function findPair(map: YAMLMap, key: string): Pair | undefined {
  return (map.items as readonly Pair[]).find((pair) => keyText(pair.key) === key && !isMergeKey(pair.key))
}

function jsPath(nodes: readonly unknown[]): readonly (string | number)[] {
  return nodes.flatMap((node, at): readonly (string | number)[] => {
    const parent = nodes[at - 1]
    if (isSeq(parent)) return [parent.items.indexOf(node)]
    if (typeof node === 'object' && node !== null && 'key' in node) return [keyText((node as Pair).key) ?? '']
    return []
  })
}

function editsFor(text: string, place: Place, edit: EntryEdit): readonly Edit[] | undefined {
  switch (edit.type) {
    case 'add':
      return additions(text, place.map, edit)
    case 'remove':
      return removal(text, place)
    case 'set':
      return setting(text, place.map, edit.path, edit.value)
    default:
      return edit satisfies never
  }
}

function additions(
  text: string,
  map: YAMLMap,
  { list, entry }: Extract<EntryEdit, { type: 'add' }>,
): readonly Edit[] | undefined {
  const pair = findPair(map, list)
  const value = pair?.value
  if (isSeq(value) && value.items.length > 0) {
    return [value.flow === true ? intoFlow(text, value, inlineText(entry)) : behindLast(text, value, entry)]
  }
  if (map.flow === true) {
    if (isSeq(value)) return [intoFlow(text, value, inlineText(entry))]
    return pair === undefined ? [intoFlow(text, map, `${list}: [${inlineText(entry)}]`)] : undefined
  }
  const column = columnOf(text, (map.items[0]?.key as Node | undefined)?.range?.[0] ?? 0)
  const item = blockItem(entry, column + 2, true)
  if (pair === undefined) {
    return [insertLines(text, pairEnd(map.items.at(-1) as Pair), `${' '.repeat(column)}${list}:\n${item}`)]
  }
  // `peers: []` or `peers:` alone.
  const key = (pair.key as Node).range
  if (key === null || key === undefined) return undefined
  const end = isSeq(value) ? pairEnd(pair) : text.indexOf(':', key[1]) + 1
  return [{ start: text.indexOf(':', key[1]) + 1, end, text: '' }, insertLines(text, end, item)]
}

// In front of the closing bracket.
function intoFlow(text: string, collection: YAMLMap | YAMLSeq, part: string): Edit {
  const close = (collection.range?.[1] ?? 1) - 1
  const before = text.slice(0, close).trimEnd()
  const isEmpty = collection.items.length === 0
  const comma = isEmpty ? '' : before.endsWith(',') ? ' ' : ', '
  return { start: before.length, end: before.length, text: `${comma}${part}` }
}

function behindLast(text: string, list: YAMLSeq, entry: PlainObject): Edit {
  const last = list.items.at(-1) as Node
  const column = columnOf(text, dashOf(text, last))
  const isFlow = isMap(last) && last.flow === true
  return insertLines(text, nodeEnd(last), blockItem(entry, column, isFlow))
}

function blockItem(entry: PlainObject, column: number, isFlow: boolean): string {
  const indent = ' '.repeat(column)
  if (isFlow) return `${indent}- ${inlineText(entry)}\n`
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

function removal(text: string, { map, list, index, pair, owner }: Place): readonly Edit[] | undefined {
  if (list.items.length === 1 && owner.items.length > 1) {
    return setting(text, owner, [keyText(pair.key) ?? ''], undefined)
  }
  if (list.flow === true) {
    const [before, after] = [
      list.items[index - 1] as Node | undefined,
      list.items[index + 1] as Node | undefined,
    ]
    const [start = 0, end = 0] = map.range ?? []
    if (after?.range) return [{ start, end: after.range[0], text: '' }]
    return [{ start: before?.range?.[1] ?? start, end, text: '' }]
  }
  const start = lineStart(text, dashOf(text, map))
  return [
    {
      start: index === 0 ? start : aboveComments(text, start),
      end: endOfLine(text, nodeEnd(map)),
      text: '',
    },
  ]
}

// Comments directly above an entry are about it. Those above the first one may be about the list.
function aboveComments(text: string, start: number): number {
  let at = start
  while (at > 0) {
    const line = lineStart(text, at - 1)
    if (!text.slice(line, at).trimStart().startsWith('#')) return at
    at = line
  }
  return at
}

function setting(
  text: string,
  map: YAMLMap,
  path: readonly string[],
  value: Plain | undefined,
): readonly Edit[] | undefined {
  const [key = '', ...rest] = path
  const pair = findPair(map, key)
  if (rest.length > 0) return isMap(pair?.value) ? setting(text, pair.value, rest, value) : undefined
  if (pair === undefined)
    return value === undefined ? [] : [insertField(text, map, `${key}: ${inlineText(value)}`)]
  const colon = text.indexOf(':', (pair.key as Node).range?.[1] ?? 0)
  const end = pairEnd(pair)
  if (value !== undefined) return [{ start: colon + 1, end, text: ` ${inlineText(value)}` }]
  if (map.flow !== true) return [{ start: lineStart(text, colon), end: endOfLine(text, end), text: '' }]
  const at = map.items.indexOf(pair)
  const next = (map.items[at + 1]?.key as Node | undefined)?.range?.[0]
  const start = (pair.key as Node).range?.[0] ?? colon
  if (next !== undefined) return [{ start, end: next, text: '' }]
  const before = map.items[at - 1]
  return before === undefined ? undefined : [{ start: pairEnd(before as Pair), end, text: '' }]
}

// Behind the name where there is one, else at the end.
function insertField(text: string, map: YAMLMap, field: string): Edit {
  const after = (findPair(map, 'name') ?? map.items.at(-1)) as Pair
  const end = pairEnd(after)
  if (map.flow === true) return { start: end, end, text: `, ${field}` }
  const column = columnOf(text, (after.key as Node).range?.[0] ?? 0)
  return insertLines(text, end, `${' '.repeat(column)}${field}\n`)
}

function dashOf(text: string, node: Node): number {
  return text.lastIndexOf('-', (node.range?.[0] ?? 1) - 1)
}

function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset)
}
