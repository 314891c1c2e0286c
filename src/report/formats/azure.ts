import type { Fact, Remark, RenderOptions, Report } from '../report.ts'
import { safeLine } from '../writing/safe-text.ts'

/** Logging commands of Azure Pipelines, one per line: the remarks, then the facts as output variables. */
export function render(report: Report, { root }: RenderOptions): string {
  return `${renderRemarks(report.remarks, root)}${renderVariables(report.facts)}`
}

/** Errors and warnings; Azure has no notices, they are in the text. Relative paths are set on `root`. */
export function renderRemarks(remarks: readonly Remark[], root: string): string {
  return remarks
    .filter(({ severity }) => severity !== 'notice')
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

function renderVariables(facts: readonly Fact[]): string {
  return facts
    .map(([name, value]) => `##vso[task.setvariable variable=${name};isoutput=true]${property(value)}\n`)
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
