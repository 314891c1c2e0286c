import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { closest, didYouMean } from '../model/closest.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { setOwn } from '../model/json.ts'
import { rewrittenInName, rewrittenNumber, rewrittenWarning } from './as-written.ts'
import { MAX_ALIASED_VALUES, MAX_DEPTH, MAX_MEMBERS, MAX_VALUES } from './limits.ts'
import type { ParsedDocument } from './parse.ts'
import { type FindPlace, isMergeKey, keyText, placeFinder } from './place.ts'
import type { Source } from './source.ts'
import { substitute } from './substitute.ts'
import type { Variables } from './variables.ts'

/** A document as a value, with the way back to its text. */
export interface ConfigDocument {
  readonly source: Source
  /** Plain JavaScript values. Aliases share what they mean: not to be changed. */
  readonly value: unknown
  readonly place: FindPlace
}

// What ids are derived from.
const NAMES: readonly string[] = ['name', 'stack', 'renamedFrom']

interface Anchor {
  readonly node: Node
  value: unknown
  /** Values in it, aliases counted as what they mean. */
  size: number
  height: number
  isOpen: boolean
}

interface Walk {
  readonly document: ParsedDocument
  readonly variables: Variables
  readonly diagnostics: Diagnostic[]
  readonly anchors: Map<string, Anchor>
  readonly targets: Map<Alias, Node>
  size: number
  aliased: number
  deepest: number
  /** Set where text is taken as it is: in the values of `vars`. */
  verbatim: boolean
  /** Set when a limit was passed: the rest is not looked at. */
  isOver: boolean
}

/**
 * A parsed document as a value: aliases and merge keys followed, variables put in. Null when a limit was passed, since
 * half a document must not be taken for all of it.
 */
export function evaluate(
  document: ParsedDocument,
  variables: Variables,
): { readonly document: ConfigDocument | null; readonly diagnostics: readonly Diagnostic[] } {
  const walk: Walk = {
    document,
    variables,
    diagnostics: [],
    anchors: new Map(),
    targets: new Map(),
    size: 0,
    aliased: 0,
    deepest: 0,
    verbatim: false,
    isOver: false,
  }
  const value = convert(document.contents, 0, walk)
  const place = placeFinder(document.contents, document.lines, walk.targets)
  return {
    document: walk.isOver ? null : { source: document.source, value, place },
    diagnostics: walk.diagnostics,
  }
}

function convert(node: Node | null, depth: number, walk: Walk): unknown {
  if (walk.isOver || node === null) return null
  walk.size += 1
  if (depth > walk.deepest) walk.deepest = depth
  if (depth > MAX_DEPTH)
    return refuse(walk, node, 'VPN109', 'the document is nested too deep', `at most ${MAX_DEPTH} levels`)
  if (walk.size > MAX_VALUES)
    return refuse(walk, node, 'VPN115', 'the document holds too many values', 'split it into several files')
  if (isAlias(node)) return convertAlias(node, depth, walk)
  if (node.anchor === undefined || node.anchor === '') return convertPlain(node, depth, walk)
  return convertAnchored(node, node.anchor, depth, walk)
}

function convertAnchored(node: Node, name: string, depth: number, walk: Walk): unknown {
  const anchor: Anchor = { node, value: null, size: 0, height: 0, isOpen: true }
  walk.anchors.set(name, anchor)
  const before = { size: walk.size, deepest: walk.deepest }
  walk.deepest = depth
  anchor.value = convertPlain(node, depth, walk)
  anchor.height = walk.deepest - depth
  anchor.size = walk.size - before.size + 1
  anchor.isOpen = false
  walk.deepest = Math.max(before.deepest, walk.deepest)
  return anchor.value
}

function convertAlias(node: Alias, depth: number, walk: Walk): unknown {
  const anchor = walk.anchors.get(node.source)
  if (anchor === undefined) {
    const meant = closest(node.source, walk.anchors.keys())
    return report(
      walk,
      node,
      'VPN110',
      `no anchor &${node.source} is defined before this alias${didYouMean(meant)}`,
      `write &${node.source} where the value is given; text that starts with * needs quotes`,
    )
  }
  if (anchor.isOpen)
    return refuse(
      walk,
      node,
      'VPN108',
      `the alias *${node.source} is inside its own anchor`,
      'an alias cannot contain itself',
    )
  walk.targets.set(node, anchor.node)
  walk.size += anchor.size
  walk.aliased += anchor.size
  walk.deepest = Math.max(walk.deepest, depth + anchor.height)
  if (walk.aliased > MAX_ALIASED_VALUES)
    return refuse(
      walk,
      node,
      'VPN108',
      'the aliases of this document mean too many values',
      'write the values out, or use fewer aliases in aliases',
    )
  if (depth + anchor.height > MAX_DEPTH)
    return refuse(
      walk,
      node,
      'VPN109',
      'the aliases of this document are nested too deep',
      `at most ${MAX_DEPTH} levels`,
    )
  return anchor.value
}

