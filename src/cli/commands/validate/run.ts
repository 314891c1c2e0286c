import { type Explanation, explain } from '../../../model/codes.ts'
import { type Diagnostic, hasErrors } from '../../../model/diagnostic.ts'
import { optional } from '../../../model/optional.ts'
import { safeLine } from '../../../model/safe-text.ts'
import { diagnosticsReport } from '../../../report/diagnostics/report.ts'
import { renderDiagnostics } from '../../../report/diagnostics/text.ts'
import type { RuleText } from '../../../report/report.ts'
import { count } from '../../../report/writing/words.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { load, sourceName } from '../../files/desired.ts'
import type { FileFlags } from '../../flags/options.ts'
import { present } from '../../output/present.ts'
import type { ReportFlags } from '../../output/reports.ts'
import { checkReports } from '../../output/reports.ts'

/** Flags of `validate`. */
export interface ValidateFlags extends FileFlags, ReportFlags {
  readonly strict?: boolean
  readonly resolveSecrets?: boolean
}

/** `vpnctl validate`. */
export async function run(context: Context, flags: ValidateFlags): Promise<number> {
  checkReports(flags.report, context.io.cwd)
  const { desired, diagnostics, sources } = await load(
    context,
    flags,
    flags.resolveSecrets ? 'required' : 'ignore',
  )
  const rules = wantsRules(flags) ? ruleTexts(diagnostics) : undefined
  const text = await present(context, flags, {
    report: diagnosticsReport(diagnostics),
    sources,
    sourceName: sourceName(flags),
    ...optional({ rules }),
  })
  if (flags.format === 'text') {
    context.err(renderDiagnostics(diagnostics, sources, context.style.err))
    if (desired !== null)
      context.out(`${safeLine(sourceName(flags))}: valid, ${count(desired.resources.length, 'resource')}.\n`)
  } else {
    context.document(text)
  }
  return exitCode(hasErrors(diagnostics) ? 'invalid' : 'ok')
}

function wantsRules({ format, report = [] }: ValidateFlags): boolean {
  return format === 'sarif' || report.some((each) => each.format === 'sarif')
}

function ruleTexts(diagnostics: readonly Diagnostic[]): ReadonlyMap<string, RuleText> {
  const codes = [...new Set(diagnostics.map(({ code }) => code))]
  return new Map(
    codes.flatMap((code) => {
      const found = explain(code)
      return found === undefined ? [] : [[code, ruleText(found)] as const]
    }),
  )
}

function ruleText({ title, meaning, why, hint }: Explanation): RuleText {
  return { title, description: `${meaning} ${why}`, help: `${meaning} ${why} ${hint}` }
}
