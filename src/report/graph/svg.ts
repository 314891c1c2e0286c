import {
  type Band,
  type Box,
  type Layout,
  layOut,
  MARGIN,
  type PlacedLan,
  type PlacedNode,
} from './layout.ts'
import type { Graph, GraphMark } from './model.ts'
import { fitText, textWidth } from './text-fit.ts'
import { THEME } from './theme.ts'
import { countMarks, countNouns, MARK_SIGNS, MARK_WORDS, PLAN_MARKS } from './words.ts'

const NAME = { name: 'bold', size: 13 } as const
const KIND = { name: 'plain', size: 11 } as const
const LINE = { name: 'mono', size: 11 } as const
const HEAD_FACE = { name: 'bold', size: 17 } as const
const PADDING = 12
const SIGN_WIDTH = 18
const LEAST_WIDTH = 560

/** A diagram that needs nothing else: no font, no script, no other file. */
export function renderSvg(graph: Graph): string {
  const legend = graph.isPlan ? legendItems(graph) : []
  const layout = layOut(graph, legend.length > 0 ? 116 : 84)
  const width = Math.max(LEAST_WIDTH, layout.width)
  const height = Math.ceil(layout.height)
  const { stack } = graph
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" class="vpn" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeXml(`VPN estate of ${stack}`)}">\n`,
    `<style>${THEME}</style>\n`,
    `<rect class="page" width="${width}" height="${height}"/>\n`,
    `<text class="head" x="${MARGIN}" y="38">${escapeXml(fitText(stack, width - 2 * MARGIN, HEAD_FACE))}</text>\n`,
    `<text class="soft" x="${MARGIN}" y="58">${escapeXml(fitText(summary(graph), width - 2 * MARGIN, KIND))}</text>\n`,
    ...legend,
    ...wires(layout),
    ...layout.lans.map(lanBox),
    ...layout.bands.flatMap(bandBoxes),
    '</svg>\n',
  ].join('')
}

/** Text inside of XML, attributes too. */
export function escapeXml(text: string): string {
  return text.replace(/[\ufffe\uffff]/g, '\ufffd').replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)
}

function summary(graph: Graph): string {
  const what = graph.roots.length === 0 ? 'no resources' : countNouns(graph)
  return graph.isPlan ? `${what} · planned changes` : `${what} · as the file says`
}

function legendItems(graph: Graph): readonly string[] {
  const counts = countMarks(graph)
  let x = MARGIN
  return PLAN_MARKS.filter((mark) => counts.has(mark)).map((mark) => {
    const text = `${counts.get(mark)} ${MARK_WORDS[mark]}`
    const item = `<g class="${mark}"><rect class="box" x="${x}" y="74" width="22" height="16" rx="4"/>${signOf(mark, x + 16, 87)}<text x="${x + 29}" y="86">${escapeXml(text)}</text></g>\n`
    x += 29 + Math.ceil(textWidth(text, KIND)) + 18
    return item
  })
}

function bandBoxes({ root, frame, children }: Band): readonly string[] {
  const rim = frame === undefined ? [] : [`<rect class="frame" ${placeOf(frame)} rx="10"/>\n`]
  return [...rim, nodeBox(root), ...children.map(nodeBox)]
}

function nodeBox({ node, lines, ...box }: PlacedNode): string {
  const words = MARK_WORDS[node.mark]
  const tip = [
    node.address,
    words === '' ? node.title : `${node.title}, ${words}`,
    ...node.facts,
    ...node.reaches,
    ...node.shares.map((network) => `to ${network}`),
  ]
  const room = MARK_SIGNS[node.mark] === '' ? 0 : SIGN_WIDTH
  return [
    `<g class="node ${node.mark}${node.isFailed ? ' failed' : ''}"><title>${escapeXml(tip.join('\n'))}</title>`,
    `<rect class="box" ${placeOf(box)} rx="6"/>`,
    `<rect class="bar" x="${box.x}" y="${box.y + 6}" width="3" height="${box.height - 12}"/>`,
    texts(box, node.name, node.title, lines, room),
    signOf(node.mark, box.x + box.width - PADDING + 2, box.y + 19),
    '</g>\n',
  ].join('')
}

function lanBox({ lan, lines, ...box }: PlacedLan): string {
  return [
    `<g class="node lan"><title>${escapeXml([lan.title, lan.place, ...lan.networks].join('\n'))}</title>`,
    `<rect class="box" ${placeOf(box)} rx="6"/>`,
    texts(box, lan.title, lan.place, lines, 0),
    '</g>\n',
  ].join('')
}

function texts(box: Box, name: string, kind: string, lines: readonly string[], room: number): string {
  const x = box.x + PADDING
  const width = box.width - 2 * PADDING
  return [
    `<text class="name" x="${x}" y="${box.y + 18}">${escapeXml(fitText(name, width - room, NAME))}</text>`,
    `<text class="soft" x="${x}" y="${box.y + 33}">${escapeXml(fitText(kind, width, KIND))}</text>`,
    ...lines.map(
      (line, index) =>
        `<text class="line" x="${x}" y="${box.y + 50 + index * 15}">${escapeXml(fitText(line, width, LINE))}</text>`,
    ),
  ].join('')
}

function signOf(mark: GraphMark, x: number, y: number): string {
  const sign = MARK_SIGNS[mark]
  return sign === '' ? '' : `<text class="sign" x="${x}" y="${y}">${sign === '-' ? '−' : sign}</text>`
}

// Drawn first, so that no wire crosses a text.
function wires(layout: Layout): readonly string[] {
  const lans = new Map(layout.lans.map((placed) => [placed.lan.id, placed]))
  return layout.bands.flatMap(({ root, frame }) => [
    ...root.node.lans
      .map((id) => lans.get(id))
      .filter((lan) => lan !== undefined)
      .map((lan) => wire(lan, root)),
    ...(frame === undefined ? [] : [wire(root, frame)]),
  ])
}

function wire(from: Box, to: Box): string {
  const [x1, y1] = [from.x + from.width, from.y + from.height / 2]
  const [x2, y2] = [to.x, to.y + to.height / 2]
  const bend = (x1 + x2) / 2
  return `<path class="wire" d="M${x1} ${y1}C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}"/>\n`
}

function placeOf({ x, y, width, height }: Box): string {
  return `x="${x}" y="${y}" width="${width}" height="${height}"`
}
