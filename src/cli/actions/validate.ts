import { hasErrors } from '../../model/diagnostic.ts'
import { renderDiagnosticsJson } from '../../report/diagnostics-json.ts'
import { renderDiagnostics } from '../../report/diagnostics-text.ts'
import type { ValidateFlags } from '../commands/validate.ts'
import type { Context } from '../context.ts'
import { fileNames, load } from '../desired.ts'
import { exitCode } from '../exit-codes.ts'

/** `vpnctl validate`. */
export async function validate(context: Context, flags: ValidateFlags): Promise<number> {
  const { desired, diagnostics, sources } = await load(
    context,
    flags,
    flags.resolveSecrets ? 'required' : 'ignore',
  )
  switch (flags.format) {
    case 'text':
      if (diagnostics.length > 0) {
        context.err(renderDiagnostics(diagnostics, sources, { color: context.style.err.color }))
      }
      if (desired !== null)
        context.out(`${fileNames(flags).join(', ')}: valid, ${count(desired.resources.length)}.\n`)
      break
    case 'json':
      context.out(renderDiagnosticsJson(diagnostics))
      break
    default:
      return flags.format satisfies never
  }
  return exitCode(hasErrors(diagnostics) ? 'invalid' : 'ok')
}

function count(resources: number): string {
  return resources === 1 ? '1 resource' : `${resources} resources`
}
