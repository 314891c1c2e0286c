import { findDrift } from '../../../drift/drift.ts'
import type { Drift, DriftOptions } from '../../../drift/types.ts'
import { type Diagnostic, hasErrors } from '../../../model/diagnostic.ts'
import { formatPath } from '../../../model/json.ts'
import type { DesiredState, LiveState } from '../../../model/resource.ts'
import { renderDiagnostics } from '../../../report/diagnostics/text.ts'
import { safeLine } from '../../../report/writing/safe-text.ts'
import { count } from '../../../report/writing/words.ts'
import type { EntryEdit } from '../../../rewrite/entry-edits.ts'
import { fieldEdits } from '../../../rewrite/live-edits.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { loadApplied } from '../../files/base.ts'
import { fileNames, type LoadedState, loadDesired } from '../../files/desired.ts'
import { type Draft, draftEdits, showDraft, writeDraft } from '../../files/edit-files.ts'
import { newEntries } from '../../files/new-entries.ts'
import type { FileFlags, LocationFlags, RemoteFlags } from '../../flags/options.ts'
import { printNote } from '../../output/folded-note.ts'
import { rerunCommand, sameInputs } from '../../output/rerun-command.ts'
import { secretList } from '../../output/secret-list.ts'
import { readStack } from '../../session/read-live.ts'
import { locationChoice } from '../../session/stack-session.ts'
import { type Choice, chooseChanged, chooseNamed } from './choose.ts'

/** Flags of `accept`. */
export interface AcceptFlags extends FileFlags, RemoteFlags, LocationFlags {
  readonly applied?: string
  readonly allChanged?: boolean
  readonly write?: boolean
}

interface Found {
  readonly live: LiveState
  readonly options: DriftOptions
  readonly drift: Drift
}

/** `vpnctl accept`. */
export async function run(
  context: Context,
  flags: AcceptFlags,
  [words = []]: readonly [(readonly string[])?],
): Promise<number> {
  checkUse(words, flags)
  const loaded = await loadDesired(context, flags, 'optional')
  const isBulk = flags.allChanged === true
  const found = await look(context, flags, loaded, isBulk)
  const choice = isBulk ? chooseChanged(found.drift) : chooseNamed(found.drift, words)
  const entries = newEntries(
    loaded.desired,
    found.live,
    choice.surplus.map(({ live }) => live),
    [...loaded.sources.keys()],
    flags,
  )
  const refused = [...choice.refused, ...entries.refused]
  if (!isBulk) refuse(choice, entries.refused, loaded)
  const edits = [...changeEdits(loaded.desired, choice), ...removals(choice), ...entries.edits]
  for (const word of choice.quiet) context.err(`no difference to accept: ${safeLine(word)}\n`)
  if (edits.length === 0 && refused.length === 0) {
    if (choice.quiet.length === 0) context.err('Nothing to accept: no field has drifted.\n')
    printRest(context, flags, found.drift, isBulk)
    return exitCode('ok')
  }
  const draft = await draftEdits(context, flags, edits, loaded.warnings, isBulk)
  const left = [...refused, ...draft.refused]
  checkResult(draft, found, choice)
  if (flags.write === true) await writeDraft(context, draft)
  else showDraft(context, draft)
  if (left.length > 0) context.err(renderDiagnostics(left.map(asWarning), draft.before, context.style.err))
  if (entries.secrets.length > 0)
    context.err(secretList(entries.secrets, 'The new entries refer', context.style.err.width))
  printRest(context, flags, found.drift, isBulk)
  printNext(context, flags, edits.length > draft.refused.length)
  if (left.length === 0) return exitCode('ok')
  if (isBulk || edits.length > draft.refused.length) return exitCode('partial')
  return exitCode(draft.refused.length > 0 ? 'invalid' : 'refused')
}

// Nothing is written where something that was named cannot be.
function refuse(
  { unknown, refused }: Choice,
  noPlace: readonly Diagnostic[],
  { sources }: LoadedState,
): void {
  const diagnostics = [...unknown, ...refused, ...noPlace]
  if (diagnostics.length === 0) return
  const exit = unknown.length > 0 ? 'usage' : refused.length > 0 ? 'refused' : 'invalid'
  throw new Failure(exit, '', { diagnostics, sources })
}

