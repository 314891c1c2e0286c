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
import { rerunCommand } from '../../output/rerun-command.ts'
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
    context.out(adoptionsText(choice, context.style.out))
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
  if (flags.write !== true) {
    const advice = `Nothing was written. To write the files: ${rerunCommand(context)} --write`
    err(`\n${wrapWords(safeLine(advice), style.err.width).join('\n')}\n`)
  }
  return draft.refused.length === 0
}

function idEdit({ desired, live }: Choice['adoptable'][number]): readonly EntryEdit[] {
  const at = desired.locate(['name'])
  return at === undefined ? [] : [{ type: 'set', at, path: ['id'], value: live.id }]
}

function adoptionsText({ adoptable, ambiguous }: Adoptions, style: Style): string {
  const wrapped = (text: string): readonly string[] => wrapWords(text, style.width, '  ')
  if (adoptable.length + ambiguous.length === 0) {
    const none =
      'Nothing to adopt: every live resource with a name of the files is of this stack, or pinned by its id.'
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
