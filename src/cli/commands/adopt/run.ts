import { readSources } from '../../../config/source.ts'
import { type Adoptable, type Adoptions, findAdoptions } from '../../../engine/find-adoptions.ts'
import { readScope } from '../../../engine/read-scope.ts'
import { fetchLive } from '../../../live/fetch.ts'
import type { Diagnostic } from '../../../model/diagnostic.ts'
import type { LiveResource } from '../../../model/resource.ts'
import { renderDiagnostics } from '../../../report/diagnostics/text.ts'
import { foldNotes } from '../../../report/writing/rows.ts'
import { safeLine } from '../../../report/writing/safe-text.ts'
import type { Style } from '../../../report/writing/style.ts'
import { count, historyOf } from '../../../report/writing/words.ts'
import { wrapWords } from '../../../report/writing/wrap.ts'
import { type Adoption, adoptIds } from '../../../rewrite/adopt.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { fileNames, loadDesired } from '../../files/desired.ts'
import { writeWholeFile } from '../../files/write-file.ts'
import type { FileFlags, RemoteFlags } from '../../flags/options.ts'
import { whileReading } from '../../output/progress.ts'
import { fileArguments } from '../../output/rerun-command.ts'
import { openSession } from '../../session/session.ts'

/** Flags of `adopt`. */
export interface AdoptFlags extends FileFlags, RemoteFlags {
  readonly write?: boolean
}

/** `vpnctl adopt`. */
export async function adopt(context: Context, flags: AdoptFlags): Promise<number> {
  if (flags.write === true && fileNames(flags).includes('-')) {
    throw new Failure('usage', '--write cannot write to standard input: name the files')
  }
  const { desired } = await loadDesired(context, flags, 'ignore')
  const { locations } = readScope(desired)
  const session = await openSession(context, flags, locations)
  try {
    const live = await whileReading(context, (onProgress) =>
      fetchLive(session.remote, { locations, signal: session.signal, onProgress }),
    )
    const adoptions = findAdoptions(desired, live)
    context.out(adoptionsText(adoptions, context.style.out))
    const faults = flags.write === true ? await writeIds(context, adoptions.adoptable) : []
    if (faults.length > 0) {
      context.err(renderDiagnostics(faults, new Map(), context.style.err))
      return exitCode('invalid')
    }
    if (adoptions.ambiguous.length > 0) return exitCode('refused')
    if (flags.write !== true && adoptions.adoptable.length > 0) {
      const advice = `Nothing was written. To write the ids into the files: vpnctl adopt --write${fileArguments(flags)}`
      context.err(`\n${wrapWords(advice, context.style.err.width).join('\n')}\n`)
    }
    return exitCode('ok')
  } finally {
    await session.close()
  }
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

async function writeIds(context: Context, adoptable: readonly Adoptable[]): Promise<readonly Diagnostic[]> {
  const byFile = new Map<string, Adoption[]>()
  for (const { desired, live } of adoptable) {
    const at = desired.locate()
    if (at === undefined) continue
    byFile.set(at.file, [...(byFile.get(at.file) ?? []), { address: desired.address, id: live.id, at }])
  }
  const faults: Diagnostic[] = []
  for (const [file, adoptions] of byFile) {
    // A file that was named more than once is read once, under its first name; no one writes to standard input.
    const { sources, diagnostics } = await readSources([file], {
      cwd: context.io.cwd,
      readStdin: context.io.stdin.read,
      signal: context.ending,
    })
    const source = sources[0]
    faults.push(...diagnostics)
    if (source === undefined) continue
    const result = adoptIds(source.text, adoptions)
    faults.push(...result.diagnostics)
    if (result.written.length === 0) continue
    await writeWholeFile(context, file, result.text)
    context.err(`${safeLine(file)}: ${count(result.written.length, 'id')} written\n`)
  }
  return faults
}
