import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Journey, startJourney } from '../support/journey.ts'
import { faultsOf } from '../support/report-schemas.ts'
import type { RunResult } from '../support/run-cli.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
const OPENED = QUICKSTART.replace('10.99.0.3/32', '10.99.0.3/32, 10.20.0.0/16')
const WITHOUT_BEN = QUICKSTART.replace(/ {6}- name: ben-laptop[\s\S]*?publicKey: .*\n/, '')
const INVALID = QUICKSTART.replace('203.0.113.10', '203.0.113.300')

let journey: Journey

beforeEach(async () => {
  journey = await startJourney()
  journey.write(QUICKSTART)
})
afterEach(() => journey.close())

/** Without credentials, endpoint and secrets, as the run of a fork has it. */
function diff(...args: readonly string[]): Promise<RunResult> {
  const none = Object.fromEntries(Object.keys(process.env).map((name) => [name, undefined]))
  const env = { ...none, IONOS_TOKEN: undefined, QUICKSTART_PRIVATE_KEY: undefined, PATH: process.env.PATH }
  return journey.run(['diff', ...args], { env: { ...env, VPNCTL_ENDPOINT: undefined } })
}

function git(...args: readonly string[]): void {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'init.defaultBranch=main']
  execFileSync('git', [...who, ...args], { cwd: journey.folder, stdio: 'pipe' })
}

describe('vpnctl diff', () => {
  test('compares two files without a request, and shows what a change opens', async () => {
    journey.write(OPENED, 'new.yaml')
    const { code, stdout } = await diff('vpn.yaml', 'new.yaml')
    expect(code).toBe(0)
    expect(stdout).toContain('# wireguardgateways/hq/peers/ben-laptop is changed')
    expect(stdout).toContain('gain 10.20.0.0/16')
    expect(stdout).toContain('From vpn.yaml to new.yaml; live resources were not read.')
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('Diff: 0 added, 1 changed, 0 removed.')
    expect(stdout).not.toMatch(/will be|not live/)
    // Where an endpoint and a token are set, they are not used either.
    await journey.vpnctl('diff', 'vpn.yaml', 'new.yaml')
    expect(journey.sandbox.requests()).toEqual([])
  })

  test('compares with a commit, with the files of -f unless a path is named', async () => {
    git('init', '-q')
    git('add', '-A')
    git('commit', '-qm', 'x')
    journey.write(WITHOUT_BEN)
    for (const versions of [['git:HEAD'], ['git:HEAD', 'vpn.yaml'], ['git:HEAD:vpn.yaml']]) {
      const { code, stdout } = await diff(...versions, '--detailed-exitcode')
      expect(stdout).toContain('# wireguardgateways/hq/peers/ben-laptop is removed')
      expect(code).toBe(2)
    }
    const { code, stdout } = await diff('git:HEAD', 'git:HEAD', '--detailed-exitcode')
    expect(stdout).toBe('No differences. git:HEAD and git:HEAD declare the same (3 resources).\n')
    expect(code).toBe(0)
  })

  test('all is added where a commit has none of the files', async () => {
    git('init', '-q')
    git('commit', '-q', '--allow-empty', '-m', 'x')
    expect((await diff('git:HEAD')).stdout).toContain('Diff: 3 added, 0 changed, 0 removed.')
    const gone = await diff('vpn.yaml', 'git:HEAD')
    expect([gone.code, gone.stderr]).toEqual([3, expect.stringContaining('git:HEAD has none of the files')])
  })

  test('every error of both versions is reported at once, each with its version', async () => {
    git('init', '-q')
    journey.write(INVALID)
    git('add', '-A')
    git('commit', '-qm', 'x')
    journey.write(INVALID.replace('10.99.0.1/24', '10.99.0.1/99'))
    const { code, stdout, stderr } = await diff('git:HEAD')
    expect([code, stdout]).toEqual([3, ''])
    expect(stderr).toMatch(/^ {2}--> git:HEAD:vpn\.yaml:\d+:\d+/m)
    expect(stderr).toMatch(/^ {2}--> vpn\.yaml:\d+:\d+/m)
    expect(stderr).toContain('git:HEAD and vpn.yaml: the errors have to be corrected')
    const json = await diff('git:HEAD', '--format', 'json')
    expect(JSON.parse(json.stdout)).toMatchObject({ format: 'vpnctl/error', exitCode: 3 })
  })

  test('every format of a plan speaks of two versions, and JSON fits its schema', async () => {
    journey.write(OPENED, 'new.yaml')
    const json = await diff('vpn.yaml', 'new.yaml', '--format', 'json')
    const document = JSON.parse(json.stdout)
    expect(document).toMatchObject({ between: { before: 'vpn.yaml', after: 'new.yaml' } })
    expect(faultsOf('plan', document)).toEqual([])
    const markdown = await diff('vpn.yaml', 'new.yaml', '--format', 'markdown')
    expect(markdown.stdout).toContain('### vpnctl diff · `quickstart`: 1 changed')
    const remarks = await diff('vpn.yaml', 'new.yaml', '--format', 'github')
    expect(remarks.stdout).toContain('peers/ben-laptop is changed: changed in the files')
  })

  test('a key in clear text is an error in the later version only, and is shown by no format', async () => {
    const key = 'dGhyb3ctYXdheS1kaWZmLXRlc3QtcHJpdmF0ZS1rZXk='
    journey.write(QUICKSTART.replace(/privateKey: .*/, `privateKey: ${key}`), 'clear.yaml')
    const refused = await diff('vpn.yaml', 'clear.yaml')
    expect(refused.code).toBe(3)
    for (const format of ['text', 'json', 'markdown', 'github', 'gitlab', 'sarif', 'azure', 'tfjson']) {
      const { code, stdout, stderr } = await diff('clear.yaml', 'vpn.yaml', '--format', format)
      expect(code).toBe(0)
      expect(`${stdout}${stderr}${refused.stderr}`).not.toContain(key)
    }
    const shown = await diff('clear.yaml', 'vpn.yaml')
    expect(shown.stdout).toContain('privateKey   (secret) changed')
  })

  test('what a plan of the later version would refuse is refused here', async () => {
    journey.write(`${WITHOUT_BEN}protected: [wireguardgateways/hq/peers/ben-laptop]\n`, 'new.yaml')
    const { code, stdout } = await diff('vpn.yaml', 'new.yaml')
    expect(code).toBe(6)
    expect(stdout).toContain('A plan of these files is refused, for 1 reason (VPN507).')
  })

  test('--target limits it', async () => {
    journey.write(OPENED.replace('Head office', 'Office'), 'new.yaml')
    const { stdout } = await diff('vpn.yaml', 'new.yaml', '--target', 'wireguardgateways/hq/peers/*')
    expect(stdout).toContain('Diff: 0 added, 1 changed, 0 removed.')
  })
})
