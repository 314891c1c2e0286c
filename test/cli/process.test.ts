import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runProcess } from '../../src/cli/process-io.ts'
import { EXAMPLE_ENV } from '../support/examples.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-process-'))
  copyFileSync('examples/quickstart.yaml', join(folder, 'vpn.yaml'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** A process at a terminal, whose user presses `key` (or whose system sends a signal) once `question` is shown. */
async function atTerminal(argv: readonly string[], question: string, act: string | NodeJS.Signals) {
  const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined })
  const output = Object.assign(new PassThrough(), { isTTY: true, columns: 200 })
  const listeners = new Map<string, (signal: string) => void>()
  let text = ''
  let isAsked = false
  const raised: string[] = []
  output.on('data', (chunk: Buffer) => {
    text += chunk.toString()
    if (isAsked || !text.includes(question)) return
    isAsked = true
    setImmediate(() => (act.startsWith('SIG') ? listeners.get(act)?.(act) : input.write(act)))
  })
  const proc = {
    env: { ...EXAMPLE_ENV, TERM: 'dumb' },
    cwd: () => folder,
    stdin: input,
    stdout: output,
    stderr: output,
    versions: process.versions,
    on: (name: string, listener: (signal: string) => void) => listeners.set(name, listener),
    off: (name: string) => listeners.delete(name),
    exit: () => undefined,
    pid: 1,
    kill: (_pid: number, signal: string) => raised.push(signal),
  }
  const code = await runProcess(proc as unknown as NodeJS.Process, argv)
  return { code, text, listeners, raised }
}

const APPLY = ['apply', '--sandbox', '--data', 'state.json'] as const

describe('at the question of apply', () => {
  test.each([
    ['Ctrl-C', '\u0003', 130, 'error: stopped by SIGINT\n  = hint: nothing was changed\n'],
    ['Ctrl-D', '\u0004', 1, 'Nothing was changed.\n'],
    ['another answer', 'y\r', 1, 'Nothing was changed.\n'],
    ['SIGHUP', 'SIGHUP', 129, 'error: stopped by SIGHUP\n  = hint: nothing was changed\n'],
    ['SIGTERM', 'SIGTERM', 143, 'error: stopped by SIGTERM\n  = hint: nothing was changed\n'],
  ] as const)('%s ends the run, and nothing was changed', async (_what, act, code, reported) => {
    const ended = await atTerminal(APPLY, 'Only "yes"', act)
    expect(ended.code).toBe(code)
    expect(ended.text.endsWith(`\n${reported}`)).toBe(true)
    expect(ended.text).not.toContain('fault of vpnctl')
    expect([...ended.listeners.keys()]).toEqual([])
    // Node would abort at its exit without the terminal, which is what SIGHUP says.
    expect(ended.raised).toEqual(act === 'SIGHUP' ? ['SIGHUP'] : [])
  })

  test('"yes" applies', async () => {
    const ended = await atTerminal(APPLY, 'Only "yes"', 'yes\r')
    expect(ended.code).toBe(0)
    expect(ended.text).toContain('Apply complete!')
  })
})

test('while a file is parsed, the default of the system reacts to signals, since nothing else can', async () => {
  const calls: string[] = []
  const output = Object.assign(new PassThrough(), { isTTY: false })
  output.resume()
  const proc = {
    env: EXAMPLE_ENV,
    cwd: () => folder,
    stdin: new PassThrough(),
    stdout: output,
    stderr: output,
    versions: process.versions,
    on: (name: string) => calls.push(`on ${name}`),
    off: (name: string) => calls.push(`off ${name}`),
    exit: () => undefined,
    pid: 1,
    kill: () => undefined,
  }
  expect(await runProcess(proc as unknown as NodeJS.Process, ['validate'])).toBe(0)
  const ofTerm = calls.filter((call) => call.endsWith(' SIGTERM'))
  // At the start; around parsing; around checking; at the end.
  expect(ofTerm).toEqual(['on', 'off', 'on', 'off', 'on', 'off'].map((word) => `${word} SIGTERM`))
})
