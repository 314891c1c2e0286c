import type { ApplyResult, LeftToDo, OutcomeError } from '../../apply/events.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import { groupBy } from '../../model/lists.ts'
import { dateText, userName } from '../../model/live-metadata.ts'
import type { Change } from '../../plan/types.ts'
import { markerOf } from '../plan/change-lines.ts'
import { withInputs } from '../writing/run-inputs.ts'
import { safeLine } from '../writing/safe-text.ts'
import type { Style } from '../writing/style.ts'
import { count, placeOf, placeText } from '../writing/words.ts'
import { wrapWords } from '../writing/wrap.ts'
import { heldBackText } from './held-back.ts'
import { requestText } from './outcome-text.ts'
import { type Entry, entriesOf, isAllDone, isDone, notStarted, resultLine, waitedFor } from './verdict.ts'

/** How a summary is shown. */
export interface ResultTextOptions {
  /** The command line that continues where the run stopped. */
  readonly again?: string
  /** The plan was one of `destroy`. */
  readonly isDestroy?: boolean
  /** It was limited with `--target`, and its verification too. */
  readonly isPartial?: boolean
  /** For the commands that hints propose; see `TextOptions`. */
  readonly inputs?: string
}

/**
 * The summary of an apply: what was done, what failed and why, what did not start and because of what, whether it
 * is safe to run again, and the verdict in the last line. Ends in a newline.
 */
export function renderResult(result: ApplyResult, style: Style, options: ResultTextOptions = {}): string {
  const sections = [
    isAllDone(result) ? [] : doneSection(result),
    failedSection(entriesOf(result, 'failed'), style),
    blockedSection(entriesOf(result, 'blocked')),
    isAllDone(result) ? [] : heldBackText(result.heldBack ?? []),
    cancelledSection(notStarted(result)),
    waitingSection(waitedFor(result)),
    stoppedSection(result, style),
    leftSection(result.leftToDo ?? [], style),
    refusedSection(result.refusals ?? [], style, options.inputs),
    unverifiedSection(result, style),
    closing(result, style, options),
  ]
  const text = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'))
  return `${text.join('\n\n')}\n`
}

// Commands stay in one line, since they are copied.
function folded(text: string, style: Style, indent = '  '): readonly string[] {
  return wrapWords(text, style.width, indent)
}

function stoppedSection({ stopped }: ApplyResult, style: Style): readonly string[] {
  switch (stopped?.type) {
    case undefined:
    case 'signal':
    case 'timeout':
      return []
    case 'error': {
      const { error } = stopped
      const request = requestText(error)
      return [
        ...folded(`Stopped: ${safeLine(error.message)}`, style).map(style.error),
        ...(request === undefined ? [] : folded(`  ${request}`, style, '    ')),
        ...(error.hint === undefined ? [] : folded(`  = hint: ${safeLine(error.hint)}`, style, '    ')),
      ]
    }
    case 'stale':
      return [
        style.error(`Stopped: ${safeLine(stopped.address)} changed since the plan was made.`),
        '  = hint: make a new plan, review it, and apply again',
      ]
    default:
      return stopped satisfies never
  }
}

function doneSection(result: ApplyResult): readonly string[] {
  const { applied, failed, blocked } = result.summary
  const cancelled = notStarted(result).length
  const done = entriesOf(result, 'applied')
  return [
    `Applied ${applied} of ${count(applied + failed + blocked + cancelled, 'change')}${done.length === 0 ? '.' : ':'}`,
    ...done.map(({ change }) => title(change)),
  ]
}

function failedSection(entries: readonly Entry<'failed'>[], style: Style): readonly string[] {
  if (entries.length === 0) return []
  return [
    style.error(`Failed (${entries.length}):`),
    ...withSameError(entries).flatMap(({ error, changes }) => {
      const request = requestText(error)
      return [
        ...failedTitles(changes),
        ...folded(`      ${safeLine(error.message)}`, style, '      '),
        ...(request === undefined ? [] : folded(`      ${request}`, style, '        ')),
        ...(changes.length > 1 ? [] : changes.flatMap(placeLine)),
        ...(error.hint === undefined
          ? []
          : folded(`      = hint: ${safeLine(error.hint)}`, style, '        ')),
      ]
    }),
  ]
}

// What ends twenty changes at once is said once.
function withSameError(
  entries: readonly Entry<'failed'>[],
): readonly { readonly error: OutcomeError; readonly changes: readonly Change[] }[] {
  const groups = groupBy(entries, ({ outcome: { error } }) =>
    [error.message, requestText(error), error.hint].join('\n'),
  )
  return [...groups.values()].map((group) => ({
    error: group[0].outcome.error,
    changes: group.map(({ change }) => change),
  }))
}

function failedTitles(changes: readonly Change[]): readonly string[] {
  return changes.flatMap((change) => [title(change), ...(changes.length > 1 ? placeLine(change) : [])])
}

function placeLine(change: Change): readonly string[] {
  const at = placeOf(change)
  return at === undefined ? [] : [`      --> ${placeText(at)}`]
}

function blockedSection(entries: readonly Entry<'blocked'>[]): readonly string[] {
  if (entries.length === 0) return []
  return [
    `Skipped (${entries.length}) because a dependency failed:`,
    ...entries.map(({ change, outcome }) => `${title(change)}  needs ${safeLine(outcome.by)}`),
  ]
}

