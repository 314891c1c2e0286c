import { dateText, userName } from '../../model/live-metadata.ts'
import type { Owner, Status, StatusItem } from '../../plan/status.ts'
import { cutText, displayWidth } from '../writing/display-width.ts'
import { safeLine } from '../writing/safe-text.ts'
import type { Style } from '../writing/style.ts'
import { statusNotes } from './notes.ts'

/** How a status is shown. */
export interface StatusTextOptions {
  readonly style: Style
  /** Columns of the terminal; lines are cut to it. */
  readonly width: number
  /** Milliseconds since 1970. */
  readonly nowMs: number
  /** Ids, tiers and exact dates too. */
  readonly wide?: boolean
  /** Children are drawn below their gateways; false for rows in another order. */
  readonly tree?: boolean
  /** Flags may have left resources out, so an empty table does not mean that there are none. */
  readonly narrowed?: boolean
}

interface Column {
  readonly title: string
  readonly cell: (item: StatusItem, row: Row) => string
  /** The width down to which it may be cut, where the line does not fit. */
  readonly least?: number
  readonly paint?: (item: StatusItem, text: string, style: Style) => string
}

interface Row {
  readonly branch: string
  readonly nowMs: number
}

const NOTICE_DAYS = 14
const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** What is live as a table, one line per resource, and what there is to say about all of it. Ends in a newline. */
export function renderStatus(status: Status, options: StatusTextOptions): string {
  const items = status.locations.flatMap((location) => location.items)
  const rows = options.tree === false ? items.map((item) => ({ item, branch: '' })) : branches(items)
  const columns = columnsFor(status, options.wide === true)
  const cells = rows.map(({ item, branch }) =>
    columns.map(({ cell }) => cell(item, { branch, nowMs: options.nowMs })),
  )
  const widths = fitWidths(columns, cells, options.width)
  const { style } = options
  const line = (texts: readonly string[], paint: (column: Column, text: string) => string): string => {
    const parts = columns.map((column, index) => {
      const width = widths[index] ?? 0
      const text = cutText(texts[index] ?? '', width)
      const isLast = index === columns.length - 1
      return paint(column, text) + (isLast ? '' : ' '.repeat(width - displayWidth(text)))
    })
    return parts.join('  ').trimEnd()
  }
  const table = [
    style.quiet(
      line(
        columns.map(({ title }) => title),
        (_, text) => text,
      ),
    ),
    ...rows.map(({ item }, index) =>
      line(cells[index] ?? [], (column, text) => column.paint?.(item, text, style) ?? text),
    ),
  ]
  const notes = statusNotes(status, options.narrowed === true)
  const parts = [
    ...(items.length === 0 ? [] : [table.join('\n')]),
    ...(notes.length === 0 ? [] : [notes.join('\n')]),
  ]
  return `${parts.join('\n\n')}\n`
}

// A tree only has the branches that a reader needs: children below their parent, the last one with a corner.
function branches(
  items: readonly StatusItem[],
): readonly { readonly item: StatusItem; readonly branch: string }[] {
  return items.map((item, index) => {
    if (item.depth === 0) return { item, branch: '' }
    const goesOn = (depth: number): boolean => {
      let next = index + 1
      while ((items[next]?.depth ?? 0) > depth) next += 1
      return items[next]?.depth === depth
    }
    const above = Array.from({ length: item.depth - 1 }, (_, level) => (goesOn(level + 1) ? '│ ' : '  '))
    return { item, branch: `${above.join('')}${goesOn(item.depth) ? '├ ' : '└ '}` }
  })
}

function columnsFor(status: Status, wide: boolean): readonly Column[] {
  const used = status.locations.filter(({ items }) => items.length > 0)
  return [
    {
      title: 'NAME',
      least: 12,
      cell: (item, { branch }) => `${branch}${safeLine(item.live.name || item.live.id)}`,
    },
    ...(used.length > 1 ? [{ title: 'LOCATION', cell: ({ live }: StatusItem) => live.location }] : []),
    { title: 'KIND', cell: ({ live }) => live.kind.short ?? live.kind.noun },
    { title: 'STATUS', cell: ({ live }) => safeLine(live.status), paint: paintState },
    ...(wide ? [{ title: 'TIER', cell: tierOf }] : []),
    { title: 'ADDRESS', least: 12, cell: addressesOf },
    { title: 'OWNER', least: 10, cell: ({ owner }) => ownerText(owner, status.stack), paint: paintOwner },
    ...(wide
      ? [
          { title: 'ID', cell: ({ live }: StatusItem) => safeLine(live.id) },
          { title: 'CREATED', cell: ({ live }: StatusItem) => dateOrNothing(live.metadata.createdDate) },
          { title: 'CHANGED', cell: ({ live }: StatusItem) => dateOrNothing(changedDate(live.metadata)) },
          { title: 'BY', cell: ({ live }: StatusItem) => whoText(live.metadata) },
          { title: 'NOTE', cell: noteText },
        ]
      : [
          {
            title: 'AGE',
            cell: ({ live }: StatusItem, { nowMs }: Row) => ageText(live.metadata.createdDate, nowMs),
          },
          { title: 'LAST CHANGE', least: 9, cell: lastChangeText, paint: paintNote },
        ]),
  ]
}

