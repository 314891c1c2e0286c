import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RunningSandbox, startSandbox } from '../../src/sandbox/server.ts'
import { EXAMPLE_ENV, EXAMPLE_SECRETS } from '../support/examples.ts'
import { type RunResult, runCli } from '../support/run-cli.ts'

const EXAMPLE = resolve('examples/hub-and-spoke.yaml')
let folder: string
let sandbox: RunningSandbox

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'graph-'))
  sandbox = await startSandbox({ provisionMs: 0, destroyMs: 0 })
})
afterEach(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true })
})

async function vpnctl(
  argv: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RunResult> {
  const result = await runCli([...argv, '-f', EXAMPLE], { cwd: folder, env })
  for (const secret of EXAMPLE_SECRETS) expect(result.stdout + result.stderr).not.toContain(secret)
  return result
}

describe('vpnctl graph', () => {
  it('draws the files without credentials, secrets or requests', async () => {
    const { code, stdout, stderr } = await vpnctl(['graph'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^flowchart LR\n/)
    expect(stdout).toContain('spoke-north<br/>IPSec tunnel<br/>north.example.com')
    expect(sandbox.requests()).toEqual([])
  })

  it.each([
    ['mermaid', /^flowchart LR\n/],
    ['dot', /^digraph "hub-and-spoke" \{\n/],
    ['svg', /^<svg /],
    ['html', /^<!doctype html>\n/],
  ])('writes %s to a file and nothing to stdout', async (format, start) => {
    const { code, stdout } = await vpnctl(['graph', '--format', format, '--out', 'diagram'])
    expect([code, stdout]).toEqual([0, ''])
    expect(readFileSync(join(folder, 'diagram'), 'utf8')).toMatch(start)
  })

  it('writes over an older diagram and over nothing else', async () => {
    const file = join(folder, 'estate.svg')
    expect((await vpnctl(['graph', '--out', file])).code).toBe(0)
    expect((await vpnctl(['graph', '--out', file, '--format', 'svg'])).code).toBe(0)
    expect(readFileSync(file, 'utf8')).toMatch(/^<svg /)
    writeFileSync(file, 'throw-away-private-key')
    const { code, stderr } = await vpnctl(['graph', '--out', file])
    expect([code, stderr]).toEqual([6, expect.stringContaining('already exists, and is not a diagram')])
    expect(readFileSync(file, 'utf8')).toBe('throw-away-private-key')
  })

  it('colours by the plan, and reads only', async () => {
    const env = { ...EXAMPLE_ENV, IONOS_TOKEN: 'throw-away', VPNCTL_ENDPOINT: sandbox.url }
    expect((await vpnctl(['graph', '--plan'], env)).stdout).toContain('+ '.replace('+', '#43;'))
    expect(new Set(sandbox.requests().map(({ method }) => method))).toEqual(new Set(['GET']))
    expect((await vpnctl(['apply', '--yes'], env)).code).toBe(0)
    const { stdout } = await vpnctl(['graph', '--plan'], env)
    expect(stdout).not.toContain('#43;')
    expect(stdout.match(/:::keep\n/g)).toHaveLength(6)
  })

  it('says what is wrong with a place that cannot be written', async () => {
    const { code, stderr } = await vpnctl(['graph', '--out', 'no/such/folder/x'])
    expect([code, stderr]).toEqual([1, 'error: cannot write no/such/folder/x: its folder does not exist\n'])
  })
})
