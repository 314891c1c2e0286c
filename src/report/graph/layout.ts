import type { Graph, GraphLan, GraphNode } from './model.ts'
import { networkLines, shorten } from './words.ts'

/** A box with its lines; px from the top left corner of the diagram. */
export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A resource in its place. */
export interface PlacedNode extends Box {
  readonly node: GraphNode
  readonly lines: readonly string[]
}

/** A network in its place. */
export interface PlacedLan extends Box {
  readonly lan: GraphLan
  readonly lines: readonly string[]
}

/** A top resource with its children next to it, in a frame. */
export interface Band {
  readonly root: PlacedNode
  readonly frame: Box | undefined
  readonly children: readonly PlacedNode[]
}

/** Everything in its place. */
export interface Layout {
  readonly width: number
  readonly height: number
  readonly lans: readonly PlacedLan[]
  readonly bands: readonly Band[]
}

export const MARGIN = 24
const LAN_WIDTH = 190
const ROOT_WIDTH = 230
const CARD_WIDTH = 216
const COLUMN_GAP = 64
const CARD_GAP = 8
const FRAME_PADDING = 10
const BAND_GAP = 28
const INDENT = 14
const HEAD_HEIGHT = 40
const LINE_HEIGHT = 15
const FOOT_HEIGHT = 8
const ROWS_IN_A_COLUMN = 6
const MOST_COLUMNS = 5
const NETWORKS_SHOWN = 3

/**
 * LANs on the left, gateways in the middle, their children in columns on the right, one band per gateway. A network
 * that several gateways stand in is drawn next to the first of them.
 */
export function layOut(graph: Graph, top: number): Layout {
  const lansOfBand = groupLans(graph)
  const bands: Band[] = []
  const lans: PlacedLan[] = []
  const left = MARGIN + (graph.lans.length === 0 ? 0 : LAN_WIDTH + COLUMN_GAP)
  let y = top
  for (const [index, node] of graph.roots.entries()) {
    const own = lansOfBand[index] ?? []
    const placedLans = stack(
      own.map((lan) => {
        const lines = shorten(lan.networks, NETWORKS_SHOWN)
        return { lan, lines, height: heightOf(lines.length) }
      }),
    )
    const children = placeChildren(node, left + ROOT_WIDTH + COLUMN_GAP)
    const lines = linesOf(node)
    const rootHeight = heightOf(lines.length)
    const height = Math.max(rootHeight, placedLans.height, children.frame?.height ?? 0)
    const middle = y + height / 2
    lans.push(
      ...placedLans.items.map((item) => ({
        ...item,
        x: MARGIN,
        y: middle - placedLans.height / 2 + item.y,
        width: LAN_WIDTH,
      })),
    )
    const shift = middle - (children.frame?.height ?? 0) / 2
    bands.push({
      root: { node, lines, x: left, y: middle - rootHeight / 2, width: ROOT_WIDTH, height: rootHeight },
      frame: children.frame === undefined ? undefined : { ...children.frame, y: shift },
      children: children.cards.map((card) => ({ ...card, y: card.y + shift })),
    })
    y += height + BAND_GAP
  }
  const right = Math.max(left + ROOT_WIDTH, ...bands.map(({ frame }) => (frame ? frame.x + frame.width : 0)))
  return { width: right + MARGIN, height: y - BAND_GAP + MARGIN, lans, bands }
}

// Each LAN with the first root that names it.
function groupLans(graph: Graph): readonly (readonly GraphLan[])[] {
  const taken = new Set<string>()
  return graph.roots.map((root) => {
    const own = graph.lans.filter((lan) => root.lans.includes(lan.id) && !taken.has(lan.id))
    for (const lan of own) taken.add(lan.id)
    return own
  })
}

function placeChildren(
  root: GraphNode,
  x: number,
): { readonly frame: Box | undefined; readonly cards: readonly PlacedNode[] } {
  const flat = [...descendants(root.children, 0)]
  if (flat.length === 0) return { frame: undefined, cards: [] }
  const columns = Math.min(MOST_COLUMNS, Math.ceil(flat.length / ROWS_IN_A_COLUMN))
  const rows = Math.ceil(flat.length / columns)
  const cards: PlacedNode[] = []
  let tallest = 0
  for (let column = 0; column * rows < flat.length; column++) {
    const part = flat.slice(column * rows, (column + 1) * rows)
    const stacked = stack(
      part.map(({ node, depth }) => ({
        node,
        depth,
        lines: linesOf(node),
        height: heightOf(linesOf(node).length),
      })),
    )
    tallest = Math.max(tallest, stacked.height)
    for (const { depth, ...item } of stacked.items) {
      const indent = Math.min(depth * INDENT, CARD_WIDTH / 3)
      cards.push({
        ...item,
        x: x + FRAME_PADDING + column * (CARD_WIDTH + CARD_GAP) + indent,
        y: FRAME_PADDING + item.y,
        width: CARD_WIDTH - indent,
      })
    }
  }
  const used = Math.ceil(flat.length / rows)
  const width = 2 * FRAME_PADDING + used * CARD_WIDTH + (used - 1) * CARD_GAP
  return { frame: { x, y: 0, width, height: tallest + 2 * FRAME_PADDING }, cards }
}

function* descendants(
  nodes: readonly GraphNode[],
  depth: number,
): Generator<{ readonly node: GraphNode; readonly depth: number }> {
  for (const node of nodes) {
    yield { node, depth }
    yield* descendants(node.children, depth + 1)
  }
}

function linesOf(node: GraphNode): readonly string[] {
  return [...node.facts, ...networkLines(node, NETWORKS_SHOWN)]
}

function heightOf(lines: number): number {
  return HEAD_HEIGHT + lines * LINE_HEIGHT + (lines === 0 ? 0 : FOOT_HEIGHT)
}

function stack<T extends { readonly height: number }>(
  items: readonly T[],
): { readonly items: readonly (T & { readonly y: number })[]; readonly height: number } {
  let y = 0
  const placed = items.map((item) => {
    const at = y
    y += item.height + CARD_GAP
    return { ...item, y: at }
  })
  return { items: placed, height: Math.max(0, y - CARD_GAP) }
}
