import { conciseTexts } from '../../access/network-texts.ts'
import { throughText } from '../../access/reach.ts'
import { escapeLabel } from '../graph/mermaid.ts'
import { safeLine } from '../writing/safe-text.ts'
import type { AccessAnswer } from './table.ts'

// What GitHub and GitLab draw at most.
const MOST_EDGES = 500
const NETWORKS_SHOWN = 3

/** The answer as a flowchart with one arrow per sender and receiver. */
export function accessMermaid({ reached, nameOf }: AccessAnswer): string {
  const ids = new Map<string, string>()
  const nodes: string[] = []
  const edges: string[] = []
  const idOf = (endpoint: (typeof reached)[number]['from']): string => {
    const known = ids.get(endpoint.key)
    if (known !== undefined) return known
    const id = `e${ids.size}`
    ids.set(endpoint.key, id)
    nodes.push(`  ${id}["${escapeLabel(safeLine(nameOf(endpoint)))}"]\n`)
    return id
  }
  for (const { from, to, destinations, through } of reached.slice(0, MOST_EDGES)) {
    const networks = conciseTexts(destinations)
    const rest = networks.length - NETWORKS_SHOWN
    const shown = [...networks.slice(0, NETWORKS_SHOWN), ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
    const label = `${shown} through ${throughText(through, nameOf)}`
    edges.push(`  ${idOf(from)} -->|"${escapeLabel(safeLine(label))}"| ${idOf(to)}\n`)
  }
  const left = reached.length - MOST_EDGES
  const head = left > 0 ? `  %% Too much for one diagram: ${left} arrows are left out.\n` : ''
  return `flowchart LR\n${head}${nodes.join('')}${edges.join('')}`
}
