import type { Graph, GraphNode } from './model.ts'
import { escapeXml, renderSvg } from './svg.ts'
import { MARK_WORDS } from './words.ts'

const STYLE = `:root{color-scheme:light dark}body{margin:0;background:#fff;color:#1f2328;font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{overflow-x:auto}main svg{display:block}section{padding:0 24px 24px;max-width:72rem}summary{cursor:pointer;font-weight:600}
ul{padding-left:1.2rem}code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.85em;overflow-wrap:anywhere}
.soft{color:#59636e}@media (prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}.soft{color:#9198a1}}`

/** A page with the diagram, and every resource in full as a list below it. */
export function renderHtml(graph: Graph): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${escapeXml(`VPN estate of ${graph.stack}`)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
${renderSvg(graph)}</main>
<section>
<details>
<summary>All resources as a list</summary>
${list(graph.roots)}</details>
</section>
</body>
</html>
`
}

function list(nodes: readonly GraphNode[]): string {
  if (nodes.length === 0) return ''
  return `<ul>\n${nodes.map(item).join('')}</ul>\n`
}

function item(node: GraphNode): string {
  const words = MARK_WORDS[node.mark]
  const facts = [...node.facts, ...node.reaches, ...node.shares.map((network) => `to ${network}`)]
  return [
    `<li>${escapeXml(node.name)} <span class="soft">${escapeXml(words === '' ? node.title : `${node.title}, ${words}`)}</span>`,
    `<br><code>${escapeXml(node.address)}</code>`,
    facts.length === 0 ? '' : `<br><code>${escapeXml(facts.join(', '))}</code>`,
    node.children.length === 0 ? '' : `\n${list(node.children)}`,
    '</li>\n',
  ].join('')
}