function convertPlain(node: Node, depth: number, walk: Walk): unknown {
  if (isScalar(node)) return convertScalar(node, walk)
  if (isSeq(node)) return node.items.map((item) => convert(item as Node | null, depth + 1, walk))
  return isMap(node) ? convertMap(node, depth, walk) : null
}

function convertScalar(node: Scalar, walk: Walk): unknown {
  const written = rewrittenNumber(node)
  if (written !== undefined) walk.diagnostics.push(rewrittenWarning(written, node.value, rangeOf(node, walk)))
  if (typeof node.value !== 'string' || !node.value.includes('${')) return node.value
  const { value, diagnostics } = substitute(node.value, {
    isPlain: node.type === 'PLAIN',
    verbatim: walk.verbatim,
    variables: walk.variables,
    at: rangeOf(node, walk),
  })
  walk.diagnostics.push(...diagnostics)
  return value
}

function convertMap(map: YAMLMap, depth: number, walk: Walk): unknown {
  if (map.items.length > MAX_MEMBERS)
    return refuse(walk, map, 'VPN115', `this mapping has more than ${MAX_MEMBERS} members`, 'split it up')
  const own: Record<string, unknown> = {}
  const merged: unknown[] = []
  for (const pair of map.items as readonly Pair[]) {
    if (isMergeKey(pair.key)) {
      merged.push(...mergeSources(pair.value as Node | null, depth, walk))
      continue
    }
    const key = keyText(pair.key)
    if (key === undefined) {
      noKey(map, pair.key as Node, walk)
      continue
    }
    if (Object.hasOwn(own, key)) duplicate(map, pair, key, walk)
    if (NAMES.includes(key) && isScalar(pair.value) && typeof pair.value.value === 'string')
      walk.diagnostics.push(
        ...rewrittenInName(pair.value.value, walk.variables, rangeOf(pair.value as Node, walk)),
      )
    const wasVerbatim = walk.verbatim
    if (depth === 0 && key === 'vars') walk.verbatim = true
    setOwn(own, key, convert(pair.value as Node | null, depth + 1, walk))
    walk.verbatim = wasVerbatim
  }
  return merged.length === 0 ? own : merge(merged, own)
}

// What is in the mapping wins over what is merged, and an earlier source over a later one.
function merge(sources: readonly unknown[], own: Record<string, unknown>): unknown {
  const result: Record<string, unknown> = {}
  for (const source of [...sources.toReversed(), own]) {
    for (const [key, value] of Object.entries(source as object)) setOwn(result, key, value)
  }
  return result
}

function mergeSources(value: Node | null, depth: number, walk: Walk): readonly unknown[] {
  const nodes = isSeq(value) ? (value.items as Node[]) : [value]
  return nodes.flatMap((node) => {
    const source = convert(node, depth + 1, walk)
    if (typeof source === 'object' && source !== null && !Array.isArray(source)) return [source]
    if (walk.isOver || (isAlias(node) && !walk.targets.has(node))) return []
    report(
      walk,
      node ?? value,
      'VPN113',
      'only a mapping can be merged with <<',
      'write <<: *anchor, where the anchor is a mapping',
    )
    return []
  })
}

// `{{ x }}` of a template is a mapping whose key is a mapping: the fault is the whole of it.
function noKey(map: YAMLMap, key: Node, walk: Walk): void {
  const isTemplate = map.flow === true && isMap(key) && key.range?.[0] === (map.range?.[0] ?? 0) + 1
  report(
    walk,
    isTemplate ? map : key,
    'VPN111',
    isTemplate ? '{{ }} is not filled in' : 'a key has to be one word or text',
    isTemplate
      ? 'render the template first, or use ${' + 'var.NAME}'
      : 'write "key: value"; text that starts with { or [ needs quotes',
  )
}

function duplicate(map: YAMLMap, pair: Pair, key: string, walk: Walk): void {
  const first = map.items.find((other) => keyText(other.key) === key)
  const related =
    first === undefined ? [] : [{ at: rangeOf(first.key as Node, walk), message: 'first given here' }]
  walk.diagnostics.push({
    severity: 'error',
    code: 'VPN107',
    message: `${JSON.stringify(key)} is given twice`,
    hint: 'remove one of the two',
    at: rangeOf(pair.key as Node, walk),
    related,
  })
}

function report(walk: Walk, node: Node | null, code: string, message: string, hint: string): null {
  walk.diagnostics.push({ severity: 'error', code, message, hint, at: rangeOf(node, walk) })
  return null
}

function refuse(walk: Walk, node: Node, code: string, message: string, hint: string): null {
  walk.isOver = true
  return report(walk, node, code, message, hint)
}

function rangeOf(node: Node | null, walk: Walk) {
  const [start = 0, end = 0] = node?.range ?? []
  return walk.document.lines.firstLine(start, end)
}
