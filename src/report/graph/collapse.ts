import { groupBy } from '../../model/lists.ts'
import { count } from '../writing/words.ts'
import type { Graph, GraphMark, GraphNode } from './model.ts'
import { MARK_WORDS } from './words.ts'

/** The children of each resource that `foldable` says as one box for each mark and kind; the rest stays. */
export function collapse(graph: Graph, foldable: (mark: GraphMark) => boolean): Graph {
  return { ...graph, roots: graph.roots.map((root) => collapseBelow(root, foldable)) }
}

function collapseBelow(node: GraphNode, foldable: (mark: GraphMark) => boolean): GraphNode {
  const isWhole = (child: GraphNode): boolean =>
    !foldable(child.mark) || child.children.some((below) => !foldable(below.mark))
  const groups = groupBy(
    node.children.filter((child) => !isWhole(child)),
    (child) => `${child.mark} ${child.title}`,
  )
  const whole = node.children.filter(isWhole).map((child) => collapseBelow(child, foldable))
  return { ...node, children: [...whole, ...[...groups.values()].map(asOne)] }
}

function asOne(members: readonly [GraphNode, ...GraphNode[]]): GraphNode {
  const [first] = members
  if (members.length === 1) return first
  const words = MARK_WORDS[first.mark]
  const name = `${count(members.length, first.noun)}${words === '' ? '' : ` ${words}`}`
  const failed = members.filter(({ isFailed }) => isFailed).length
  const facts = failed === 0 ? [] : [`status FAILED: ${failed}`]
  return { ...first, name, isFailed: failed > 0, facts, shares: [], reaches: [], children: [] }
}
