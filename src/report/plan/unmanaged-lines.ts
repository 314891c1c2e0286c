import { derivingStack } from '../../model/identity.ts'
import type { Target } from '../../model/resource.ts'
import type { ChangeOf } from '../../plan/types.ts'
import { foldNotes, layoutRows, type PlanLine } from '../writing/rows.ts'
import { safeLine } from '../writing/safe-text.ts'
import { historyOf, notOwnedText, titleOf } from '../writing/words.ts'
import { wrapWords } from '../writing/wrap.ts'
import { liveRows } from './field-lines.ts'
import { isKept } from './verdict.ts'

// Beyond this many, one line each: a take-over of an estate with hundreds of resources must stay short.
const FULL_BLOCKS = 20

/** The sections about resources that the plan leaves alone. Risks first; empty when there is nothing to report. */
export function unmanagedLines(
  changes: readonly ChangeOf<'unmanaged'>[],
  options: UnmanagedOptions,
): readonly PlanLine[] {
  const unmanaged = changes.filter((change) => !isKept(change))
  const owned = changes.filter(isKept)
  const isFull = options.verbose || changes.length <= FULL_BLOCKS
  return [
    ...section('Unmanaged resources (will not be changed)', unmanaged, isFull, options.width),
    ...unmanagedAdvice(unmanaged, options.width, options.inputs),
    ...section(
      'Owned by this stack and in no file (--prune none keeps them; --prune owned deletes them)',
      owned,
      isFull,
      options.width,
    ),
  ]
}

interface UnmanagedOptions {
  readonly width: number
  readonly verbose: boolean
  readonly inputs?: string
}

function section(
  headline: string,
  changes: readonly ChangeOf<'unmanaged'>[],
  isFull: boolean,
  width: number,
): readonly PlanLine[] {
  if (changes.length === 0) return []
  const urgent = changes.filter((change) => change.risk !== undefined)
  const routine = changes.filter((change) => change.risk === undefined)
  return [
    { marker: ' ', text: headline, role: 'headline' },
    ...urgent.flatMap((change) => block(change, true, width)),
    ...routine.flatMap((change) => block(change, isFull, width)),
  ]
}

/** How to adopt and how to delete unmanaged resources, and what to do about those of another stack. */
export function unmanagedAdvice(
  resources: readonly { readonly address: string; readonly target: Pick<Target, 'id'> }[],
  width: number,
  inputs = '',
): readonly PlanLine[] {
  const others = resources.filter(isOfAnotherStack)
  const unowned = resources.filter((resource) => !isOfAnotherStack(resource))
  // As it can be pasted, where there is one resource and its address needs no quotes.
  const only = unowned.length === 1 ? unowned[0]?.address : undefined
  const target = only !== undefined && /^[\w./:-]+$/.test(only) ? only : 'ADDRESS'
  return [
    ...(unowned.length === 0
      ? []
      : [
          ...advice('to adopt: ', safeLine(`vpnctl adopt ${target} --write${inputs}`), width),
          ...advice('to delete:', safeLine(`vpnctl apply --prune all --target ${target}${inputs}`), width),
        ]),
    ...(others.length === 0
      ? []
      : advice(
          'owned by another stack:',
          "if it is yours or a colleague's, add its name to neighbours: in the files",
          width,
        )),
  ]
}

function block(change: ChangeOf<'unmanaged'>, isFull: boolean, width: number): readonly PlanLine[] {
  const facts = [
    `id ${safeLine(change.target.id)}`,
    ...historyOf(change.live.metadata),
    ...(change.reason.code === 'foreign' && isOfAnotherStack(change) ? [notOwnedText(change.target.id)] : []),
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

function isOfAnotherStack({ target }: { readonly target: Pick<Target, 'id'> }): boolean {
  return derivingStack(target.id) !== undefined
}

function advice(what: string, how: string, width: number): readonly PlanLine[] {
  return wrapWords(`  ${what}  ${how}`, width - 2, ' '.repeat(what.length + 4)).map(
    (text): PlanLine => ({ marker: ' ', text, role: 'note' }),
  )
}

function grantsAccess({ live, risk }: ChangeOf<'unmanaged'>): boolean {
  return risk !== undefined || live.kind.drift.unmanaged === 'critical'
}
