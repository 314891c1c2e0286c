import { LineCounter } from 'yaml'
import { linesOf } from '../config/lines.ts'
import type { SourceRange } from '../model/diagnostic.ts'
import { EditDraft, type Obstacle } from './edit/draft.ts'
import { type EntryEdit, hasExpectedValues, type PlacedEdit } from './edit/expected-values.ts'
import { type EntryPlace, findPlaces } from './edit/place.ts'
import { applyEdits } from './edits.ts'

export type { EntryEdit } from './edit/expected-values.ts'

/** Why an edit was not made. */
export interface RefusedEdit {
  readonly edit: EntryEdit
  readonly why: /** The text of the resource is used in several places, by an alias or a merge key. */
    | 'shared'
    /** No edit is known that changes this entry and nothing else. */
    | 'unusual'
    /** The value is an alias, or has an anchor that aliases use. */
    | 'alias'
    /** The value comes from a variable. */
    | 'variable'
  /** The value that prevents it; left out where it is the entry. */
  readonly at?: SourceRange
}

/** A text with the edits made, and those that were not. */
export interface EditedEntries {
  readonly text: string
  readonly refused: readonly RefusedEdit[]
}

/** Makes edits of one file; all other text stays as it is, which is checked by reading the result. */
export function editEntries(text: string, edits: readonly EntryEdit[]): EditedEntries {
  const places = findPlaces(text, new Set(edits.map(({ at }) => at.start.offset)))
  const refused: RefusedEdit[] = []
  const placed = edits.flatMap((edit): readonly PlacedEdit[] => {
    const place = places.get(edit.at.start.offset)
    const obstacle = place === undefined ? { why: 'unusual' as const } : obstacleTo(text, place, edit)
    if (place !== undefined && obstacle === undefined) return [{ edit, path: place.path }]
    refused.push({ edit, ...describe(obstacle ?? { why: 'unusual' }, edit, text) })
    return []
  })
  const result = together(text, places, placed)
  if (result !== undefined) return { text: result, refused }
  // One of them cannot be made: the others are, if they can be found.
  const possible = placed.filter((each) => together(text, places, [each]) !== undefined)
  const rest = together(text, places, possible)
  const left = placed.filter((each) => rest === undefined || !possible.includes(each))
  return {
    text: rest ?? text,
    refused: [...refused, ...left.map(({ edit }) => ({ edit, why: 'unusual' as const }))],
  }
}

function obstacleTo(text: string, place: EntryPlace, edit: EntryEdit): Obstacle | undefined {
  return place.isShared ? { why: 'shared' } : new EditDraft(text).add(place, edit)
}

function together(
  text: string,
  places: ReadonlyMap<number, EntryPlace>,
  placed: readonly PlacedEdit[],
): string | undefined {
  const draft = new EditDraft(text)
  for (const { edit } of placed) {
    const place = places.get(edit.at.start.offset)
    if (place === undefined || draft.add(place, edit) !== undefined) return undefined
  }
  const edits = draft.edits()
  const result = edits === undefined ? undefined : applyEdits(text, edits)
  return result !== undefined && hasExpectedValues(text, result, placed) ? result : undefined
}

function describe(
  { why, range }: Obstacle,
  { at: { file } }: EntryEdit,
  text: string,
): Omit<RefusedEdit, 'edit'> {
  if (range === undefined) return { why }
  const counter = new LineCounter()
  for (let at = 0; at >= 0; at = text.indexOf('\n', at) + 1 || -1) counter.addNewLine(at)
  return { why, at: linesOf({ file, folder: '', text }, counter).firstLine(range[0], range[1]) }
}
