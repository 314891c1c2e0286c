import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { addRogue, edit, startWorld, type World } from '../support/drift-world.ts'
import { EXAMPLE_ENV } from '../support/examples.ts'
import { startJourney } from '../support/journey.ts'
import { runCli } from '../support/run-cli.ts'

// What a live description could say to the runner that shows it.
const HOSTILE = 'x\n::error::gotcha\n##vso[task.setvariable variable=PATH]gotcha\n##[error]gotcha'
const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')

let world: World
let journey: Awaited<ReturnType<typeof startJourney>>

beforeEach(async () => {
  world = await startWorld('2026-06-10T08:00:00Z')
  journey = await startJourney()
  journey.write(QUICKSTART)
  expect((await vpnctl('apply', '--yes')).code).toBe(0)
  edit(world, 'hq', { description: HOSTILE })
  addRogue(world, 'hq', HOSTILE.slice(0, 60))
})
afterEach(async () => {
  await journey.close()
  await world.sandbox.close()
})

function vpnctl(...argv: string[]): ReturnType<typeof runCli> {
  const env = { ...EXAMPLE_ENV, IONOS_TOKEN: 'throw-away-token', VPNCTL_ENDPOINT: world.sandbox.url }
  return runCli(argv, { cwd: journey.folder, env })
}

describe.each(['plan', 'drift'])('%s in the log of', (command) => {
  test('GitHub: what the API says is printed where the runner executes nothing', async () => {
    const { stdout, stderr } = await vpnctl(command, '--format', 'github')
    expect(stdout).toContain('gotcha')
    const [, token] = /^::stop-commands::(\w+)$/m.exec(stdout) ?? []
    const fenced = new RegExp(`^::stop-commands::${token}\\n[\\s\\S]*?^::${token}::\\n`, 'm')
    expect(stdout).toMatch(fenced)
    const obeyed = `${stdout.replace(fenced, '')}${stderr}`.match(/^\s*::.*$/gm) ?? []
    expect(obeyed).not.toEqual([])
    // Ours, one per line, each of a kind that we write; nothing of the description begins one.
    for (const line of obeyed) expect(line).toMatch(/^::(notice|warning|error) (file=|title=)/)
    expect(`${stdout}${stderr}`).not.toContain('##[error]')
  })

  test('Azure: commands of others are not commands', async () => {
    const { stdout, stderr } = await vpnctl(command, '--format', 'azure')
    const commands = `${stdout}${stderr}`.match(/.*##vso\[[^\]]*/g) ?? []
    expect(commands).not.toEqual([])
    for (const line of commands) {
      expect(line).toMatch(
        /^##vso\[(task\.logissue type=(error|warning);|task\.setvariable variable=[a-z_]+;isoutput=true$)/,
      )
    }
  })
})

test('an apply, in whatever log, shows the description and gives no command', async () => {
  const { stdout, stderr } = await vpnctl('apply', '--yes')
  expect(stdout).toContain('gotcha')
  expect(`${stdout}${stderr}`).not.toMatch(/^\s*::|##vso\[|##\[/m)
})
