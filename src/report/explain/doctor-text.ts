import { safeLine } from '../writing/safe-text.ts'
import type { Style } from '../writing/style.ts'
import { wrapWords } from '../writing/wrap.ts'

/** One thing that was looked at. */
export interface Check {
  readonly name: string
  readonly state: 'ok' | 'note' | 'warning' | 'fail'
  /** What was found, as a sentence. */
  readonly message: string
  /** What to do; for everything that is not `ok`. */
  readonly hint?: string
}

const LABELS: Readonly<Record<Check['state'], string>> = {
  ok: 'ok',
  note: 'note',
  warning: 'WARN',
  fail: 'FAIL',
}

const PAINTS = { ok: 'good', note: 'quiet', warning: 'warning', fail: 'error' } as const

/** Checks a line each, what to do below; ends in a newline. */
export function renderChecks(checks: readonly Check[], style: Style): string {
  const width = Math.max(...checks.map(({ name }) => name.length))
  const indent = ' '.repeat(width + 9)
  const lines = checks.flatMap(({ name, state, message, hint }) => {
    const [first = '', ...more] = wrapWords(safeLine(message), style.width - indent.length)
    return [
      `${style[PAINTS[state]](LABELS[state].padEnd(5))}  ${name.padEnd(width)}  ${first}`,
      ...more.map((line) => `${indent}${line}`),
      ...(hint === undefined
        ? []
        : wrapWords(`${indent}hint: ${safeLine(hint)}`, style.width, `${indent}  `).map(style.quiet)),
    ]
  })
  return `${[...lines, '', ...wrapWords(verdict(checks), style.width)].join('\n')}\n`
}

function verdict(checks: readonly Check[]): string {
  const of = (state: Check['state']): number => checks.filter((check) => check.state === state).length
  if (of('fail') > 0) return `This does not work yet: ${of('fail')} of ${checks.length} checks failed.`
  return of('warning') > 0 ? 'This works; see the warnings above.' : 'All checks passed.'
}
