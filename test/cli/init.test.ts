import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type RunOptions, type RunResult, runCli } from '../support/run-cli.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'init-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const vpnctl = (argv: readonly string[], more: RunOptions = {}): Promise<RunResult> =>
  runCli(argv, { cwd: folder, ...more })
const read = (name = 'vpn.yaml'): string => readFileSync(join(folder, name), 'utf8')

// Someone who types each answer once its question is on the screen.
function typing(answers: readonly (readonly [question: string, keys: string])[]) {
  const input = new PassThrough()
  const output = new PassThrough()
  const left = [...answers]
  let screen = ''
  output.on('data', (chunk: Buffer) => {
    screen += chunk.toString()
    const [next] = left
    if (next === undefined || !screen.includes(next[0])) return
    left.shift()
    screen = ''
    // The prompt listens only after it has drawn itself.
    setImmediate(() => {
      for (const key of next[1]) input.write(key)
    })
  })
  return { input, output }
}

describe('vpnctl init without a terminal', () => {
  it('does not take the locations that runs read for the one of the file', async () => {
    const { code, stdout } = await vpnctl(['init', '--template', 'minimal', '--out', '-'], {
      env: { VPNCTL_LOCATION: 'de/txl, gb/lhr' },
    })
    expect([code, stdout]).toEqual([0, expect.stringContaining('location: de/fra')])
  })

  it.each(['road-warriors', 'site-to-site', 'minimal'])('writes %s, which is valid', async (template) => {
    const result = await vpnctl(['init', '--template', template])
    expect([result.code, result.stdout]).toEqual([0, 'vpn.yaml\n'])
    expect(result.stderr).toContain('vpnctl plan --sandbox')
    // Whoever makes the keys needs no tool but this one.
    expect(/vpnctl keygen/.test(read())).toBe(template !== 'minimal')
    expect(result.stderr.includes('create the keys as its comments show')).toBe(template !== 'minimal')
    expect(read()).toMatch(/^# yaml-language-server: \$schema=/)
    expect((await vpnctl(['validate'])).code).toBe(0)
  })

  it('takes the stack and the location, and writes to stdout', async () => {
    const { code, stdout } = await vpnctl(
      'init --template minimal --out - --stack acme --location de/txl'.split(' '),
    )
    expect(code).toBe(0)
    expect(stdout).toContain('stack: acme\nlocation: de/txl\n')
    expect(existsSync(join(folder, 'vpn.yaml'))).toBe(false)
  })

  it('never replaces a file, unless forced', async () => {
    writeFileSync(join(folder, 'vpn.yaml'), 'mine')
    const refused = await vpnctl(['init', '--template', 'minimal'])
    expect(refused.code).toBe(6)
    expect(refused.stderr).toContain('--force')
    expect(read()).toBe('mine')
    expect((await vpnctl(['init', '--template', 'minimal', '--force'])).code).toBe(0)
    expect(read()).toContain('version: 1')
  })

  it.each([
    [['init'], '--template'],
    [['init', '--template', 'office'], 'road-warriors'],
    [['init', '--template', 'minimal', '--location', 'de/fro'], 'did you mean "de/fra"'],
  ])('refuses %j as wrong usage', async (argv, words) => {
    const { code, stdout, stderr } = await vpnctl(argv)
    expect([code, stdout]).toEqual([64, ''])
    expect(stderr).toContain(words)
    expect(existsSync(join(folder, 'vpn.yaml'))).toBe(false)
  })
})

describe('vpnctl init at a terminal', () => {
  const DOWN = '\u001b[B'

  it('asks, takes examples for empty answers, and complains about wrong ones', async () => {
    const terminal = typing([
      ['What do you start from?', '\r'],
      ['Name of the stack?', 'acme\r'],
      ['Where?', '\r'],
      ['Public IPv4 address', '2001:db8::1\r'],
      ['It must be an IPv4 address', `${'\u007f'.repeat(11)}198.51.100.7\r`],
      ['Id of the data center', '\r'],
      ['Number of the LAN?', '7\r'],
      ['own address in the LAN', '\r'],
    ])
    const { code } = await vpnctl(['init'], { terminal })
    expect(code).toBe(0)
    expect(read()).toContain('stack: acme\nlocation: de/fra\n')
    expect(read()).toContain('gatewayIP: 198.51.100.7\n')
    expect(read()).toContain('lanId: "7"\n')
    expect(read()).toContain('ipv4CIDR: 192.168.1.100/24\n')
    expect((await vpnctl(['validate'])).code).toBe(0)
  })

  it('asks no more than it needs', async () => {
    const terminal = typing([['What do you start from?', `${DOWN}${DOWN}\r`]])
    const { code } = await vpnctl(['init', '--stack', 'acme', '--location', 'de/txl'], { terminal })
    expect(code).toBe(0)
    expect(read()).toContain('# Gateways come here')
  })

  it.each([
    ['Ctrl-C', '\u0003', 130],
    ['Ctrl-D', '\u0004', 1],
  ])('writes nothing when someone leaves by %s', async (_key, key, expected) => {
    const terminal = typing([
      ['What do you start from?', '\r'],
      ['Name of the stack?', key],
    ])
    const { code, stderr } = await vpnctl(['init'], { terminal })
    expect([code, stderr]).toEqual([expected, 'Nothing was written.\n'])
    expect(existsSync(join(folder, 'vpn.yaml'))).toBe(false)
  })

  it('asks nothing when the file is there', async () => {
    writeFileSync(join(folder, 'vpn.yaml'), 'mine')
    expect((await vpnctl(['init'], { terminal: typing([]) })).code).toBe(6)
  })
})
