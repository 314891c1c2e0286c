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
import { isPlainObject, setOwn } from '../model/json.ts'
import { rewrittenInName, rewrittenNumber, rewrittenWarning } from './as-written.ts'
import { MAX_ALIASED_VALUES, MAX_DEPTH, MAX_MEMBERS, MAX_VALUES } from './limits.ts'
import { keyTwice, keyWithoutText } from './mapping-errors.ts'
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

/** Values up to some place of a document, aliases counted as what they mean. */
interface Count {
  readonly values: number
  /** Those of them that aliases mean. */
  readonly aliased: number
}

/** What a node means, and the count after it. */
interface Meaning<T = unknown> extends Count {
  readonly value: T
  /** Levels of values in it, its own included. */
  readonly levels: number
}

interface Anchored {
  readonly value: unknown
  readonly levels: number
  /** Values in it, its own included. */
  readonly size: number
}

interface Walk {
  readonly document: ParsedDocument
  readonly variables: Variables
  readonly diagnostics: Diagnostic[]
  readonly anchors: Map<string, Node>
  /** Absent for a node that is not read to its end. */
  readonly anchored: Map<Node, Anchored>
  readonly targets: Map<Alias, Node>
  /** Text is taken as it is: in the values of `vars`. */
  readonly verbatim: boolean
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
    anchored: new Map(),
    targets: new Map(),
    verbatim: false,
  }
  const meaning = convert(document.contents, 0, { values: 0, aliased: 0 }, walk)
  const place = placeFinder(document.contents, document.lines, walk.targets)
  return {
    document: meaning === null ? null : { source: document.source, value: meaning.value, place },
    diagnostics: walk.diagnostics,
  }
}

// Null when a limit was passed: the rest is not read.
function convert(node: Node | null, depth: number, before: Count, walk: Walk): Meaning | null {
  if (node === null) return meaningOf(null, 0, before)
  const count = { values: before.values + 1, aliased: before.aliased }
  if (depth > MAX_DEPTH)
    return refuse(walk, node, 'VPN109', 'the document is nested too deep', `at most ${MAX_DEPTH} levels`)
  if (count.values > MAX_VALUES)
    return refuse(
      walk,
      node,
      'VPN115',
      'the document contains too many values',
      'split it into several files',
    )
  if (isAlias(node)) return convertAlias(node, depth, count, walk)
  if (node.anchor === undefined || node.anchor === '') return convertPlain(node, depth, count, walk)
  return convertAnchored(node, node.anchor, depth, count, walk)
}

function meaningOf(value: unknown, levels: number, { values, aliased }: Count): Meaning {
  return { value, levels, values, aliased }
}

function convertAnchored(node: Node, name: string, depth: number, count: Count, walk: Walk): Meaning | null {
  walk.anchors.set(name, node)
  const meaning = convertPlain(node, depth, count, walk)
  if (meaning === null) return null
  const { value, levels, values } = meaning
  walk.anchored.set(node, { value, levels, size: values - count.values + 1 })
  return meaning
}

function convertAlias(node: Alias, depth: number, count: Count, walk: Walk): Meaning | null {
  const target = walk.anchors.get(node.source)
  if (target === undefined) {
    const meant = closest(node.source, walk.anchors.keys())
    report(
      walk,
      node,
      'VPN110',
      `no anchor &${node.source} is defined before this alias${didYouMean(meant)}`,
      `write &${node.source} where the value is given; text that starts with * needs quotes`,
    )
    return meaningOf(null, 1, count)
  }
  const anchored = walk.anchored.get(target)
  if (anchored === undefined)
    return refuse(
      walk,
      node,
      'VPN108',
      `the alias *${node.source} is inside its own anchor`,
      'an alias cannot contain itself',
    )
  walk.targets.set(node, target)
  const { value, levels, size } = anchored
  if (count.aliased + size > MAX_ALIASED_VALUES)
    return refuse(
      walk,
      node,
      'VPN108',
      'the aliases of this document mean too many values',
      'write the values out, or use fewer aliases in aliases',
    )
  if (depth + levels - 1 > MAX_DEPTH)
    return refuse(
      walk,
      node,
      'VPN109',
      'the aliases of this document are nested too deep',
      `at most ${MAX_DEPTH} levels`,
    )
  return { value, levels, values: count.values + size, aliased: count.aliased + size }
}