const CUT_FIRST = ['LAST CHANGE', 'ADDRESS', 'OWNER', 'NAME']

// What says least is cut first; what is too wide even then is cut at the edge.
function fitWidths(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width: number,
): readonly number[] {
  const widths = columns.map(({ title }, index) =>
    rows.reduce((most, cells) => Math.max(most, displayWidth(cells[index] ?? '')), displayWidth(title)),
  )
  const total = (): number => widths.reduce((sum, each) => sum + each + 2, -2)
  for (const title of CUT_FIRST) {
    const index = columns.findIndex((column) => column.title === title)
    const { least } = columns[index] ?? {}
    const own = widths[index] ?? 0
    if (least !== undefined && total() > width)
      widths[index] = Math.max(Math.min(least, own), own - (total() - width))
  }
  for (let index = columns.length - 1; index >= 0 && total() > width; index -= 1) {
    widths[index] = Math.max(0, (widths[index] ?? 0) - (total() - width))
  }
  return widths
}

function tierOf({ live }: StatusItem): string {
  return safeLine(live.kind.summary?.(live.spec).tier ?? '')
}

function addressesOf({ live }: StatusItem): string {
  const summary = live.kind.summary?.(live.spec)
  return [...(summary?.facts ?? []), ...(summary?.reaches ?? [])].map(safeLine).join(', ')
}

/** Whose a resource is, in one or two words. */
export function ownerText(owner: Owner, stack: string | undefined): string {
  switch (owner.type) {
    case 'this-stack':
      return owner.released === true ? 'released' : safeLine(stack ?? '')
    case 'other-stack':
      return owner.stack === undefined ? `stack ${owner.fingerprint}` : safeLine(owner.stack)
    case 'foreign':
      return owner.adopted === true ? `${safeLine(stack ?? '')} (adopted)` : 'unmanaged'
    default:
      return owner satisfies never
  }
}

function paintState({ live }: StatusItem, text: string, style: Style): string {
  if (live.status === 'AVAILABLE') return text
  return live.status === 'FAILED' ? style.error(text) : style.warning(text)
}

function paintOwner({ live, owner }: StatusItem, text: string, style: Style): string {
  const grantsAccess = live.kind.drift.unmanaged === 'critical'
  return owner.type === 'foreign' && owner.adopted !== true && grantsAccess ? style.error(text) : text
}

function paintNote(item: StatusItem, text: string, style: Style): string {
  if (item.live.status === 'FAILED') return style.error(text)
  return isNoticed(item) ? style.warning(text) : text
}

function changedDate({ lastModifiedDate, createdDate }: StatusItem['live']['metadata']): string | undefined {
  return lastModifiedDate ?? createdDate
}

function whoText({ lastModifiedBy, createdBy }: StatusItem['live']['metadata']): string {
  return safeLine(userName(lastModifiedBy ?? createdBy ?? ''))
}

function dateOrNothing(date: string | undefined): string {
  return date === undefined ? '' : dateText(date)
}

// A failure and an end say more than who changed it last.
function lastChangeText(item: StatusItem, { nowMs }: Row): string {
  const note = noteText(item)
  if (note !== '') return note
  const { metadata } = item.live
  return [ageText(changedDate(metadata), nowMs), whoText(metadata)].filter((text) => text !== '').join(' by ')
}

function isNoticed({ expiresInDays }: StatusItem): boolean {
  return expiresInDays !== undefined && expiresInDays <= NOTICE_DAYS
}

function noteText(item: StatusItem): string {
  const { live, expiresInDays = 0 } = item
  if (live.status === 'FAILED' && live.statusMessage !== undefined) return safeLine(live.statusMessage)
  if (!isNoticed(item)) return ''
  if (expiresInDays < 0) return 'expired'
  return expiresInDays === 0 ? 'expires today' : `expires in ${expiresInDays}d`
}

/** `41d`, `3h`, `5m`: one unit, since a column is scanned; empty for a date that is not known. */
function ageText(date: string | undefined, nowMs: number): string {
  const age = nowMs - Date.parse(date ?? '')
  if (Number.isNaN(age)) return ''
  if (age >= DAY) return `${Math.floor(age / DAY)}d`
  return age >= HOUR ? `${Math.floor(age / HOUR)}h` : `${Math.max(0, Math.floor(age / MINUTE))}m`
}
