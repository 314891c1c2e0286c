import { createTwoFilesPatch } from 'diff'
import { readSources, STDIN_NAME } from '../../config/source.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import type { DesiredState } from '../../model/resource.ts'
import { renderDiagnostics } from '../../report/diagnostics/text.ts'
import { safeLine } from '../../report/writing/safe-text.ts'
import { type EntryEdit, editEntry } from '../../rewrite/entry-edits.ts'
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
  /** What the files say with them. */
  readonly desired: DesiredState
}

/**
 * Makes the edits in memory and checks the files with them. New warnings, which are not among the `known` ones of the files before, go to stderr; an edit that cannot be
 * made, and a result with errors, end the run, and nothing is written.
 */
export async function draftEdits(
  context: Context,
  flags: FileFlags,
  edits: readonly EntryEdit[],
  known: readonly Diagnostic[],
): Promise<Draft> {
  const before = new Map<string, string>()
  const texts = new Map<string, string>()
  const refused: Diagnostic[] = []
  // From the end of each file to its start, so that no edit moves the place of the next one.
  for (const edit of [...edits].sort((a, b) => b.at.start.offset - a.at.start.offset)) {
    const { file } = edit.at
    if (!texts.has(file)) {
      const text = await readText(context, file)
      before.set(file, text)
      texts.set(file, text)
    }
    const result = editEntry(texts.get(file) ?? '', edit)
    if (result.type === 'edited') texts.set(file, result.text)
    else refused.push(cannotEdit(edit, result.type))
  }
  if (refused.length > 0) throw new Failure('invalid', '', { diagnostics: refused, sources: before })
  const { desired, diagnostics, sources } = await load(context, flags, 'ignore', texts)
  if (desired === null) throw new Failure('invalid', '', { diagnostics, sources })
  const old = new Set(known.map(({ code, message }) => `${code} ${message}`))
  const fresh = diagnostics.filter(({ code, message }) => !old.has(`${code} ${message}`))
  if (fresh.length > 0) context.err(`${renderDiagnostics(fresh, sources, context.style.err)}\n`)
  return { texts, desired }
}

/** Writes the files and prints what changed, in the form of a patch: on stderr where stdout is for JSON alone. */
export async function writeDraft(context: Context, { texts }: Draft): Promise<void> {
  for (const [file, text] of texts) {
    const before = await readText(context, file)
    if (before === text) continue
    await writeWholeFile(context, file, text)
    const patch = createTwoFilesPatch(file, file, before, text, '', '', { context: 2 }).trimEnd()
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

function cannotEdit(edit: EntryEdit, why: 'shared' | 'unusual'): Diagnostic {
  return {
    severity: 'error',
    code: why === 'shared' ? 'VPN610' : 'VPN611',
    message:
      why === 'shared'
        ? 'this entry is written once and used in several places (an alias or a merge key), so it was not changed'
        : 'this entry is written in a way that cannot be changed without changing something else',
    hint: byHand(edit),
    at: edit.at,
  }
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
        : `write by hand: ${edit.path.join('.')}: ${inlineText(edit.value)}`
    default:
      return edit satisfies never
  }
}
