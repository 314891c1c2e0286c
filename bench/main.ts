import { writeFileSync } from 'node:fs'
import { availableParallelism, loadavg } from 'node:os'
import { parseArgs } from 'node:util'
import { buildHere, buildRevision } from './builds.ts'
import { compare } from './compare.ts'
import type { Measured, Row } from './row.ts'
import { ROWS } from './rows/index.ts'
import { tableOf } from './table.ts'

const RESULTS = 'bench/results.json'

const { values } = parseArgs({
  options: {
    compare: { type: 'string' },
    only: { type: 'string', multiple: true },
    runs: { type: 'string', default: '5' },
    list: { type: 'boolean', default: false },
    'no-build': { type: 'boolean', default: false },
  },
})
const runs = Math.max(1, Number(values.runs) || 1)
const rows = chosen(values.only)

if (values.list) {
  for (const row of ROWS) console.log(`${row.name.padEnd(20)} ${row.work}`)
} else if (values.compare === undefined) {
  await measureAll(rows)
} else {
  const here = buildHere(values['no-build'])
  const there = buildRevision(values.compare)
  try {
    await compare(rows, here, there, runs)
  } finally {
    there.dispose()
  }
}

function chosen(names: readonly string[] | undefined): readonly Row[] {
  if (names === undefined) return ROWS
  const found = ROWS.filter(({ name }) => names.includes(name))
  if (found.length === 0)
    throw new Error(`no such row; there are: ${ROWS.map(({ name }) => name).join(', ')}`)
  return found
}

async function measureAll(wanted: readonly Row[]): Promise<void> {
  const build = buildHere(values['no-build'])
  const measured: Measured[] = []
  for (const row of wanted) {
    process.stderr.write(`${row.name} ...\n`)
    for (const figure of await row.measure(build, runs))
      measured.push({ row: row.name, work: row.work, ...figure })
  }
  console.log(tableOf(measured))
  const { version, platform, arch } = process
  const machine = { node: version, platform, arch, cores: availableParallelism(), load: loadavg()[0] ?? 0 }
  writeFileSync(RESULTS, `${JSON.stringify({ machine, rows: measured }, null, 2)}\n`)
  console.log(
    `\nNode ${version}, ${platform} ${arch}, ${machine.cores} cores, load ${machine.load.toFixed(1)}; written to ${RESULTS}`,
  )
}
