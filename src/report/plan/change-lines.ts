import type { Change, ChangeOf, Plan } from '../../plan/types.ts'
import { foldNotes, layoutRows, type PlanLine } from '../writing/rows.ts'
import { safeLine } from '../writing/safe-text.ts'
import type { Marker } from '../writing/style.ts'
import {
  historyOf,
  lastChangeOf,
  ORIGIN_TEXTS,
  placeOf,
  placeText,
  reasonText,
  titleOf,
} from '../writing/words.ts'
import { creationRows, type FieldRow, liveRows, updateRows } from './field-lines.ts'

/** A change that someone will see done. */
export type ActiveChange = ChangeOf<'create' | 'update' | 'delete'>

/** The changes of a plan that someone will see done. */
export function activeChanges({ changes }: Pick<Plan, 'changes'>): readonly ActiveChange[] {
  return changes.filter((change) => change.action !== 'keep' && change.action !== 'unmanaged')
}

/** The address of a change as a headline has it. */
export type ShownAddress = (change: Pick<Change, 'address' | 'target'>) => string

/**
 * With the location in front (`de/txl · wireguardgateways/berlin`) where the changes of a plan are in more than one.
 * An address that has its location already stays as it is.
 */
export function shownAddresses({ changes }: Pick<Plan, 'changes'>): ShownAddress {
  const isOne = new Set(changes.map(({ target }) => target.location)).size < 2
  return ({ address, target: { location } }) =>
    isOne || address.startsWith(`${location}:`) ? address : `${location} · ${address}`
}

const MARKERS: Readonly<Record<Change['action'], Marker>> = {
  create: '+',
  update: '~',
  delete: '-',
  unmanaged: '?',
  keep: ' ',
}

/** The marker of an action. */
export function markerOf({ action }: Pick<Change, 'action'>): Marker {
  return MARKERS[action]
}

/** The first line of the block of a change. */
export type Headline = (change: ActiveChange) => string

/**
 * The sentence that tools around Terraform look for: `# ADDRESS will be created`, `... destroyed`,
 * `... updated in-place`, nothing behind it. (tfcmt: `^ *# (.*) will be created$`.)
 */
export function headlines(plan: Pick<Plan, 'changes' | 'between'>): Headline {
  const shown = shownAddresses(plan)
  return (change) => `# ${safeLine(shown(change))} ${actionText(change, plan)}`
}

/** `will be created`; `is added` from one version of the files to another. */
export function actionText({ action, reason }: ActiveChange, { between }: Pick<Plan, 'between'>): string {
  switch (action) {
    case 'create':
      return between === undefined ? 'will be created' : 'is added'
    case 'update':
      return between === undefined ? 'will be updated in-place' : 'is changed'
    case 'delete':
      if (between !== undefined) return 'is removed'
      return reason.code === 'destroying' ? 'is being destroyed already' : 'will be destroyed'
    default:
      return action satisfies never
  }
}

/** The block of a change, line by line: what happens, where it is written and why, then field by field. */
export function changeLines(change: ActiveChange, width: number, headline: Headline): readonly PlanLine[] {
  const marker = markerOf(change)
  const disruptions = change.disruptions ?? []
  return [
    { marker: ' ', text: headline(change), role: 'headline' },
    ...foldNotes('# ', notes(change), width).map((text): PlanLine => ({ marker: ' ', text, role: 'note' })),
    ...disruptions.flatMap((effect) =>
      foldNotes('# ', [`disruptive: ${effect}`], width).map(
        (text): PlanLine => ({ marker: '!', text, role: 'risk' }),
      ),
    ),
    { marker, text: titleOf(change), role: 'title' },
    ...layoutRows(rowsOf(change), width),
  ]
}

function rowsOf(change: ActiveChange): readonly FieldRow[] {
  switch (change.action) {
    case 'create':
      return creationRows(change)
    case 'update':
      return updateRows(change)
    case 'delete':
      return liveRows(change.live, '-')
    default:
      return change satisfies never
  }
}

// The place is last: in front of a reason it would read as its subject.
function notes(change: ActiveChange): readonly string[] {
  const at = placeOf(change)
  return [...reasons(change), ...(at === undefined ? [] : [placeText(at)])]
}

/** Reason and history of a change. */
function reasons(change: ActiveChange): readonly string[] {
  const { origin } = change
  const origins = origin === undefined ? [] : [ORIGIN_TEXTS[origin]]
  switch (change.action) {
    case 'create':
      return [
        ...origins,
        reasonText(change),
        ...(change.leaving === undefined ? [] : ['waits until its predecessor is destroyed']),
      ]
    case 'update':
      return [
        ...origins,
        // With a base, what differs and why is said already.
        ...(origin !== undefined && change.reason.code === 'differs' ? [] : [reasonText(change)]),
        ...lastChangeOf(change.live.metadata),
      ]
    case 'delete':
      return [...origins, reasonText(change), ...historyOf(change.live.metadata)]
    default:
      return change satisfies never
  }
}
