import type { Loaded } from '../../../engine/load-files.ts'
import { planBetween } from '../../../plan/between.ts'
import { renderDiagnostics } from '../../../report/diagnostics/text.ts'
import type { Context } from '../../context.ts'
import { Failure } from '../../failure.ts'
import { load, sourceName } from '../../files/desired.ts'
import { loadVersion } from '../../files/version.ts'
import type { FileFlags, PlanFlags } from '../../flags/options.ts'
import type { PresentFlags } from '../../output/present.ts'
import { presentPlan } from '../../output/present-plan.ts'
import { checkReports } from '../../output/reports.ts'
import { planExit } from '../plan/run.ts'

/** Flags of `diff`. */
export interface DiffFlags extends FileFlags, Pick<PlanFlags, 'target'>, PresentFlags {
  readonly detailedExitcode?: boolean
}

/** One version of the files, as it was named. */
interface Version {
  readonly name: string
  readonly loaded: Loaded
}

/** `vpnctl diff`. Sends no request and follows no reference to a secret. */
export async function run(
  context: Context,
  flags: DiffFlags,
  [before, after]: readonly [string, string?],
): Promise<number> {
  checkReports(flags.report, context.io.cwd)
  const earlier = await loadVersion(context, { ...flags, allowPlaintextSecrets: true }, before)
  const later = await laterVersion(context, flags, after)
  const versions = { before, after: later.name }
  const { desired, diagnostics, sources } = later.loaded
  const former = earlier === undefined ? emptyOf(desired) : earlier.desired
  if (desired === null || former === null) {
    throw invalid([...(earlier === undefined ? [] : [{ name: before, loaded: earlier }]), later])
  }
  if (diagnostics.length > 0 && !context.json) {
    context.err(`${renderDiagnostics(diagnostics, sources, context.style.err)}\n`)
  }
  const plan = planBetween(former, desired, versions, {
    targets: flags.target ?? [],
    asOf: new Date(context.io.clock.now()).toISOString(),
  })
  await presentPlan(context, flags, { plan, warnings: diagnostics, sources, sourceName: later.name })
  return planExit(plan, flags.detailedExitcode === true)
}

async function laterVersion(context: Context, flags: DiffFlags, name: string | undefined): Promise<Version> {
  if (name === undefined) return { name: sourceName(flags), loaded: await load(context, flags, 'ignore') }
  const loaded = await loadVersion(context, flags, name)
  if (loaded !== undefined) return { name, loaded }
  throw new Failure('invalid', `${name} has none of the files`, {
    hint: 'name them: -f PATH, or git:REF:PATH; paths are relative to this folder',
  })
}

// Where there was nothing before, all is new.
function emptyOf(desired: Loaded['desired']): Loaded['desired'] {
  return desired === null ? null : { ...desired, resources: [] }
}

function invalid(versions: readonly Version[]): Failure {
  const broken = versions.filter(({ loaded }) => loaded.desired === null)
  const names = broken.map(({ name }) => name).join(' and ')
  return new Failure('invalid', `${names}: the errors have to be corrected before versions can be compared`, {
    diagnostics: broken.flatMap(({ loaded }) => loaded.diagnostics),
    sources: new Map(broken.flatMap(({ loaded }) => [...loaded.sources])),
  })
}
