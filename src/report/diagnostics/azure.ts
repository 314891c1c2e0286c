import type { Diagnostic } from '../../model/diagnostic.ts'
import type { Plan } from '../../plan/types.ts'
import { safeLine } from '../writing/safe-text.ts'

/** Diagnostics as logging commands of Azure Pipelines, one a line. Relative paths are set on `root`. */
export function renderDiagnosticsAzure(diagnostics: readonly Diagnostic[], root: string): string {
  return diagnostics
    .map(({ severity, code, message, hint, at }) => {
      const place =
        at === undefined
          ? ''
          : `sourcepath=${property(absolute(at.file, root))};linenumber=${at.start.line};columnnumber=${at.start.column};`
      const text = hint === undefined ? message : `${message} (${hint})`
      return `##vso[task.logissue type=${severity};${place}code=${property(code)};]${property(text)}\n`
    })
    .join('')
}

/** The counts of a plan as output variables of Azure Pipelines, one a line. */
export function renderPlanAzure(plan: Plan): string {
  const { create, update, delete: remove, unmanaged } = plan.summary
  const variables = {
    changes: create + update + remove > 0,
    to_add: create,
    to_change: update,
    to_destroy: remove,
    unmanaged,
  }
  return Object.entries(variables)
    .map(([name, value]) => `##vso[task.setvariable variable=${name};isoutput=true]${value}\n`)
    .join('')
}

// `%` first, in the form that the agent decodes.
function property(text: string): string {
  return safeLine(text).replaceAll('%', '%AZP25').replaceAll(';', '%3B').replaceAll(']', '%5D')
}

function absolute(file: string, root: string): string {
  const isAbsolute = /^([/\\]|[A-Za-z]:[/\\])/.test(file)
  return isAbsolute ? file : `${root.replace(/[/\\]$/, '')}/${file.replace(/^\.\//, '')}`
}
