import type { Adoptions } from '../../../engine/find-adoptions.ts'
import { readScope } from '../../../engine/read-scope.ts'
import type { LiveResource, LiveState } from '../../../model/resource.ts'
import { renderDiagnostics } from '../../../report/diagnostics/text.ts'
import { foldNotes } from '../../../report/writing/rows.ts'
import { safeLine } from '../../../report/writing/safe-text.ts'
import type { Style } from '../../../report/writing/style.ts'
import { historyOf } from '../../../report/writing/words.ts'
import { wrapWords } from '../../../report/writing/wrap.ts'
import type { EntryEdit } from '../../../rewrite/entry-edits.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { fileNames, type LoadedState, loadDesired } from '../../files/desired.ts'
import { draftEdits, showDraft, writeDraft } from '../../files/edit-files.ts'
import { newEntries } from '../../files/new-entries.ts'
import type { FileFlags, RemoteFlags } from '../../flags/options.ts'
import { printNote } from '../../output/folded-note.ts'
import { rerunCommand, sameInputs } from '../../output/rerun-command.ts'
import { secretList } from '../../output/secret-list.ts'
import { readLocations } from '../../session/read-live.ts'
import { type Choice, chooseAdoptions } from './choose.ts'

/** Flags of `adopt`. */
export interface AdoptFlags extends FileFlags, RemoteFlags {
  readonly write?: boolean
}

/** `vpnctl adopt`. */
export async function run(
  context: Context,
  flags: AdoptFlags,
  [words = []]: readonly [(readonly string[])?],
): Promise<number> {
  if (flags.write === true && fileNames(flags).includes('-')) {
    throw new Failure('usage', '--write cannot write to standard input: name the files')
  }
  const loaded = await loadDesired(context, flags, 'ignore')
  const live = await readLocations(context, flags, readScope(loaded.desired).locations)
  const choice = chooseAdoptions(loaded.desired, live, words)
  if (choice.unknown.length > 0) throw new Failure('usage', '', { diagnostics: choice.unknown })
  for (const word of choice.known) context.err(`the files have it already: ${safeLine(word)}\n`)
  if (words.length === 0 || choice.adoptable.length + choice.ambiguous.length > 0) {
    context.out(adoptionsText(choice, context.style.out, sameInputs(flags)))
  }
  if (choice.warnings.length > 0) {
    context.err(renderDiagnostics(choice.warnings, new Map(), context.style.err))
  }
  const isWhole = await edit(context, flags, loaded, live, choice)
  if (!isWhole) return exitCode('invalid')
  return exitCode(choice.ambiguous.length > 0 ? 'refused' : 'ok')
}

// True when every edit could be made.
async function edit(
  context: Context,
  flags: AdoptFlags,
  { desired, warnings, sources }: LoadedState,
  live: LiveState,
  { adoptable, fresh }: Choice,
): Promise<boolean> {
  const entries = newEntries(desired, live, fresh, [...sources.keys()], flags)
  if (entries.refused.length > 0) throw new Failure('invalid', '', { diagnostics: entries.refused, sources })
  const edits = [...adoptable.flatMap((each) => idEdit(each)), ...entries.edits]
  // What comes from standard input is shown alone.
  if (edits.length === 0 || fileNames(flags).includes('-')) return true
  const { err, style } = context
  const draft = await draftEdits(context, flags, edits, warnings, true)
  if (flags.write === true) await writeDraft(context, draft)
  else showDraft(context, draft)
  if (draft.refused.length > 0) err(renderDiagnostics(draft.refused, draft.before, style.err))
  err(secretList(entries.secrets, 'The new entries refer', style.err.width))
  const next =
    flags.write === true
      ? `The files are written, and nothing live was changed. To review: vpnctl plan${sameInputs(flags)}`
      : `Nothing was written. To write the files: ${rerunCommand(context)} --write`
  printNote(context, `\n${safeLine(next)}`)
  return draft.refused.length === 0
}

function idEdit({ desired, live }: Choice['adoptable'][number]): readonly EntryEdit[] {
  const at = desired.locate(['name'])
  return at === undefined ? [] : [{ type: 'set', at, path: ['id'], value: live.id }]
}

function adoptionsText({ adoptable, ambiguous }: Adoptions, style: Style, inputs: string): string {
  const wrapped = (text: string): readonly string[] => wrapWords(text, style.width, '  ')
  if (adoptable.length + ambiguous.length === 0) {
    const none = `Nothing to adopt: this stack owns or has adopted every live resource that has the name of an entry in the files. To adopt one without an entry, name its address: vpnctl adopt ADDRESS${inputs}`
    return `${wrapped(none).join('\n')}\n`
  }
  const lines = [
    ...adoptable.flatMap(({ desired, live }) => [
      style.heading(safeLine(desired.address)),
      ...idLines(live, style),
    ]),
    ...ambiguous.flatMap(({ desired, live }) => [
      style.heading(safeLine(desired.address)),
      ...wrapped(`  ${live.length} live resources have this name; write the id of one of them by hand:`),
      ...live.flatMap((each) => idLines(each, style)),
    ]),
  ]
  return `${lines.join('\n')}\n`
}

function idLines(live: LiveResource, style: Style): readonly string[] {
  return foldNotes('  ', [`id: ${live.id}`, ...historyOf(live.metadata)], style.width)
}
