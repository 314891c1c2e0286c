import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type CodeHost, hostEnvironment, startCodeHost } from './code-host.ts'

const { outcomeOf } = (await import('../../action/outcome.mjs' as string)) as {
  readonly outcomeOf: (end: {
    readonly command: string
    readonly code: number
    readonly changes?: boolean
    readonly again?: boolean
  }) => readonly [what: string, next: string]
}

let host: CodeHost
let folder: string

beforeEach(async () => {
  host = await startCodeHost()
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-again-'))
})
afterEach(async () => {
  await host.close()
  rmSync(folder, { recursive: true })
})

async function again(
  inputs: Readonly<Record<string, string>> = {},
): Promise<{ log: string; output: string }> {
  const at = (name: string): string => join(folder, name)
  writeFileSync(at('event.json'), JSON.stringify({ inputs }))
  writeFileSync(at('output'), '')
  const child = spawn(process.execPath, ['action/again.mjs'], {
    env: {
      ...hostEnvironment(host),
      GITHUB_EVENT_PATH: at('event.json'),
      GITHUB_OUTPUT: at('output'),
      GITHUB_REF_NAME: 'main',
      GITHUB_STEP_SUMMARY: at('summary'),
      GITHUB_WORKFLOW_REF: 'example/network/.github/workflows/vpn-apply.yml@refs/heads/main',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let log = ''
  child.stdout.on('data', (chunk) => (log += String(chunk)))
  await new Promise((resolve) => child.once('close', resolve))
  return { log, output: readFileSync(at('output'), 'utf8') }
}

describe('after a stale plan', () => {
  test('the workflow is started again with the number of the run, and counts the rounds', async () => {
    expect((await again()).output).toBe('started=true\n')
    await again({ after: '41', round: '1' })
    expect(host.dispatches).toEqual([
      { workflow: 'vpn-apply.yml', ref: 'main', inputs: { after: '42', round: '1' } },
      { workflow: 'vpn-apply.yml', ref: 'main', inputs: { after: '42', round: '2' } },
    ])
  })

  test('it is not started for ever', async () => {
    const { log, output } = await again({ after: '41', round: '5' })
    expect(log).toContain('::warning title=vpnctl::the plan was stale 5 times in a row')
    expect(output).toBe('')
    expect(host.dispatches).toEqual([])
  })

  test('a token that may not start it costs a warning that says what to do', async () => {
    host.refuse('POST', 403)
    const { log, output } = await again()
    expect(log).toContain('Start the workflow by hand; it needs "actions: write" for this')
    expect(output).toBe('')
  })
})

describe('a pull request', () => {
  test.each([
    [{ command: 'plan', code: 0, changes: true }, 'waits for its approval'],
    [{ command: 'plan', code: 0, changes: false }, 'is not needed: live is as the files say'],
    [{ command: 'plan', code: 6 }, 'did not start: the plan was refused by a safety rule'],
    [{ command: 'apply', code: 0 }, 'succeeded'],
    [{ command: 'apply', code: 8 }, 'applied the plan in part'],
    [{ command: 'apply', code: 7, again: true }, 'changed nothing: live changed since the plan'],
    [{ command: 'apply', code: 7, again: false }, 'changed nothing: the saved plan is stale'],
    [{ command: 'apply', code: 77 }, 'ended with exit code 77'],
  ])('shows how %j ended: it %s', (end, what) => {
    const [reported, next] = outcomeOf(end)
    expect(reported).toBe(what)
    // Whoever has something left to do reads what.
    expect(next !== '').toBe(end.code !== 0 || (end as { changes?: boolean }).changes === true)
  })
})
