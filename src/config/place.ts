import {
  type Alias,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml'
import type { Place, SourceRange } from '../model/diagnostic.ts'
import type { Lines } from './lines.ts'

/** Finds the place of a path; of the nearest value around it when there is nothing at the path. */
export type FindPlace = (path: readonly (string | number)[], part?: 'key' | 'value') => Place

/** Finds places in one document, each only when it is asked for. */
export function placeFinder(contents: Node, lines: Lines, targets: ReadonlyMap<Alias, Node>): FindPlace {
  const findPair = pairFinder(targets)
  return (path, part = 'value') => {
    let node: Node | null = contents
    let key: Node | null = null
    let use: Node | undefined
    for (const step of path) {
      const inner = follow(node, targets)
      if (inner !== node && node !== null) use ??= node
      if (isSeq(inner)) {
        const item = inner.items[Number(step)] as Node | undefined
        if (item === undefined) break
        node = item
        key = null
      } else if (isMap(inner)) {
        const found = findPair(inner, String(step))
        if (found === undefined) break
        use ??= found.merge
        key = found.pair.key as Node
        node = found.pair.value as Node | null
      } else break
    }
    return toPlace({ node, key, use }, part, lines, targets)
  }
}

/** True for `<<`, written without quotes. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN'
}

/** The text of a key, or undefined when it is not a scalar. Numbers and the like are taken as they are written. */
export function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value))
}

interface Spot {
  readonly node: Node | null
  readonly key: Node | null
  /** The alias or merge through which it was reached. */
  readonly use: Node | undefined
}

function toPlace(
  { node, key, use }: Spot,
  part: 'key' | 'value',
  lines: Lines,
  targets: ReadonlyMap<Alias, Node>,
): Place {
  const own = part === 'key' ? (key ?? node) : isEmptyNode(node) ? (key ?? node) : node
  const target = follow(own, targets)
  const definition = target !== own ? target : use === undefined ? undefined : own
  const at = rangeOf(use ?? own, lines)
  return definition === undefined || definition === null
    ? { at }
    : { at, definition: rangeOf(definition, lines) }
}

// `peers:` with nothing after it: the value has no text to point at.
function isEmptyNode(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.range?.[0] === node.range?.[1])
}

function rangeOf(node: Node | null, lines: Lines): SourceRange {
  const [start = 0, end = 0] = node?.range ?? []
  return isCollection(node) ? lines.firstLine(start, end) : lines.range(start, end)
}

function follow(node: Node | null, targets: ReadonlyMap<Alias, Node>): Node | null {
  return isAlias(node) ? (targets.get(node) ?? node) : node
}

interface FoundPair {
  readonly pair: Pair
  /** The value of the `<<` that brought it. */
  readonly merge: Node | undefined
}

// Mappings with many fields are indexed once, so that many errors in one do not take quadratic time.
const INDEXED_FROM = 16

function pairFinder(targets: ReadonlyMap<Alias, Node>) {
  const indexes = new WeakMap<YAMLMap, ReadonlyMap<string, Pair>>()
  const ownPair = (map: YAMLMap, key: string): Pair | undefined => {
    if (map.items.length < INDEXED_FROM) return map.items.find((pair) => keyText(pair.key) === key)
    let index = indexes.get(map)
    if (index === undefined) {
      // The first of two counts, as with find().
      index = new Map(map.items.toReversed().map((pair) => [keyText(pair.key) ?? '', pair]))
      indexes.set(map, index)
    }
    return index.get(key)
  }
  const find = (map: YAMLMap, key: string): FoundPair | undefined => {
    const own = ownPair(map, key)
    if (own !== undefined && !isMergeKey(own.key)) return { pair: own, merge: undefined }
    for (const merge of map.items.filter((pair) => isMergeKey(pair.key))) {
      const value = merge.value as Node | null
      const sources = isSeq(value) ? (value.items as Node[]) : [value]
      for (const source of sources) {
        const target = follow(source, targets)
        const found = isMap(target) ? find(target, key) : undefined
        if (found !== undefined) return { pair: found.pair, merge: source ?? undefined }
      }
    }
    return undefined
  }
  return find
}
