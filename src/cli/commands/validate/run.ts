import { type Diagnostic, hasErrors } from '../../../model/diagnostic.ts'
import type { DiagnosticsRenderOptions } from '../../../report/diagnostics/formats.ts'
import { renderDiagnosticsAs } from '../../../report/diagnostics/formats.ts'
import type { DiagnosticsFormat } from '../../../report/writing/format-names.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { load, sourceName } from '../../files/desired.ts'
import type { FileFlags } from '../../flags/options.ts'
import { codeHost } from '../../output/code-host.ts'
import type { ReportFlags } from '../../output/reports.ts'
import { checkReports, writeReports } from '../../output/reports.ts'
import { VERSION } from '../../version.ts'

/** Flags of `validate`. */
export interface ValidateFlags extends FileFlags, ReportFlags<DiagnosticsFormat> {
  readonly strict?: boolean
  readonly resolveSecrets?: boolean
}

/** `vpnctl validate`. */
export async function validate(context: Context, flags: ValidateFlags): Promise<number> {
  checkReports(flags.report, context.io.cwd)
  const { desired, diagnostics, sources } = await load(
    context,
    flags,
    flags.resolveSecrets ? 'required' : 'ignore',
  )
  const look = await diagnosticsLook(context, flags, diagnostics, sources)
  await writeReports(flags.report, context.io.cwd, (format) =>
    renderDiagnosticsAs(diagnostics, format, { ...look, color: false, width: Number.POSITIVE_INFINITY }),
  )
  if (flags.format === 'text') {
    context.err(renderDiagnosticsAs(diagnostics, 'text', look))
    if (desired !== null) context.out(`${sourceName(flags)}: valid, ${count(desired.resources.length)}.\n`)
  } else {
    context.out(renderDiagnosticsAs(diagnostics, flags.format, look))
  }
  return exitCode(hasErrors(diagnostics) ? 'invalid' : 'ok')
}

async function diagnosticsLook(
  context: Context,
  flags: ValidateFlags,
  diagnostics: readonly Diagnostic[],
  sources: ReadonlyMap<string, string>,
): Promise<DiagnosticsRenderOptions> {
  return {
    color: context.style.err.color,
    width: context.style.err.width,
    sources,
    fileName: codeHost(context.io).fileName,
    root: context.io.cwd,
    version: VERSION,
    rules: wantsRules(flags) ? await ruleTexts(diagnostics) : new Map(),
  }
}

function wantsRules({ format, report = [] }: ValidateFlags): boolean {
  return format === 'sarif' || report.some((each) => each.format === 'sarif')
}

async function ruleTexts(diagnostics: readonly Diagnostic[]): Promise<DiagnosticsRenderOptions['rules']> {
  const { explain } = await import('../../../model/codes.ts')
  const codes = [...new Set(diagnostics.map(({ code }) => code))]
  return new Map(
    codes.flatMap((code) => {
      const found = explain(code)
      return found === undefined
        ? []
        : [[code, { title: found.title, help: `${found.meaning} ${found.why} ${found.mend}` }] as const]
    }),
  )
}

function count(resources: number): string {
  return resources === 1 ? '1 resource' : `${resources} resources`
}
