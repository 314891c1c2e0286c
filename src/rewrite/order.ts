import { isAlias, isCollection, isNode, isPair, isScalar, type Node, type Pair } from 'yaml'
import { isMergeKey, keyText } from '../config/place.ts'
import { EXTENSION_PREFIX, type LayoutRules, MERGE_KEY } from './layout-rules.ts'

/**
 * The order in which the fields of a mapping are written, as indexes; undefined when they are in it already. As
 * near to the shape's as anchors allow: an anchor stays in front of its aliases. Fields of one rank keep their order.
 */
export function canonicalOrder(
  pairs: readonly Pair[],
  shape: Extract<LayoutRules, { type: 'map' }>,
  hasAnchors: boolean,
): readonly number[] | undefined {
  const ranks = pairs.map((pair) => rankOf(pair, shape.order))
  if (ranks.every((rank, index) => index === 0 || (ranks[index - 1] ?? 0) <= rank)) return undefined
  const order = hasAnchors ? constrained(ranks, pairs.map(namesIn)) : sorted(ranks)
  return order.every((from, to) => from === to) ? undefined : order
}

function rankOf(pair: Pair, order: readonly string[]): number {
  if (isMergeKey(pair.key)) return indexIn(order, MERGE_KEY)
  const key = keyText(pair.key) ?? ''
  const index = order.indexOf(key)
  if (index !== -1 && key !== MERGE_KEY) return index
  return key.startsWith(EXTENSION_PREFIX) ? indexIn(order, EXTENSION_PREFIX) : order.length
}

function indexIn(order: readonly string[], key: string): number {
  const index = order.indexOf(key)
  return index === -1 ? order.length : index
}

function sorted(ranks: readonly number[]): readonly number[] {
  return ranks.map((_, index) => index).sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0) || a - b)
}

interface Names {
  readonly defined: ReadonlySet<string>
  readonly used: ReadonlySet<string>
}

// Always the field of the lowest rank whose anchors are written already.
function constrained(ranks: readonly number[], names: readonly Names[]): readonly number[] {
  const left = new Set(sorted(ranks))
  const order: number[] = []
  while (left.size > 0) {
    const next = [...left].find(
      (index) => ![...left].some((other) => other < index && tied(names, other, index)),
    )
    // The first that is left has nothing in front of it, so there is always one.
    const taken = next ?? Math.min(...left)
    left.delete(taken)
    order.push(taken)
  }
  return order
}

function tied(names: readonly Names[], a: number, b: number): boolean {
  const [first, second] = [names[a], names[b]]
  if (first === undefined || second === undefined) return false
  return (
    [...first.defined].some((name) => second.used.has(name) || second.defined.has(name)) ||
    [...first.used].some((name) => second.defined.has(name))
  )
}

function namesIn(pair: Pair): Names {
  const defined = new Set<string>()
  const used = new Set<string>()
  const visit = (node: unknown): void => {
    if (isPair(node)) {
      visit(node.key)
      visit(node.value)
    } else if (isAlias(node)) used.add(node.source)
    else if (isNode(node)) visitNode(node)
  }
  const visitNode = (node: Node): void => {
    if ((isScalar(node) || isCollection(node)) && node.anchor !== undefined) defined.add(node.anchor)
    if (isCollection(node)) for (const item of node.items) visit(item)
  }
  visit(pair)
  return { defined, used }
}
