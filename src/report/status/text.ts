import { userName } from '../../model/user-name.ts'
import type { Owner, Status, StatusItem } from '../../plan/status.ts'
import { unreadText } from '../writing/coverage.ts'
import { displayWidth } from '../writing/display-width.ts'
import { safeLine } from '../writing/safe-text.ts'
import type { Style } from '../writing/style.ts'
import { count, dateText } from '../writing/words.ts'

/** How a status is shown. */
export interface StatusTextOptions {
  readonly style: Style
  readonly width: number
}

interface Cells {
  readonly item: StatusItem
  readonly name: string
  readonly state: string
  readonly facts: string
  readonly owner: string
  readonly when: string
  readonly who: string
}

type Column = 'name' | 'state' | 'facts' | 'owner' | 'when' | 'who'

// From one line each to four: values are never cut.
const LAYOUTS: readonly (readonly (readonly Column[])[])[] = [
  [['name', 'state', 'facts', 'owner', 'when', 'who']],
  [
    ['name', 'state', 'facts'],
    ['owner', 'when', 'who'],
  ],
  [['name', 'state'], ['facts'], ['owner', 'when', 'who']],
  [['name', 'state'], ['facts'], ['owner', 'when'], ['who']],
]

/** What is live as a tree with columns, by location. Ends in a newline. */
export function renderStatus(status: Status, options: StatusTextOptions): string {
  const rows = status.locations.flatMap(({ items }) => items.map(cellsOf))
  const layout = LAYOUTS.find((lines) => fits(lines, rows, options.width)) ?? LAYOUTS.at(-1) ?? []
  const parts = status.locations.map(({ location, items }) => {
    const head = options.style.heading(`${location}: ${inventory(items)}`)
    return [head, ...items.flatMap((item) => linesOf(cellsOf(item), layout, rows, options.style))].join('\n')
  })
  return `${parts.join('\n\n')}\n${footer(status)}`
}

function fits(lines: readonly (readonly Column[])[], rows: readonly Cells[], width: number): boolean {
  return lines.every(
    (columns, index) =>
      (index === 0 ? 0 : 4) + columns.reduce((sum, column) => sum + widest(rows, column) + 2, -2) <= width,
  )
}

function linesOf(
  cells: Cells,
  layout: readonly (readonly Column[])[],
  rows: readonly Cells[],
  style: Style,
): readonly string[] {
  const indent = '  '.repeat(cells.item.depth + 2)
  const lines = layout.map((columns, index) => {
    const padded = columns.map((column) => pad(cells[column], widest(rows, column)))
    const text = padded.join('  ').trimEnd()
    if (index > 0) return text === '' ? '' : style.quiet(`${indent}${text.trimStart()}`)
    return stateStyle(cells.item, style)(text)
  })
  const { statusMessage } = cells.item.live
  const why = statusMessage === undefined ? [] : [style.error(`${indent}${safeLine(statusMessage)}`)]
  return [...lines.filter((line) => line !== ''), ...why]
}

function stateStyle({ live }: StatusItem, style: Style): (text: string) => string {
  if (live.status === 'AVAILABLE') return (text) => text
  return live.status === 'FAILED' ? style.error : style.warning
}

const widths = new WeakMap<readonly Cells[], Map<Column, number>>()

function widest(rows: readonly Cells[], column: Column): number {
  const known = widths.get(rows) ?? new Map<Column, number>()
  widths.set(rows, known)
  const found = known.get(column)
  if (found !== undefined) return found
  const width = rows.reduce((most, row) => Math.max(most, displayWidth(row[column])), 0)
  known.set(column, width)
  return width
}

function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

function cellsOf(item: StatusItem): Cells {
  const { live, depth, owner } = item
  const { lastModifiedDate, createdDate, lastModifiedBy, createdBy } = live.metadata
  const when = lastModifiedDate ?? createdDate
  const who = lastModifiedBy ?? createdBy
  const title = depth === 0 ? live.kind.title : live.kind.noun
  return {
    item,
    name: `${'  '.repeat(depth + 1)}${title} ${safeLine(live.name || live.id)}`,
    state: safeLine(live.status),
    facts: factsOf(item),
    owner: ownerText(owner),
    when: when === undefined ? '' : dateText(when),
    who: who === undefined ? '' : `by ${safeLine(userName(who))}`,
  }
}

function factsOf({ live }: StatusItem): string {
  const picture = live.kind.picture?.(live.spec)
  if (picture === undefined) return ''
  const far = [...picture.facts, ...picture.reaches].map(safeLine).join(', ')
  return [...(picture.tier === undefined ? [] : [safeLine(picture.tier)]), ...(far === '' ? [] : [far])].join(
    '  ',
  )
}

function ownerText(owner: Owner): string {
  switch (owner.type) {
    case 'this-stack':
      return 'this stack'
    case 'other-stack':
      return `stack ${owner.fingerprint}`
    case 'foreign':
      return 'foreign'
    default:
      return owner satisfies never
  }
}

function inventory(items: readonly StatusItem[]): string {
  const counts = new Map<string, number>()
  for (const { live } of items) counts.set(live.kind.noun, (counts.get(live.kind.noun) ?? 0) + 1)
  if (counts.size === 0) return 'nothing'
  return [...counts].map(([noun, amount]) => count(amount, noun)).join(', ')
}

function footer(status: Status): string {
  const items = status.locations.flatMap((location) => location.items)
  const unready = items.filter(({ live }) => live.status !== 'AVAILABLE').length
  const unread = unreadText(status.unread)
  const lines = [
    ...(unread === undefined ? [] : [`${unread}.`]),
    ...(unready === 0 ? [] : [`${count(unready, 'resource')} not AVAILABLE.`]),
    ...(items.some(({ owner }) => owner.type === 'other-stack')
      ? [
          '"stack ..." is another stack of this program: all that begins with the same 12 digits is one stack.',
        ]
      : []),
  ]
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`
}
