// Plants known bugs one at a time, in the bundle alone, and shows after how many seeds the simulation finds each:
// node test/simulation/planted.mjs [seeds] [words of a name]
import { spawnSync } from 'node:child_process'
import { bundleSimulation, plant } from './bundle.mjs'

const BUGS = [
  {
    name: 'other locations unread',
    file: 'src/live/fetch.ts',
    find: 'options.others === undefined ? undefined : fetchOthers',
    put: 'options.others !== undefined ? undefined : fetchOthers',
  },
  {
    name: 'no overlap of pages',
    file: 'src/api/pages.ts',
    find: 'const page = await overlapping()\n',
    put: 'const page = decodePage(await fetchPage(received, PAGE_SIZE))\n',
  },
  {
    name: 'parents sorted after children',
    file: 'src/plan/changes/reading-order.ts',
    find: String.raw`)}\0$`,
    put: String.raw`)}\u0001$`,
  },
  {
    name: 'an update that re-creates and is not taken back',
    file: 'src/apply/steps.ts',
    find: "if (change.action === 'update' && (written.value.created",
    put: "if (change.action === 'keep' && (written.value.created",
  },
  {
    name: 'a creation that overwrites',
    file: 'src/apply/guard.ts',
    find: 'return this.#isRecent(change) ? undefined',
    put: "return change.action === 'create' || this.#isRecent(change) ? undefined",
  },
  {
    name: 'slots not claimed',
    file: 'src/plan/order/slots.ts',
    find: 'if (creates.size === 0) return []',
    put: 'if (creates.size >= 0) return []',
  },
  {
    name: 'a LAN address not claimed',
    file: 'src/plan/order/claims.ts',
    find: 'const places = claimedPlaces(claims, spec)',
    put: 'const places = claimedPlaces(claims, spec).slice(0, 0)',
  },
  {
    name: 'verification that ignores refusals',
    file: 'src/engine/verify.ts',
    find: 'if (!hasWrites(plan) && refusals.length === 0)',
    put: 'if (!hasWrites(plan))',
  },
  {
    name: 'a time-out that exits 0',
    file: 'src/apply/ending.ts',
    find: "if (stopped?.type === 'timeout') return 'timed-out'",
    put: "if (stopped?.type === 'timeout') return 'converged'",
  },
  {
    name: 'staleness that reads unmanaged resources',
    file: 'src/plan/saved/staleness.ts',
    find: 'return [...removed, ...others]',
    put: `return [
      ...removed,
      ...others,
      ...today.changes
        .filter(({ action, key }) => action === 'unmanaged' && !before.has(key))
        .map(({ key, address }) => ({ key, address, how: 'added', parts: [], fields: [], needs: [] })),
    ]`,
  },
]

const seeds = Number(process.argv[2] ?? '5000')
const words = process.argv[3] ?? ''
const clean = await bundleSimulation('clean.mjs')
for (const bug of BUGS.filter(({ name }) => name.includes(words))) {
  const outfile = await bundleSimulation('planted.mjs', { plugins: [plant(bug)] })
  process.stdout.write(`${bug.name}: ${findIn(outfile)}\n`)
}

// A history that breaks a law without the bug as well does not count.
function findIn(outfile) {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const said = run(outfile, seed, seeds - seed + 1)
    const after = /^found after (\d+) seeds: (.*)/.exec(said)
    if (after === null) return said
    seed += Number(after[1]) - 1
    if (!run(clean, seed, 1).startsWith('found')) return `seed ${seed}: ${after[2]}`
  }
  return `not found in ${seeds} seeds`
}

function run(outfile, seed, count) {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [outfile, '--seed', String(seed), '--seeds', String(count), '--first'],
    { encoding: 'utf8' },
  )
  return stdout.trim().split('\n').at(-1) || stderr.slice(0, 300)
}
