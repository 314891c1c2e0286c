import { isFailing, type ProbeResult } from '../../probe/verdict.ts'
import { displayWidth } from '../writing/display-width.ts'
import { safeLine } from '../writing/safe-text.ts'
import type { Style } from '../writing/style.ts'
import { count } from '../writing/words.ts'
import { wrapWords } from '../writing/wrap.ts'
import { verdictHint, verdictWords } from './words.ts'

const TITLES = ['RESOURCE', 'PROBE', 'AT', 'RESULT'] as const

/** The results as a table, one line per check, and what to do about those that fail. Ends in a newline. */
export function renderProbes(results: readonly ProbeResult[], style: Style): string {
  if (results.length === 0) return `${NOTHING}\n`
  const rows = [
    TITLES,
    ...results.map(
      ({ address, check, at, verdict }) =>
        [safeLine(address), check, safeLine(at), verdictWords(verdict)] as const,
    ),
  ]
  const widths = TITLES.map((_, column) => Math.max(...rows.map((row) => displayWidth(row[column] ?? ''))))
  const lines = rows.map((row, index) => {
    const verdict = results[index - 1]?.verdict
    const cells = row.map((text, column) => {
      const padding =
        column === TITLES.length - 1 ? '' : ' '.repeat((widths[column] ?? 0) - displayWidth(text))
      const painted = column < TITLES.length - 1 || verdict === undefined ? text : paint(verdict, text, style)
      return painted + padding
    })
    return index === 0 ? style.quiet(cells.join('  ')) : cells.join('  ')
  })
  const hints = [...new Set(results.flatMap((result) => verdictHint(result) ?? []))]
  const notes = hints.flatMap((hint) => wrapWords(`- ${hint}`, style.width, '  '))
  const failing = results.filter(({ verdict }) => isFailing(verdict)).length
  const sum = failing === 0 ? withoutFailure(results) : `${count(failing, 'check')} failed.`
  return `${[...lines, '', ...notes, ...(notes.length > 0 ? [''] : []), sum].join('\n')}\n`
}

const NOTHING = 'Nothing was probed: the files have no canary, no tunnel and no host name.'

function withoutFailure(results: readonly ProbeResult[]): string {
  const skipped = results.flatMap(({ verdict }) => (verdict.type === 'not-probed' ? [verdict.why] : []))
  if (skipped.length < results.length) return 'Nothing that was probed fails.'
  return skipped.every((why) => why === 'no-canary') ? NOTHING : 'Nothing was probed.'
}

function paint(verdict: ProbeResult['verdict'], text: string, style: Style): string {
  if (isFailing(verdict)) return style.error(text)
  return verdict.type === 'refuses' || verdict.type === 'not-probed' ? style.warning(text) : text
}
