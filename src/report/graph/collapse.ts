import { count } from '../writing/words.ts'
import type { Graph, GraphMark, GraphNode } from './model.ts'
import { MARK_WORDS } from './words.ts'

/** The children of each resource that `foldable` says as one box for each mark and kind; the rest stays. */
export function collapse(graph: Graph, foldable: (mark: GraphMark) => boolean): Graph {
  return { ...graph, roots: graph.roots.map((root) => collapseBelow(root, foldable)) }
}

function collapseBelow(node: GraphNode, foldable: (mark: GraphMark) => boolean): GraphNode {
  const groups = new Map<string, GraphNode[]>()
  const children: GraphNode[] = []
  for (const child of node.children) {
    if (!foldable(child.mark) || child.children.some((below) => !foldable(below.mark))) {
      children.push(collapseBelow(child, foldable))
      continue
    }
    const key = `${child.mark} ${child.title}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [child])
    else group.push(child)
  }
  return { ...node, children: [...children, ...[...groups.values()].map(asOne)] }
}

function asOne(members: readonly GraphNode[]): GraphNode {
  const [first] = members
  if (first === undefined) throw new RangeError('an empty group')
  if (members.length === 1) return first
  const words = MARK_WORDS[first.mark]
  const name = `${count(members.length, first.noun)}${words === '' ? '' : ` ${words}`}`
  const failed = members.filter(({ isFailed }) => isFailed).length
  const facts = failed === 0 ? [] : [`status FAILED: ${failed}`]
  return { ...first, name, isFailed: failed > 0, facts, shares: [], reaches: [], children: [] }
}