function cancelledSection(entries: readonly Entry<'cancelled'>[]): readonly string[] {
  if (entries.length === 0) return []
  return [`Not started (${entries.length}):`, ...entries.map(({ change }) => title(change))]
}

function waitingSection(entries: readonly Entry<'cancelled'>[]): readonly string[] {
  if (entries.length === 0) return []
  return [
    `Still waited for (${entries.length}):`,
    ...entries.map(
      ({ change }) =>
        `  ${safeLine(change.address)}${'live' in change ? ` (${safeLine(change.live.status)})` : ''}`,
    ),
  ]
}

function leftSection(left: readonly LeftToDo[], style: Style): readonly string[] {
  if (left.length === 0) return []
  return [
    style.warning(`Changed after this run (${left.length}):`),
    ...left.flatMap(({ address, action, changedBy, changedAt }) => {
      const at = changedAt === undefined ? '' : ` ${dateText(changedAt)}`
      const who = changedBy === undefined ? '' : `, last change${at} by ${safeLine(userName(changedBy))}`
      return folded(`  ${safeLine(address)}: ${LEFT_WORDS[action]}${who}`, style, '    ')
    }),
    ...folded(
      '  = hint: does another pipeline, or a person, work on this stack? Let one run end before the next',
      style,
      '    ',
    ),
  ]
}

function refusedSection(
  refusals: readonly Diagnostic[],
  style: Style,
  inputs: string | undefined,
): readonly string[] {
  if (refusals.length === 0) return []
  return [
    style.warning(`The verification plan is refused (${refusals.length}):`),
    ...refusals.flatMap(({ code, message, hint }) => [
      ...folded(`  ${code}: ${safeLine(message)}`, style, '    '),
      ...(hint === undefined
        ? []
        : folded(`    = hint: ${safeLine(withInputs(hint, inputs))}`, style, '      ')),
    ]),
  ]
}

const LEFT_WORDS: Readonly<Record<LeftToDo['action'], string>> = {
  create: 'deleted again',
  update: 'has different content',
  delete: 'exists, but is not in the files',
}

function unverifiedSection({ unverified }: ApplyResult, style: Style): readonly string[] {
  if (unverified === undefined) return []
  return [
    ...folded(
      `Everything was applied, but the verification failed: ${safeLine(unverified.message)}`,
      style,
    ).map(style.warning),
  ]
}

function title(change: Change): string {
  return `  ${markerOf(change)} ${safeLine(change.address)}`
}

function closing(
  result: ApplyResult,
  style: Style,
  { again, isDestroy = false, isPartial = false }: ResultTextOptions,
): readonly string[] {
  const { kept } = result.summary
  const paint = isDone(result) ? style.good : style.error
  return [
    ...(isDone(result) ? [] : nextLines(result, again, style)),
    ...(result.verified === 'yes' ? [verifiedText(isDestroy, isPartial)] : []),
    ...(result.ending === 'not-converged'
      ? [
          style.warning(
            `Not converged: a follow-up plan ${(result.leftToDo ?? []).length > 0 ? 'shows changes' : 'is refused'}.`,
          ),
        ]
      : []),
    ...(kept === 0 ? [] : [`Also: ${kept} unchanged.`]),
    ...unconfirmedLine(result).flatMap((line) => folded(line, style)),
    ...requestsLine(result),
    ...folded(resultLine(result, isDestroy), style).map(paint),
  ]
}

function verifiedText(isDestroy: boolean, isPartial: boolean): string {
  if (isDestroy) return 'Verified: nothing that was to be deleted is live.'
  return `Verified: a follow-up plan${isPartial ? ' of the targets' : ''} shows no changes.`
}

// The same command would be refused: what the plan saw is not there any more.
const STALE =
  'The saved plan is stale: create a new one with vpnctl plan --out FILE, review it, and apply it.'

function isStale(result: ApplyResult): boolean {
  return entriesOf(result, 'failed').some(({ outcome }) => outcome.error.reason === 'stale')
}

// The next run would not wait for a gateway that has its change and did not answer.
const CHECK_FIRST =
  'Before you run it again: find out why a probe failed. The next run does not wait for that gateway.'

function nextLines(result: ApplyResult, again: string | undefined, style: Style): readonly string[] {
  if (isStale(result)) return folded(STALE, style)
  const isOpen = entriesOf(result, 'failed').some(({ outcome }) => outcome.error.checkFirst === true)
  return isOpen ? folded(CHECK_FIRST, style) : againLines(again, style)
}

function againLines(again: string | undefined, style: Style): readonly string[] {
  return [
    ...folded(
      'Safe to run again: yes. Every write is a PUT or DELETE of a fixed id, and a second run completes the rest.',
      style,
    ),
    ...(again === undefined ? [] : [`To continue: ${safeLine(again)}`]),
  ]
}

function unconfirmedLine(result: ApplyResult): readonly string[] {
  const open = entriesOf(result, 'applied').filter(({ outcome }) => outcome.unconfirmed !== undefined)
  if (open.length === 0) return []
  return [
    `Not waited for: ${open.length}; the API accepted ${open.length === 1 ? 'it' : 'them'}, completion was not checked.`,
  ]
}

function requestsLine({ requests, writes }: ApplyResult): readonly string[] {
  if (requests !== undefined) {
    const again = requests.retries === 0 ? '' : `, of which ${count(requests.retries, 'retry', 'retries')}`
    return [`Requests: ${requests.total}${again}.`]
  }
  return [`Writes: ${writes}.`]
}
