import { createTwoFilesPatch } from 'diff'
import { readSources, STDIN_NAME } from '../../config/source.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import type { DesiredState } from '../../model/resource.ts'
import { renderDiagnostics } from '../../report/diagnostics/text.ts'
import { safeLine } from '../../report/writing/safe-text.ts'
import { type EntryEdit, editEntries, type RefusedEdit } from '../../rewrite/entry-edits.ts'
import { inlineText } from '../../rewrite/yaml-writer.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'
import type { FileFlags } from '../flags/options.ts'
import { load } from './desired.ts'
import { writeWholeFile } from './write-file.ts'

/** Files as they will be. */
export interface Draft {
  /** The new texts, by file. */
  readonly texts: ReadonlyMap<string, string>
  /** The texts before. */
  readonly before: ReadonlyMap<string, string>
  /** What the files say with them. */
  readonly desired: DesiredState
  /** Edits that were not made; empty unless they may be left out. */
  readonly refused: readonly Diagnostic[]
}

/**
 * Makes the edits in memory and checks the files with them. New warnings, which are not among the `known` ones of the
 * files before, go to stderr; an edit that cannot be made ends the run, unless `mayLeaveOut`, and so does a result with
 * errors. Nothing is written.
 */
export async function draftEdits(
  context: Context,
  flags: FileFlags,
  edits: readonly EntryEdit[],
  known: readonly Diagnostic[],
  mayLeaveOut = false,
): Promise<Draft> {
  const before = new Map<string, string>()
  const texts = new Map<string, string>()
  const refused: Diagnostic[] = []
  for (const file of new Set(edits.map(({ at }) => at.file))) {
    const own = edits.filter(({ at }) => at.file === file)
    const text = await readText(context, file)
    const result = editEntries(text, own)
    before.set(file, text)
    texts.set(file, result.text)
    refused.push(...result.refused.map(cannotEdit))
  }
  if (refused.length > 0 && !mayLeaveOut)
    throw new Failure('invalid', '', { diagnostics: refused, sources: before })
  const { desired, diagnostics, sources } = await load(context, flags, 'ignore', texts)
  if (desired === null) {
    throw new Failure('invalid', 'the files would not be valid with this change; nothing was written', {
      diagnostics,
      sources,
      hint: 'lines and places above are those of the text with the change',
    })
  }
  const old = new Set(known.map(({ code, message }) => `${code} ${message}`))
  const fresh = diagnostics.filter(({ code, message }) => !old.has(`${code} ${message}`))
  if (fresh.length > 0) context.err(`${renderDiagnostics(fresh, sources, context.style.err)}\n`)
  return { texts, before, desired, refused }
}

/** Writes the files and prints what changed. */
export async function writeDraft(context: Context, draft: Draft): Promise<void> {
  for (const [file, text] of draft.texts) {
    if (draft.before.get(file) !== text) await writeWholeFile(context, file, text)
  }
  showDraft(context, draft)
}

/** Prints what changes, in the form of a patch: on stderr where stdout is for JSON alone. */
export function showDraft(context: Context, { texts, before }: Draft): void {
  for (const [file, text] of texts) {
    const old = before.get(file) ?? ''
    if (old === text) continue
    const patch = createTwoFilesPatch(file, file, old, text, '', '', { context: 2 }).trimEnd()
    const lines = patch.slice(patch.indexOf('---')).split('\n')
    const print = context.json ? context.err : context.out
    print(`${lines.map((line) => patchLine(line, context)).join('\n')}\n`)
  }
}

function patchLine(line: string, { style: { out } }: Context): string {
  const text = safeLine(line.trimEnd())
  if (text.startsWith('+')) return out.marked('+', text)
  if (text.startsWith('-')) return out.marked('-', text)
  return text.startsWith('@@') ? out.quiet(text) : text
}

async function readText(context: Context, file: string): Promise<string> {
  if (file === STDIN_NAME) {
    throw new Failure('usage', 'standard input cannot be edited: name the files with --file')
  }
  const { io, ending } = context
  const { sources, diagnostics } = await readSources([file], {
    cwd: io.cwd,
    readStdin: io.stdin.read,
    signal: ending,
  })
  const [source] = sources
  if (source === undefined) throw new Failure('invalid', '', { diagnostics })
  return source.text
}

function cannotEdit({ edit, why, at }: RefusedEdit): Diagnostic {
  return {
    severity: 'error',
    code: CODES[why],
    message: MESSAGES[why],
    hint: why === 'variable' ? `change the variable, or ${byHand(edit)}` : byHand(edit),
    at: at ?? edit.at,
  }
}

const CODES: Readonly<Record<RefusedEdit['why'], string>> = {
  shared: 'VPN610',
  alias: 'VPN610',
  unusual: 'VPN611',
  variable: 'VPN612',
}

const MESSAGES: Readonly<Record<RefusedEdit['why'], string>> = {
  shared:
    'this entry is written once and used in several places (an alias or a merge key), so it was not changed',
  alias: 'this value is written once and used in several places (an alias), so it was not changed',
  unusual: 'this entry is written in a way that cannot be changed without changing something else',
  variable: 'this value comes from a variable, which may be used elsewhere too, so it was not changed',
}

// An entry of a list has no name.
function writeByHand(path: readonly (string | number)[], value: string): string {
  const isOfList = /^\d+$/.test(String(path.at(-1)))
  return isOfList
    ? `write by hand, in ${path.slice(0, -1).join('.')}: ${value}`
    : `write by hand: ${path.join('.')}: ${value}`
}

function byHand(edit: EntryEdit): string {
  switch (edit.type) {
    case 'add':
      return `add by hand, under "${edit.list}:": - ${inlineText(edit.entry)}`
    case 'remove':
      return 'remove the entry by hand'
    case 'set':
      return edit.value === undefined
        ? `remove by hand: ${edit.path.join('.')}`
        : writeByHand(edit.path, inlineText(edit.value))
    default:
      return edit satisfies never
  }
}