function convertPlain(node: Node, depth: number, count: Count, walk: Walk): Meaning | null {
  if (isScalar(node)) return meaningOf(convertScalar(node, walk), 1, count)
  if (isMap(node)) return convertMap(node, depth, count, walk)
  const items = convertAll(isSeq(node) ? (node.items as Node[]) : [], depth + 1, count, walk)
  return items === null ? null : meaningOf(items.value, items.levels + 1, items)
}

function convertAll(
  nodes: readonly (Node | null)[],
  depth: number,
  count: Count,
  walk: Walk,
): Meaning<readonly unknown[]> | null {
  const value: unknown[] = []
  let last = count
  let levels = 0
  for (const node of nodes) {
    const meaning = convert(node, depth, last, walk)
    if (meaning === null) return null
    value.push(meaning.value)
    last = meaning
    levels = Math.max(levels, meaning.levels)
  }
  return { value, levels, values: last.values, aliased: last.aliased }
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

function convertMap(map: YAMLMap, depth: number, count: Count, walk: Walk): Meaning | null {
  if (map.items.length > MAX_MEMBERS)
    return refuse(walk, map, 'VPN115', `this mapping has more than ${MAX_MEMBERS} keys`, 'split it up')
  const own: Record<string, unknown> = {}
  const merged: object[] = []
  let last = count
  let levels = 0
  for (const pair of map.items as readonly Pair<Node, Node | null>[]) {
    let meaning: Meaning | null
    if (isMergeKey(pair.key)) {
      const sources = mergeSources(pair.value, depth + 1, last, walk)
      merged.push(...(sources?.value ?? []))
      meaning = sources
    } else {
      const key = keyText(pair.key)
      if (key === undefined) {
        walk.diagnostics.push(keyWithoutText(map, pair.key, walk.document.lines))
        continue
      }
      if (Object.hasOwn(own, key)) walk.diagnostics.push(keyTwice(map, pair, walk.document.lines))
      if (NAMES.includes(key)) walk.diagnostics.push(...nameErrors(pair.value, walk))
      const inside = depth === 0 && key === 'vars' ? { ...walk, verbatim: true } : walk
      meaning = convert(pair.value, depth + 1, last, inside)
      setOwn(own, key, meaning?.value)
    }
    if (meaning === null) return null
    last = meaning
    levels = Math.max(levels, meaning.levels)
  }
  return meaningOf(merged.length === 0 ? own : merge(merged, own), levels + 1, last)
}

function nameErrors(value: Node | null, walk: Walk): readonly Diagnostic[] {
  return isScalar(value) && typeof value.value === 'string'
    ? rewrittenInName(value.value, walk.variables, rangeOf(value, walk))
    : []
}

// What is in the mapping wins over what is merged, and an earlier source over a later one.
function merge(sources: readonly object[], own: Record<string, unknown>): unknown {
  const result: Record<string, unknown> = {}
  for (const source of [...sources.toReversed(), own]) {
    for (const [key, value] of Object.entries(source)) setOwn(result, key, value)
  }
  return result
}

function mergeSources(
  value: Node | null,
  depth: number,
  count: Count,
  walk: Walk,
): Meaning<readonly object[]> | null {
  const nodes = isSeq(value) ? (value.items as Node[]) : [value]
  const sources = convertAll(nodes, depth, count, walk)
  if (sources === null) return null
  const invalid = nodes.filter(
    (node, index) => !isPlainObject(sources.value[index]) && !(isAlias(node) && !walk.targets.has(node)),
  )
  for (const node of invalid)
    report(
      walk,
      node ?? value,
      'VPN113',
      'only a mapping can be merged with <<',
      'write <<: *anchor, where the anchor is a mapping',
    )
  return { ...sources, value: sources.value.filter(isPlainObject) }
}

function report(walk: Walk, node: Node | null, code: string, message: string, hint: string): void {
  walk.diagnostics.push({ severity: 'error', code, message, hint, at: rangeOf(node, walk) })
}

function refuse(walk: Walk, node: Node, code: string, message: string, hint: string): null {
  report(walk, node, code, message, hint)
  return null
}

function rangeOf(node: Node | null, walk: Walk) {
  const [start = 0, end = 0] = node?.range ?? []
  return walk.document.lines.firstLine(start, end)
}