function checkUse(words: readonly string[], flags: AcceptFlags): void {
  if ((words.length === 0) === (flags.allChanged !== true)) {
    throw new Failure('usage', 'name what is accepted: addresses, or --all-changed', {
      hint: 'vpnctl drift lists what differs; see also: vpnctl help addresses',
    })
  }
  if (fileNames(flags).includes('-')) {
    throw new Failure('usage', 'standard input cannot be edited: name the files with --file')
  }
}

async function look(
  context: Context,
  flags: AcceptFlags,
  { desired }: LoadedState,
  isBulk: boolean,
): Promise<Found> {
  const applied = await loadApplied(context, flags, desired)
  const live = await readStack(context, flags, desired, locationChoice(flags))
  const options = {
    targets: [],
    ignores: [],
    stuckAfterMs: Number.POSITIVE_INFINITY,
    ...applied,
    nowMs: context.io.clock.now(),
  }
  // What is named is accepted, also where the files ignore it.
  const rules = isBulk ? {} : { driftIgnores: [] }
  return { live, options, drift: findDrift({ ...desired, ...rules }, live, options) }
}

function changeEdits({ stack }: DesiredState, { changes }: Choice): readonly EntryEdit[] {
  return changes.flatMap(({ finding: { desired, live }, fields }) =>
    fieldEdits(stack, { desired, live, fields }),
  )
}

// What is below a resource that is removed goes with it.
function removals({ missing }: Choice): readonly EntryEdit[] {
  const gone = new Set(missing.map(({ desired }) => desired))
  return missing.flatMap(({ desired }): readonly EntryEdit[] => {
    for (let above = desired.parent; above !== null; above = above.parent) if (gone.has(above)) return []
    const at = desired.locate(['name'])
    return at === undefined ? [] : [{ type: 'remove', at }]
  })
}

// The promise of this command, kept before anything is written.
function checkResult(draft: Draft, { live, options }: Found, choice: Choice): void {
  if (draft.refused.length > 0) return
  const after = findDrift(draft.desired, live, options).findings
  const left = [
    ...choice.changes
      .filter(({ finding, fields }) => {
        const accepted = new Set(fields.map(formatPath))
        return after.some(
          (each) =>
            each.key === finding.key &&
            (each.state !== 'changed' ||
              each.fields.some(({ change }) => accepted.has(formatPath(change.path)))),
        )
      })
      .map(({ finding }) => finding),
    ...[...choice.missing, ...choice.surplus].filter(({ key, state }) =>
      after.some((each) => each.key === key && (each.state === state || each.state === 'conflict')),
    ),
  ]
  if (left.length === 0) return
  throw new Failure(
    'error',
    `${left.map(({ address }) => address).join(', ')} would still differ, so nothing was written`,
    { hint: 'edit the files by hand, as vpnctl drift shows it' },
  )
}

function asWarning(diagnostic: Diagnostic): Diagnostic {
  return hasErrors([diagnostic]) ? { ...diagnostic, severity: 'warning' } : diagnostic
}

function printRest(
  context: Context,
  flags: AcceptFlags,
  { summary: { byState } }: Drift,
  isBulk: boolean,
): void {
  if (!isBulk) return
  const rest = [
    ...(byState.missing === 0 ? [] : [`${byState.missing} missing`]),
    ...(byState.unmanaged + byState.extra === 0
      ? []
      : [`${byState.unmanaged + byState.extra} not in the files, or expired`]),
    ...(byState.conflict === 0 ? [] : [count(byState.conflict, 'conflict')]),
  ]
  if (rest.length === 0) return
  printNote(
    context,
    `Left as drift: ${rest.join(', ')}. To accept one of them, name it: vpnctl accept ADDRESS${safeLine(sameInputs(flags))}`,
  )
}

function printNext(context: Context, flags: AcceptFlags, isChanged: boolean): void {
  if (!isChanged) return
  printNote(
    context,
    flags.write === true
      ? `\nThe files are written, and nothing live was changed. To check: vpnctl drift${safeLine(sameInputs(flags))}`
      : `\nNothing was written. To write the files: ${rerunCommand(context)} --write`,
  )
}
