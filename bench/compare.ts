import type { Build } from './builds.ts'
import { type Figure, median, type Row } from './row.ts'
import { columns } from './table.ts'

/**
 * Measures two builds in turn, A B A B, and prints the ratio of each pair's figures: a machine that becomes slower
 * on the way does so for both.
 */
export async function compare(rows: readonly Row[], a: Build, b: Build, pairs: number): Promise<void> {
  const lines = [['row', 'what', a.name, b.name, 'ratio', 'least', 'most']]
  for (const row of rows) {
    const seen = new Map<string, { unit: string; a: number[]; b: number[]; ratios: number[] }>()
    for (let pair = 0; pair < pairs; pair++) {
      process.stderr.write(`${row.name} ${pair + 1}/${pairs} ...\n`)
      const here = await row.measure(a, 1)
      const there = await row.measure(b, 1)
      for (const figure of here)
        note(
          seen,
          figure,
          there.find(({ what }) => what === figure.what),
        )
    }
    for (const [what, { unit, a: as, b: bs, ratios }] of seen) {
      const figures = [median(ratios), Math.min(...ratios), Math.max(...ratios)].map((ratio) =>
        ratio.toFixed(2),
      )
      lines.push([
        row.name,
        what,
        `${median(as).toFixed(2)} ${unit}`,
        `${median(bs).toFixed(2)} ${unit}`,
        ...figures,
      ])
    }
  }
  console.log(columns(lines))
}

function note(
  seen: Map<string, { unit: string; a: number[]; b: number[]; ratios: number[] }>,
  here: Figure,
  there: Figure | undefined,
): void {
  if (there === undefined) return
  const known = seen.get(here.what) ?? { unit: here.unit, a: [], b: [], ratios: [] }
  seen.set(here.what, known)
  known.a.push(here.value)
  known.b.push(there.value)
  known.ratios.push(here.value / there.value)
}
