import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createContext } from '../../src/cli/context.ts'
import type { Io } from '../../src/cli/io.ts'
import { createProgram } from '../../src/cli/program.ts'
import { hastyClock } from '../support/virtual-clock.ts'

// Every command line in files that are copied is one that this version understands, values of flags and all.
const FILES = ['.pre-commit-hooks.yaml', 'Dockerfile', ...filesBelow('examples/ci')]

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
}

const SILENT: Io = {
  env: {},
  cwd: '/',
  stdout: { isTTY: false, columns: () => undefined, write: () => undefined },
  stderr: { isTTY: false, columns: () => undefined, write: () => undefined },
  stdin: { isTTY: false, read: async () => new Uint8Array(), ask: async () => '' },
  clock: hastyClock(),
  random: () => 0,
  randomBytes: (count) => Buffer.alloc(count),
  onStop: () => () => undefined,
}

/** The command lines that a text shows: whole lines, list items, list members and code in sentences. */
function commandLines(text: string): string[] {
  const joined = text.replace(/\\\n\s*/g, ' ').replace(/^(\s*vpnctl [^\n]*)\n(\s*--[^\n]*)$/gm, '$1 $2')
  const shown = [
    ...joined.matchAll(/^\s*(?:\$ |- (?:run: |script: |entry: )?|entry: |script: |RUN )?(vpnctl [^\n]*)$/gm),
  ]
  const inline = [...joined.matchAll(/`(vpnctl [^`\n]+)`/g)]
  return [...shown, ...inline].map(([, line = '']) => line)
}

function wordsOf(line: string): string[] {
  // Flags that a script found before.
  const given = line.replace(/\$flags\b|\$\(cat [\w.-]+\)/, '--base=git:main --on-drift=refuse')
  const end = given.search(/ [#|>&]| >>|;/)
  const words = (end < 0 ? given : given.slice(0, end)).trim().match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? []
  return words.slice(1).map((word) => word.replace(/["']/g, ''))
}

async function faultOf(words: readonly string[]): Promise<string | undefined> {
  const program = createProgram(createContext(words, SILENT), () => undefined)
  for (const command of program.commands) command.action(() => undefined)
  try {
    await program.parseAsync([...words], { from: 'user' })
    return undefined
  } catch (error) {
    const { exitCode, message } = error as { exitCode?: number; message: string }
    return exitCode === 0 ? undefined : message
  }
}

test.each(FILES)('%s has no command that vpnctl does not know', async (file) => {
  const faults: string[] = []
  for (const line of commandLines(readFileSync(file, 'utf8'))) {
    const words = wordsOf(line)
    // `vpnctl is ...` in a sentence, or a name for what the reader puts there.
    if (words.length === 0 || words.some((word) => /^[A-Z]+$|[<>…]|\.\.\./.test(word))) continue
    const fault = await faultOf(words)
    if (fault !== undefined) faults.push(`${line}: ${fault}`)
  }
  expect(faults).toEqual([])
})

test('a flag that does not exist is found', async () => {
  const [line = ''] = commandLines('  - run: vpnctl plan --no-such-flag\n')
  expect(await faultOf(wordsOf(line))).toContain('unknown option')
  expect(commandLines('vpnctl plan \\\n  --out x').map(wordsOf)).toEqual([['plan', '--out', 'x']])
})
