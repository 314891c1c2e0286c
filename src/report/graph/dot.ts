import type { Graph, GraphMark, GraphNode } from './model.ts'
import { everyNode, MARK_SIGNS, MARK_WORDS, networkLines } from './words.ts'

const COLOURS: Readonly<Record<GraphMark, string>> = {
  delete: 'color="#cf222e" fillcolor="#ffd8d3"',
  create: 'color="#1a7f37" fillcolor="#dafbe1"',
  update: 'color="#9a6700" fillcolor="#fff1c2"',
  unmanaged: 'color="#59636e" fillcolor="#ffffff" style="filled,rounded,dashed"',
  keep: 'color="#59636e" fillcolor="#f6f8fa"',
  plain: 'color="#59636e" fillcolor="#f6f8fa"',
}
const NETWORKS_SHOWN = 4

/** The diagram for Graphviz. */
export function renderDot(graph: Graph): string {
  const lines = [
    `digraph ${quote(graph.stack)} {`,
    '  rankdir=LR',
    '  bgcolor="white"',
    '  node [shape=box style="filled,rounded" fontname="Helvetica" fontsize=11]',
    '  edge [dir=none color="#59636e"]',
    ...graph.lans.map(
      (lan) =>
        `  ${lan.id} [label=${label([lan.title, lan.place, ...lan.networks])} color="#0969da" fillcolor="#ddf4ff"]`,
    ),
    ...[...everyNode(graph.roots)].flatMap(nodeLines),
    '}',
  ]
  return `${lines.join('\n')}\n`
}

function nodeLines(node: GraphNode): readonly string[] {
  const words = MARK_WORDS[node.mark]
  const sign = MARK_SIGNS[node.mark]
  const text = [
    sign === '' ? node.name : `${sign} ${node.name}`,
    words === '' ? node.title : `${node.title}, ${words}`,
    ...node.facts,
    ...networkLines(node, NETWORKS_SHOWN),
  ]
  return [
    `  ${node.id} [label=${label(text)} tooltip=${quote(node.address)} ${COLOURS[node.mark]}]`,
    ...node.lans.map((lan) => `  ${lan} -> ${node.id}`),
    ...node.children.map(
      (child) => `  ${node.id} -> ${child.id}${child.mark === 'unmanaged' ? ' [style=dashed]' : ''}`,
    ),
  ]
}

function quote(text: string): string {
  return `"${escapeText(text)}"`
}

function label(lines: readonly string[]): string {
  return `"${lines.map((line) => `${escapeText(line)}\\l`).join('')}"`
}

// Graphviz knows escapes such as \N (the node's name) and HTML entities (&lt;) in plain labels too.
function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('&', '&amp;')
}
