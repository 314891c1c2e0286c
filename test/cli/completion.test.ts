import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { SHELLS } from '../../src/cli/commands/completion/scripts.ts'
import { expectPage } from '../support/docs-page.ts'
import { runCli } from '../support/run-cli.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-completion-'))
  writeFileSync(join(folder, 'vpn.yaml'), readFileSync('examples/quickstart.yaml'))
  writeFileSync(
    join(folder, 'vpnctl'),
    `#!/bin/sh\nexec ${process.execPath} ${resolve('dist/cli/bin.js')} "$@"\n`,
    {
      mode: 0o755,
    },
  )
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function complete(...words: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await runCli(['__complete', ...words], { cwd: folder })
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return stdout.split('\n').flatMap((line) => (line === '' ? [] : [line.split('\t')[0] ?? '']))
}

const ANNA = 'wireguardgateways/hq/peers/anna-laptop'

describe('the words of a command line are completed', () => {
  test.each([
    [['pl'], ['plan']],
    [['plan', '--fo'], ['--format']],
    [['plan', '--format', 'j'], ['json']],
    [['plan', '--format=j'], ['--format=json']],
    [
      ['plan', '--prune', ''],
      ['owned', 'all', 'none'],
    ],
    [['plan', '--location', 'de/t'], ['de/txl']],
    [['plan', '-f', ''], [':files']],
    [['diff', ''], [':files']],
    [['diff', 'old.yaml', ''], [':files']],
    [['fmt', 'a.yaml', ''], [':files']],
    [['import-terraform', ''], [':files']],
    [['apply', ''], [':files']],
    [['get', 'wireguardgateways/hq/peers/a'], [ANNA]],
    [['plan', '--target', 'wireguardgateways/hq/peers/a'], [ANNA]],
    [['apply', '--yes', '--resend-secrets', 'a'], ['all']],
    [['peer-config', ''], ['hq']],
    [['peer-config', '--qr', 'hq', 'a'], ['anna-laptop']],
    [['help', 'env'], ['environment']],
    [['help', 'expl'], ['explain']],
    [
      ['explain', 'VPN52'],
      ['VPN520', 'VPN521', 'VPN522', 'VPN523', 'VPN524', 'VPN527'],
    ],
    [['explain', 'peers.allowed'], ['peers.allowedIPs']],
    [['plan', '--var-file', ''], [':files']],
    [['plan', '--var-file=x'], [':files']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['nonsense', ''], []],
    [['plan', '--timeout', ''], []],
  ])('%j', async (words, expected) => {
    expect(await complete(...words)).toEqual(expected)
  })

  test('commands, without the hidden ones', async () => {
    const all = await complete('')
    expect(all).toContain('status')
    expect(all.filter((word) => word.startsWith('_'))).toEqual([])
  })

  test('a flag that was given is not offered again, unless it may be repeated', async () => {
    expect(await complete('plan', '--detailed-exitcode', '--det')).toEqual([])
    expect(await complete('plan', '--target', ANNA, '--targ')).toEqual(['--target'])
  })

  test('addresses of the file that the line names, and none of one that is broken', async () => {
    writeFileSync(
      join(folder, 'other.yaml'),
      readFileSync('examples/quickstart.yaml', 'utf8').replace('name: hq', 'name: elsewhere'),
    )
    expect(await complete('plan', '-f', 'other.yaml', '--target', 'wireguardgateways/e')).toContain(
      'wireguardgateways/elsewhere',
    )
    writeFileSync(join(folder, 'broken.yaml'), 'version: [')
    expect(await complete('plan', '-f', 'broken.yaml', '--target', '')).toEqual([])
  })
})

describe('the script', () => {
  test.each(SHELLS)('of %s asks the program', async (shell) => {
    const { stdout, code } = await runCli(['completion', shell])
    expect(code).toBe(0)
    expect(stdout).toContain('__complete')
  })

  test.each([
    ['vpnctl pl', ['plan']],
    ['vpnctl plan --format=j', ['json']],
    ['vpnctl plan -f o', ['other.yaml']],
    ['vpnctl get wireguardgateways/hq/peers/a', [ANNA]],
    ['vpnctl plan --location us', ['us/ewr', 'us/las', 'us/mci']],
  ])('of bash completes %j', (line, expected) => {
    writeFileSync(join(folder, 'other.yaml'), '')
    const script = `
      source <(vpnctl completion bash)
      COMP_LINE=$1; COMP_POINT=\${#1}
      _vpnctl_complete
      printf '%s\\n' "\${COMPREPLY[@]}"`
    const output = execFileSync('bash', ['--norc', '-c', script, 'test', line], {
      cwd: folder,
      env: { PATH: `${folder}:${process.env.PATH}` },
      encoding: 'utf8',
    })
    expect(output.trim().split('\n')).toEqual(expected)
  })
})

test('man/vpnctl.1 is made from the texts of --help', async () => {
  const { stdout } = await runCli(['__man'])
  expect(stdout).toMatch(/^\.SS vpnctl apply/m)
  expect(stdout).toMatch(/^\.SH OWNERSHIP$/m)
  const sections = stdout.split('\n').filter((line) => line.startsWith('.SH '))
  expect(sections.filter((line) => /EXIT/.test(line))).toEqual(['.SH EXIT STATUS'])
  expect(sections.at(-1)).toBe('.SH SEE ALSO')
  for (const shared of ['\\-\\-verbose', '\\-\\-endpoint <url>', '\\-\\-var <name=value>'])
    expect(stdout.split(`.B ${shared}\n`), shared).toHaveLength(2)
  // A line of text that begins with a dot would be a request to the formatter.
  expect(stdout.split('\n').filter((line) => /^\.(?!\\"|TH|SH|SS|TP|PP|B |I |nf|fi)/.test(line))).toEqual([])
  expectPage('man/vpnctl.1', stdout)
})
