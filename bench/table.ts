import { type Figure, holds, type Measured } from './row.ts'

/** The figures as a table for a terminal. */
export function tableOf(measured: readonly Measured[]): string {
  const lines = measured.map((figure) => [
    figure.row,
    figure.what,
    `${figure.atLeast === true ? '>=' : '<='} ${shown(figure.goal, figure)}`,
    shown(figure.value, figure),
    holds(figure) ? 'holds' : 'MISSES',
    figure.detail ?? '',
  ])
  return columns([['row', 'what', 'goal', 'figure', '', 'detail'], ...lines])
}

/** Lines of cells, aligned. */
export function columns(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  return lines
    .map((line) =>
      line
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function shown(value: number, { unit }: Figure): string {
  return `${Number(value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0))} ${unit}`.trim()
}
