// Plants known bugs one at a time, in the bundle alone, and shows whether the exploration finds each:
// node test/exploration/planted.mjs [words of a name]
import { spawnSync } from 'node:child_process'
import { bundleSimulation, plant } from '../simulation/bundle.mjs'

const BUGS = [
  {
    name: 'an update that re-creates and is not taken back',
    file: 'src/apply/steps.ts',
    find: "if (change.action === 'update' && (written.value.created",
    put: "if (change.action === 'keep' && (written.value.created",
    options: ['a peer differs', '--no-fault'],
  },
  {
    name: 'a write without a recent read',
    file: 'src/apply/guard.ts',
    find: 'return this.#isRecent(change) ? undefined',
    put: 'return this.#pending.size > 0 ? undefined',
    options: ['the gateway differs', '--no-act'],
  },
  {
    name: 'verification that ignores what is left',
    file: 'src/engine/verify.ts',
    find: 'if (!hasWrites(plan) && refusals.length === 0)',
    put: 'if (refusals.length === 0)',
    options: ['a peer is to be deleted', '--no-fault'],
  },
]

const words = process.argv[2] ?? ''
for (const bug of BUGS.filter(({ name }) => name.includes(words))) {
  const outfile = await bundleSimulation('planted-exploration.mjs', {
    entryPoints: ['test/exploration/command.ts'],
    plugins: [plant(bug)],
  })
  const { stdout, stderr } = spawnSync(process.execPath, [outfile, '--first', ...bug.options], {
    encoding: 'utf8',
  })
  const found = /NOT KNOWN: .*/.exec(stdout)?.[0].replace('NOT KNOWN: ', 'found: ')
  process.stdout.write(
    `${bug.name}: ${found ?? `not found; ${stdout.trim().split('\n').at(-1) || stderr.slice(0, 300)}`}\n`,
  )
}
