import { derivingStack } from '../../model/identity.ts'
import type { ChangeOf } from '../../plan/types.ts'
import { foldNotes, layoutRows, type PlanLine } from '../writing/rows.ts'
import { safeLine } from '../writing/safe-text.ts'
import { historyOf, notOwnedText, titleOf } from '../writing/words.ts'
import { wrapWords } from '../writing/wrap.ts'
import { liveRows } from './field-lines.ts'

// Beyond this many, one line each: a take-over of an estate with hundreds of resources must stay short.
const FULL_BLOCKS = 20

/** The section about resources that the plan leaves alone. Risks first; empty when there is nothing to report. */
export function unmanagedLines(
  changes: readonly ChangeOf<'unmanaged'>[],
  options: { readonly width: number; readonly verbose: boolean; readonly inputs?: string },
): readonly PlanLine[] {
  if (changes.length === 0) return []
  const urgent = changes.filter((change) => change.risk !== undefined)
  const routine = changes.filter((change) => change.risk === undefined)
  const isFull = options.verbose || changes.length <= FULL_BLOCKS
  const unmanaged = [...urgent, ...routine].filter((change) => change.reason.code === 'foreign')
  const others = unmanaged.filter(isOfAnotherStack)
  const unowned = unmanaged.filter((change) => !isOfAnotherStack(change))
  return [
    { marker: ' ', text: 'Unmanaged resources (will not be changed)', role: 'headline' },
    ...urgent.flatMap((change) => block(change, true, options.width)),
    ...routine.flatMap((change) => block(change, isFull, options.width)),
    ...(unowned.length === 0 ? [] : takeOver(unowned, options.width, options.inputs)),
    ...(others.length === 0
      ? []
      : advice(
          'owned by another stack:',
          "if it is yours or a colleague's, add its name to neighbours: in the files",
          options.width,
        )),
    ...(changes.some((change) => change.reason.code === 'prune-none')
      ? advice(
          'owned by this stack:',
          'deleted with --prune owned, kept if it is in the files again',
          options.width,
        )
      : []),
  ]
}

function block(change: ChangeOf<'unmanaged'>, isFull: boolean, width: number): readonly PlanLine[] {
  const facts = [
    `id ${safeLine(change.target.id)}`,
    ...historyOf(change.live.metadata),
    ...(change.reason.code === 'prune-none' ? ['owned by this stack'] : []),
    ...(isOfAnotherStack(change) ? [notOwnedText(change.target.id)] : []),
  ]
  return [
    { marker: '?', text: titleOf(change), role: grantsAccess(change) ? 'danger' : 'title' },
    ...foldNotes('  ', facts, width).map((text): PlanLine => ({ marker: '?', text, role: 'field' })),
    ...(change.risk === undefined
      ? []
      : foldNotes('  ', [`URGENT: ${safeLine(change.risk)}`], width).map(
          (text): PlanLine => ({ marker: '?', text, role: 'danger' }),
        )),
    ...(isFull ? layoutRows(liveRows(change.live, '?'), width) : []),
  ]
}

function isOfAnotherStack({ reason, target }: ChangeOf<'unmanaged'>): boolean {
  return reason.code === 'foreign' && derivingStack(target.id) !== undefined
}

// The command as it can be pasted, where there is one resource and its address needs no quotes.
function takeOver(
  unmanaged: readonly ChangeOf<'unmanaged'>[],
  width: number,
  inputs = '',
): readonly PlanLine[] {
  const only = unmanaged.length === 1 ? unmanaged[0]?.address : undefined
  const target = only !== undefined && /^[\w./:-]+$/.test(only) ? only : 'ADDRESS'
  return advice('to adopt:', safeLine(`vpnctl adopt ${target} --write${inputs}`), width)
}

function advice(what: string, how: string, width: number): readonly PlanLine[] {
  return wrapWords(`  ${what}  ${how}`, width - 2, ' '.repeat(what.length + 4)).map(
    (text): PlanLine => ({ marker: ' ', text, role: 'note' }),
  )
}

function grantsAccess({ live, risk }: ChangeOf<'unmanaged'>): boolean {
  return risk !== undefined || live.kind.drift.unmanaged === 'critical'
}
