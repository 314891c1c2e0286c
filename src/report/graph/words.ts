import { count } from '../writing/words.ts'
import type { Graph, GraphMark, GraphNode } from './model.ts'

/** The marks of a plan, danger first: the order of legends. */
export const PLAN_MARKS = ['delete', 'create', 'update', 'unmanaged', 'keep'] as const

/** How a mark is written where colour alone would not do. */
export const MARK_SIGNS: Readonly<Record<GraphMark, string>> = {
  delete: '-',
  create: '+',
  update: '~',
  unmanaged: '?',
  keep: '',
  plain: '',
}

/** What a mark says. */
export const MARK_WORDS: Readonly<Record<GraphMark, string>> = {
  delete: 'to delete',
  create: 'to create',
  update: 'to update',
  unmanaged: 'unmanaged',
  keep: 'unchanged',
  plain: '',
}

/** Every resource, parents before their children. */
export function* everyNode(nodes: readonly GraphNode[]): Generator<GraphNode> {
  for (const node of nodes) {
    yield node
    yield* everyNode(node.children)
  }
}

/** How many resources have each mark. */
export function countMarks(graph: Graph): ReadonlyMap<GraphMark, number> {
  const counts = new Map<GraphMark, number>()
  for (const { mark } of everyNode(graph.roots)) counts.set(mark, (counts.get(mark) ?? 0) + 1)
  return counts
}

/** `3 gateways, 12 peers, 2 tunnels`. */
export function countNouns(graph: Graph): string {
  const counts = new Map<string, number>()
  for (const { noun } of everyNode(graph.roots)) counts.set(noun, (counts.get(noun) ?? 0) + 1)
  return [...counts].map(([noun, amount]) => count(amount, noun)).join(', ')
}

/** The networks of a resource as lines: its own side first, then what lies behind it. */
export function networkLines(node: GraphNode, most: number): readonly string[] {
  const shares = shorten(node.shares, most)
  const reaches = shorten(node.reaches, most)
  return node.shares.length === 0 ? reaches : [...reaches, `to ${shares.join(', ')}`]
}

/** At most `most` members, and how many more there are. */
export function shorten(list: readonly string[], most: number): readonly string[] {
  return list.length <= most ? list : [...list.slice(0, most - 1), `and ${list.length - most + 1} more`]
}
