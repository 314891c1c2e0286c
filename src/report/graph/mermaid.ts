import { collapse } from './collapse.ts'
import type { Graph, GraphNode } from './model.ts'
import { cutLine } from './text-fit.ts'
import { everyNode, MARK_SIGNS, MARK_WORDS, networkLines } from './words.ts'

// Mermaid's own defaults, which GitHub and GitLab do not raise: longer texts and more edges are not drawn.
const MOST_CHARACTERS = 50_000
const MOST_EDGES = 500
const LONGEST_LINE = 80

// Text colour is said too: a page in dark mode would write light on light.
const STYLES = `  classDef lan fill:#ddf4ff,stroke:#0969da,color:#1f2328
  classDef plain fill:#f6f8fa,stroke:#59636e,color:#1f2328
  classDef keep fill:#f6f8fa,stroke:#59636e,color:#1f2328
  classDef create fill:#dafbe1,stroke:#1a7f37,color:#1f2328,stroke-width:2px
  classDef update fill:#fff1c2,stroke:#9a6700,color:#1f2328,stroke-width:2px
  classDef delete fill:#ffd8d3,stroke:#cf222e,color:#1f2328,stroke-width:2px
  classDef unmanaged fill:#ffffff,stroke:#59636e,color:#59636e,stroke-dasharray:5 4
`

/**
 * A flowchart that GitHub and GitLab draw in a pull request. What would be too much for them shrinks: first the
 * networks go, then children that stay as they are become a number, at last all children.
 */
export function renderMermaid(graph: Graph): string {
  const unchanged = collapse(graph, (mark) => mark === 'keep' || mark === 'plain')
  const few = collapse(graph, () => true)
  const attempts: readonly [Graph, number, string | undefined][] = [
    [graph, 3, undefined],
    [graph, 0, 'networks are left out'],
    [unchanged, 0, 'networks are left out, unchanged children are counted'],
    [few, 0, 'networks are left out, children are counted'],
  ]
  const drawn = attempts.map(
    ([shrunk, networks, note]) =>
      () =>
        draw(shrunk, networks, note),
  )
  for (const attempt of drawn) {
    const { text, edges } = attempt()
    if (text.length <= MOST_CHARACTERS && edges <= MOST_EDGES) return text
  }
  return withoutGateways(few)
}

// Hundreds of gateways: those that nothing happens to are a number too.
function withoutGateways(graph: Graph): string {
  const busy = graph.roots.filter((root) =>
    [...everyNode([root])].some((node) => node.mark !== 'keep' && node.mark !== 'plain'),
  )
  for (let amount = busy.length; ; amount = Math.floor(amount * 0.8)) {
    const left = graph.roots.length - amount
    const roots = busy.slice(0, amount)
    const { text, edges } = draw({ ...graph, roots, lans: [] }, 0, `${left} gateways are left out`)
    if (amount === 0 || (text.length <= MOST_CHARACTERS && edges <= MOST_EDGES)) return text
  }
}

function draw(
  graph: Graph,
  networks: number,
  note: string | undefined,
): { readonly text: string; readonly edges: number } {
  const nodes: string[] = []
  const edges: string[] = []
  for (const lan of graph.lans) {
    nodes.push(`  ${lan.id}[/${label([lan.title, lan.place, ...lan.networks])}/]:::lan\n`)
  }
  const known = new Set(graph.lans.map((lan) => lan.id))
  for (const node of everyNode(graph.roots)) {
    const [open, close] = node.children.length > 0 || node.lans.length > 0 ? ['[', ']'] : ['(', ')']
    nodes.push(`  ${node.id}${open}${label(linesOf(node, networks))}${close}:::${node.mark}\n`)
    for (const lan of node.lans) if (known.has(lan)) edges.push(`  ${lan} --- ${node.id}\n`)
    for (const child of node.children)
      edges.push(`  ${node.id} ${child.mark === 'unmanaged' ? '-.-' : '---'} ${child.id}\n`)
  }
  const head = note === undefined ? '' : `  %% Too much for one diagram: ${note}.\n`
  return { text: `flowchart LR\n${head}${nodes.join('')}${edges.join('')}${STYLES}`, edges: edges.length }
}

function linesOf(node: GraphNode, networks: number): readonly string[] {
  const sign = MARK_SIGNS[node.mark]
  const words = MARK_WORDS[node.mark]
  const below = networks === 0 ? [] : networkLines(node, networks)
  const plan = words === '' || node.mark === 'keep' ? [] : [words]
  const lines = [
    sign === '' ? node.name : `${sign} ${node.name}`,
    node.title,
    ...plan,
    ...node.facts,
    ...below,
  ]
  return lines.map((line) => cutLine(line, LONGEST_LINE))
}

function label(lines: readonly string[]): string {
  return `"${lines.map(escapeLabel).join('<br/>')}"`
}

/**
 * Text as a label. Mermaid reads quotes, markup, markdown (lists too), links and its own entities in labels; numbered
 * entities are none of them.
 */
export function escapeLabel(text: string): string {
  return text.replace(/^\s+|^-+|^\d+(?=[.)](\s|$))|[^\p{L}\p{M}\p{N} .,/-]/gu, (piece) =>
    [...piece].map((char) => `#${char.codePointAt(0)};`).join(''),
  )
}
