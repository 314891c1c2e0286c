import { expect, test } from 'vitest'
import { runCli } from '../support/run-cli.ts'

const ESCAPE = '\u001b['

async function hasColor(
  flags: readonly string[],
  env: Readonly<Record<string, string>>,
  atTerminal: boolean,
): Promise<boolean> {
  const tty = atTerminal ? { tty: { columns: 80 } } : {}
  const { code, stdout } = await runCli(['explain', 'VPN301', ...flags], { env, ...tty })
  expect(code).toBe(0)
  return stdout.includes(ESCAPE)
}

test.each([
  ['a terminal', [], {}, true, true],
  ['no terminal', [], {}, false, false],
  ['a terminal that can do nothing', [], { TERM: 'dumb' }, true, false],
  ['a pipeline, at what looks like a terminal', [], { CI: 'true' }, true, false],
  ['NO_COLOR', [], { NO_COLOR: '1' }, true, false],
  ['NO_COLOR set to nothing', [], { NO_COLOR: '' }, true, true],
  ['FORCE_COLOR', [], { FORCE_COLOR: '1', CI: 'true' }, false, true],
  ['FORCE_COLOR=0', [], { FORCE_COLOR: '0' }, true, false],
  ['NO_COLOR with FORCE_COLOR', [], { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
  ['--color in spite of NO_COLOR', ['--color'], { NO_COLOR: '1' }, false, true],
  ['--no-color in spite of FORCE_COLOR', ['--no-color'], { FORCE_COLOR: '1' }, true, false],
  ['the last of both flags', ['--no-color', '--color'], {}, false, true],
] as const)('%s: colour as the user wants it', async (_, flags, env, atTerminal, expected) => {
  expect(await hasColor(flags, env, atTerminal)).toBe(expected)
})
