import type { FieldRow } from '../plan/field-lines.ts'
import { displayWidth, padded } from './display-width.ts'
import type { Marker } from './style.ts'
import { wrapWords } from './wrap.ts'

/** One line of a plan: its marker for column 0 and what follows it. */
export interface PlanLine {
  readonly marker: Marker
  readonly text: string
  readonly role: 'headline' | 'note' | 'title' | 'field' | 'risk' | 'danger'
}

// A very long name of a field must not push all values of its block off the screen.
const WIDEST_LABEL = 32
const GAP = '   '
const BELOW = '    '

/** Rows with their labels and values in columns; a row that is wider than `width` goes on in the value's column. */
export function layoutRows(rows: readonly FieldRow[], width: number): readonly PlanLine[] {
  const widest = Math.max(0, ...rows.map((row) => displayWidth(row.label)))
  const column = Math.min(widest, WIDEST_LABEL)
  return rows.flatMap((row) => {
    const head = `  ${padded(row.label, column)}${GAP}`
    const pieces = row.remark === undefined ? row.parts : [...row.parts, `  (${row.remark})`]
    const isWide = row.parts.some((piece) => displayWidth(head) + displayWidth(piece.trimStart()) > width - 2)
    return (isWide ? foldBelow(head, pieces, width - 2) : fold(head, indentOf(head), pieces, width - 2)).map(
      (text): PlanLine => ({ marker: row.marker, text, role: 'field' }),
    )
  })
}

function indentOf(head: string): string {
  return ' '.repeat(displayWidth(head))
}

// Where a value does not fit next to its label, it is below it, so that a key can be copied in one piece.
function foldBelow(head: string, pieces: readonly string[], width: number): string[] {
  const lines = fold(BELOW, BELOW, pieces, width)
  return head.trim() === '' ? lines : [head.trimEnd(), ...lines]
}

// Values are never cut: what is too long for a line is on one of its own, a little further in.
function fold(head: string, indent: string, pieces: readonly string[], width: number): string[] {
  const lines: string[] = []
  let line = head
  let isEmpty = true
  for (const piece of pieces) {
    const next = isEmpty ? `${line}${piece.trimStart()}` : `${line} ${piece}`
    if (!isEmpty && displayWidth(next) > width) {
      lines.push(line)
      line = `${indent}  ${piece.trimStart()}`
    } else {
      line = next
    }
    isEmpty = false
  }
  return [...lines, line].map((text) => text.trimEnd())
}

/** Remarks in one line, or in several that begin alike when they are wider than `width`. */
export function foldNotes(prefix: string, notes: readonly string[], width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const note of notes) {
    const next = line === '' ? `${prefix}${note}` : `${line} · ${note}`
    if (line !== '' && displayWidth(next) > width - 2) {
      lines.push(line)
      line = `${prefix}${note}`
    } else {
      line = next
    }
  }
  return (line === '' ? lines : [...lines, line]).flatMap((each) => wrapWords(each, width - 2, `${prefix}  `))
}
