import { DEFAULT_FILE } from '../../config/source.ts'
import { type Loaded, type LoadOptions, loadFiles } from '../../engine/load-files.ts'
import type { Diagnostic } from '../../model/diagnostic.ts'
import { optional } from '../../model/optional.ts'
import type { DesiredState } from '../../model/resource.ts'
import { foldMissingSecrets } from '../../report/diagnostics/missing-secrets.ts'
import { renderDiagnostics } from '../../report/diagnostics/text.ts'
import { hintWithInputs } from '../../report/writing/run-inputs.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'
import type { FileFlags } from '../flags/options.ts'
import { type Inputs, sameInputs } from '../output/rerun-command.ts'

/** The files as a user named them. */
export function fileNames(flags: FileFlags): readonly string[] {
  return flags.file ?? [DEFAULT_FILE]
}

/** The files in one line, for people. */
export function sourceName(flags: FileFlags): string {
  return fileNames(flags).join(', ')
}

type LoadFlags = FileFlags & { readonly strict?: boolean } & Pick<LoadOptions, 'checkAccess'>

/** Reads the files with everything that is wrong with them; nothing is printed. */
export async function load(
  context: Context,
  flags: Inputs & LoadFlags,
  secrets: LoadOptions['secrets'],
  drafts?: LoadOptions['drafts'],
): Promise<Loaded> {
  const { diagnostics, ...loaded } = await read(context, flags, secrets, drafts)
  const inputs = sameInputs(flags)
  return { ...loaded, diagnostics: diagnostics.map((each) => hintWithInputs(each, inputs)) }
}

/** {@link load} of files that the flags of the run do not name: hints propose commands without them. */
export function read(
  context: Context,
  flags: LoadFlags,
  secrets: LoadOptions['secrets'],
  drafts?: LoadOptions['drafts'],
): Promise<Loaded> {
  const { io } = context
  return loadFiles({
    files: fileNames(flags),
    cwd: io.cwd,
    env: io.env,
    readStdin: io.stdin.read,
    signal: context.ending,
    whileBusy: io.whileBusy,
    secrets,
    ...optional({ allowPlaintextSecrets: flags.allowPlaintextSecrets, strict: flags.strict }),
    vars: variables(flags.var ?? []),
    varFiles: flags.varFile ?? [],
    drafts,
    checkAccess: flags.checkAccess,
  })
}

/** A desired state with the texts that it came from. */
export interface LoadedState {
  readonly desired: DesiredState
  readonly sources: ReadonlyMap<string, string>
  /** Warnings of the files, already printed. */
  readonly warnings: readonly Diagnostic[]
}

/** The same, where errors end the run. */
export async function loadValid(
  context: Context,
  flags: Inputs & Pick<LoadOptions, 'checkAccess'>,
  secrets: LoadOptions['secrets'],
  drafts?: LoadOptions['drafts'],
): Promise<Loaded & Pick<LoadedState, 'desired'>> {
  const { desired, ...loaded } = await load(context, flags, secrets, drafts)
  if (desired !== null) return { ...loaded, desired }
  throw new Failure('invalid', '', loaded)
}

/** The desired state; its warnings go to stderr, its errors end the run. */
export async function loadDesired(
  context: Context,
  flags: Inputs & Pick<LoadOptions, 'checkAccess'>,
  secrets: LoadOptions['secrets'],
): Promise<LoadedState> {
  const { desired, diagnostics, sources } = await loadValid(context, flags, secrets)
  if (diagnostics.length > 0 && !context.json) {
    // With a blank line, since what follows on a terminal is the result.
    const shown = foldMissingSecrets(diagnostics, desired)
    context.err(`${renderDiagnostics(shown, sources, context.style.err)}\n`)
  }
  return { desired, sources, warnings: diagnostics }
}

function variables(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    given.map((pair) => {
      const at = pair.indexOf('=')
      if (at < 1) throw new Failure('usage', `--var ${pair} has to look like name=value`)
      return [pair.slice(0, at), pair.slice(at + 1)]
    }),
  )
}
