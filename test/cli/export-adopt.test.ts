import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RunningSandbox, startSandbox } from '../../src/sandbox/server.ts'
import { EXAMPLE_ENV, EXAMPLE_SECRETS } from '../support/examples.ts'
import { type RunResult, runCli } from '../support/run-cli.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
const ID_LINE = /^ *id: [0-9a-f-]{36}\n|, id: [0-9a-f-]{36}/gm

let sandbox: RunningSandbox
let folder: string

beforeEach(async () => {
  sandbox = await startSandbox({ provisionMs: 5, destroyMs: 5 })
  folder = mkdtempSync(join(tmpdir(), 'export-'))
  write('vpn.yaml', QUICKSTART)
  expect((await vpnctl('apply', '--yes')).code).toBe(0)
})

afterEach(async () => {
  await sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

async function vpnctl(...argv: string[]): Promise<RunResult> {
  const result = await runCli(argv, {
    cwd: folder,
    env: { ...EXAMPLE_ENV, IONOS_TOKEN: 'throw-away-token', VPNCTL_ENDPOINT: sandbox.url },
  })
  for (const secret of EXAMPLE_SECRETS) expect(result.stdout + result.stderr).not.toContain(secret)
  return result
}

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
const read = (name: string): string => readFileSync(join(folder, name), 'utf8')
const writes = (): number => sandbox.requests().filter(({ method }) => method !== 'GET').length

describe('vpnctl export', () => {
  it('writes a file that the next plan finds nothing to change with, for any stack', async () => {
    const exported = await vpnctl('export', '--stack', 'other')
    expect(exported.code).toBe(0)
    expect(exported.stdout).toContain('stack: other\n')
    expect(exported.stderr).toMatch(
      /refers to 1 secret .*\n {2}\w+_WIREGUARD_PRIVATE_KEY {2}wireguardgateways\//,
    )
    // What the stack of these files owns would be taken from it.
    expect(exported.stderr).toContain('warning[VPN615]')
    write('exported.yaml', exported.stdout)
    const plan = await vpnctl('plan', '-f', 'exported.yaml', '--detailed-exitcode')
    expect([plan.code, plan.stdout]).toEqual([0, expect.stringContaining('No changes.')])
  })

  it('sends reads only', async () => {
    const before = writes()
    await vpnctl('export')
    expect(writes()).toBe(before)
  })

  it('writes to a file, and replaces one only with a flag', async () => {
    const refused = await vpnctl('export', '--out', 'vpn.yaml')
    expect(refused.code).toBe(6)
    expect(refused.stderr).toContain('--force')
    expect(read('vpn.yaml')).toBe(QUICKSTART)
    expect(await vpnctl('export', '--out', 'vpn.yaml', '--force')).toMatchObject({ code: 0, stdout: '' })
    expect(read('vpn.yaml')).toContain('stack: imported')
  })

  it('narrows to a gateway and to targets, with the parents of what is meant', async () => {
    const [, gateway = ''] = /- name: (\S+)/.exec(QUICKSTART) ?? []
    const all = (await vpnctl('export', '--gateway', gateway)).stdout
    expect(all).toContain(`- name: ${gateway}\n`)
    const one = (await vpnctl('export', '--target', '*/peers/*')).stdout
    expect(one.match(/- name: /g)?.length).toBe(all.match(/- name: /g)?.length)
    const alone = await vpnctl('export', '--gateway', 'nobody')
    expect(alone).toMatchObject({ code: 1, stdout: '' })
    expect(alone.stderr).toContain('nobody')
  })

  it('reports what the rules find in what it wrote, with the line, and exits 3 for errors', async () => {
    const [, gateway = ''] = /id: (\S+)/.exec((await vpnctl('export')).stdout) ?? []
    const put = async (id: string, properties: Record<string, unknown>): Promise<void> => {
      const answer = await fetch(`${sandbox.url}/wireguardgateways/${gateway}/peers/${id}`, {
        method: 'PUT',
        headers: { authorization: 'Bearer throw-away-token', 'content-type': 'application/json' },
        body: JSON.stringify({ id, properties }),
      })
      expect(answer.ok).toBe(true)
      // An export says of what is not AVAILABLE yet that it is not, in a line more.
      await expect
        .poll(async () => (await vpnctl('status', '--format', 'json')).stdout)
        .not.toMatch(/PROVISIONING|BUSY/)
    }
    const key = Buffer.alloc(32, 'throw-away').toString('base64')
    await put('0b1f6e1c-3c0a-4c57-9e0b-1c5d2f3a4b5c', {
      name: 'twin',
      publicKey: key,
      allowedIPs: ['10.99.0.2/32'],
    })
    const shown = await vpnctl('export')
    expect(shown.code).toBe(3)
    const line = shown.stdout.split('\n').findLastIndex((each) => each.includes('10.99.0.2/32')) + 1
    expect(shown.stderr).toContain(`error[VPN302]: <stdout>:${line}:`)
    const written = await vpnctl('export', '--out', 'both.yaml')
    expect(written.code).toBe(3)
    expect(written.stderr).toContain(`error[VPN302]: both.yaml:${line}:`)
    expect(read('both.yaml')).toBe(shown.stdout)
    const next = await vpnctl('validate', '-f', 'both.yaml')
    expect(next.code).toBe(3)
    expect(written.stderr).toContain(next.stderr.split('\n')[0])
  })

  it('shows of a location that does not exist', async () => {
    const result = await vpnctl('export', '--location', 'de/fro')
    expect(result.code).toBe(64)
    expect(result.stderr).toContain('did you mean "de/fra"')
  })
})

describe('vpnctl adopt', () => {
  // The same names under another stack: it owns nothing of what is live.
  const otherStack = QUICKSTART.replace(/^stack: .*$/m, 'stack: other # mine now')

  it('shows what could be taken over, children too, and writes nothing', async () => {
    write('vpn.yaml', otherStack)
    expect((await vpnctl('plan')).code).toBe(6)
    const shown = await vpnctl('adopt')
    expect(shown.code).toBe(0)
    expect(
      shown.stdout.match(/^wireguardgateways\/\S+\n {2}id: [0-9a-f-]{36} · created .* UTC by \S+$/gm)?.length,
    ).toBe(3)
    expect(shown.stderr).toContain('vpnctl adopt --write')
    expect(read('vpn.yaml')).toBe(otherStack)
  })

  it('writes the ids and nothing else, after which a plan finds nothing to change', async () => {
    write('vpn.yaml', otherStack)
    const before = writes()
    expect((await vpnctl('adopt', '--write')).code).toBe(0)
    expect(read('vpn.yaml').match(ID_LINE)?.length).toBe(3)
    expect(read('vpn.yaml').replace(ID_LINE, '')).toBe(otherStack)
    const plan = await vpnctl('plan', '--detailed-exitcode')
    expect([plan.code, plan.stdout]).toEqual([0, expect.stringContaining('No changes.')])
    expect((await vpnctl('adopt')).stdout).toContain('Nothing to adopt')
    expect(writes()).toBe(before)
  })

  it('has nothing to say about what this stack made', async () => {
    expect(await vpnctl('adopt')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Nothing to adopt'),
    })
  })

  it('leaves the choice between two of one name to someone', async () => {
    write('vpn.yaml', otherStack)
    const [, gateway = ''] =
      /^wireguardgateways\/hq\n {2}id: (\S+)/m.exec((await vpnctl('adopt')).stdout) ?? []
    const twin = '0b1f6e1c-3c0a-4c57-9e0b-1c5d2f3a4b5c'
    const answer = await fetch(`${sandbox.url}/wireguardgateways/${gateway}/peers/${twin}`, {
      method: 'PUT',
      headers: { authorization: 'Bearer throw-away-token', 'content-type': 'application/json' },
      body: JSON.stringify({
        id: twin,
        properties: {
          name: 'anna-laptop',
          publicKey: Buffer.alloc(32, 'throw-away').toString('base64'),
          allowedIPs: ['10.99.0.9/32'],
        },
      }),
    })
    expect(answer.ok).toBe(true)
    const shown = await vpnctl('adopt', '--write')
    expect(shown.code).toBe(6)
    expect(shown.stdout).toContain('peers/anna-laptop\n  2 live resources have this name')
    expect(shown.stdout).toContain(`  id: ${twin}`)
    expect(read('vpn.yaml').match(ID_LINE)?.length).toBe(2)
  })

  it('cannot write to standard input', async () => {
    expect((await vpnctl('adopt', '-f', '-', '--write')).code).toBe(64)
  })
})
