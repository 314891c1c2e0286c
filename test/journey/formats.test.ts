import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Journey, startJourney } from '../support/journey.ts'
import { faultsOf } from '../support/report-schemas.ts'
import { openStage } from '../support/stage.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
const BROKEN = QUICKSTART.replace('gatewayIP', 'gatewayIp')

let journey: Journey

beforeEach(async () => {
  journey = await startJourney()
  journey.write(QUICKSTART)
})
afterEach(() => journey.close())

const read = (name: string): string => readFileSync(join(journey.folder, name), 'utf8')

describe('an apply in several forms', () => {
  const reports = ['text', 'json', 'junit', 'dotenv', 'sarif'].flatMap((form) => [
    '--report',
    `${form}=apply.${form}`,
  ])

  test('says in files what stdout says', async () => {
    const { code, stdout } = await journey.vpnctl('apply', '--yes', ...reports)
    expect(code).toBe(0)
    expect(stdout.endsWith(read('apply.text'))).toBe(true)
    const document = JSON.parse(read('apply.json'))
    expect(faultsOf('apply', document)).toEqual([])
    expect(document).toMatchObject({ ending: 'converged', summary: { applied: 3 } })
    expect(read('apply.dotenv')).toContain('VPNCTL_ENDING=converged\nVPNCTL_APPLIED=3\n')
    expect(read('apply.junit')).toContain('tests="3" failures="0"')
    expect(JSON.parse(read('apply.sarif')).runs[0].results).toEqual([])
  })

  test('shows what failed at its line, and what was skipped', async () => {
    const stage = await openStage({ failNames: ['hq'] })
    const { code } = await stage.vpnctl(['apply', '--yes', ...reports])
    expect(code).not.toBe(0)
    expect(stage.read('apply.junit')).toMatch(/tests="3" failures="1" errors="0" skipped="2"/)
    const [result] = JSON.parse(stage.read('apply.sarif')).runs[0].results
    await stage.close()
    expect(result).toMatchObject({ ruleId: 'apply-failed', level: 'error' })
    expect(result.locations[0].physicalLocation.region.startLine).toBeGreaterThan(1)
  })
})

describe('a plan in several forms', () => {
  test('each report is the same as the form on stdout, and no half of a file is left', async () => {
    const forms = ['text', 'json', 'markdown', 'gitlab', 'tfjson', 'dotenv']
    const reports = forms.flatMap((form) => ['--report', `${form}=plan.${form}`])
    const all = await journey.vpnctl('plan', ...reports)
    expect(all.code).toBe(0)
    for (const form of forms) {
      const alone = await journey.vpnctl('plan', '--format', form)
      expect(read(`plan.${form}`), form).toBe(alone.stdout)
    }
    expect(all.stdout).toBe(read('plan.text'))
    expect(faultsOf('plan', JSON.parse(read('plan.json')))).toEqual([])
    expect(read('plan.gitlab')).toBe('{"create":3,"update":0,"delete":0}\n')
    expect(readdirSync(journey.folder).sort()).toEqual(
      [...forms.map((form) => `plan.${form}`), 'vpn.yaml'].sort(),
    )
  })

  test('a report replaces what was there, through a link too, and leaves devices what they are', async () => {
    writeFileSync(join(journey.folder, 'old.json'), 'old')
    symlinkSync('old.json', join(journey.folder, 'link.json'))
    await journey.vpnctl('plan', '--report', 'json=link.json', '--report', 'text=/dev/null')
    expect(JSON.parse(read('old.json')).format).toBe('vpnctl/plan')
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true)
  })

  test('markdown is made to the size, and for the host that shows it', async () => {
    await journey.vpnctl('plan', '--report', 'markdown=a.md', '--markdown-limit', '900')
    expect(Buffer.byteLength(read('a.md'))).toBeLessThanOrEqual(900)
    expect(read('a.md')).toMatch(/^<!-- vpnctl:plan/)
    await journey.run(['plan', '--report', 'markdown=b.md'], { env: { TF_BUILD: 'True' } })
    expect(read('b.md')).not.toContain('<details')
    await journey.vpnctl(
      'plan',
      '--report',
      'markdown=c.md',
      '--source-url',
      'https://x.example/{file}#{line}',
    )
    expect(read('c.md')).toContain('](<https://x.example/vpn.yaml#8>)')
    expect((await journey.vpnctl('plan', '--markdown-flavor', 'word')).code).toBe(64)
  })

  test('Azure gets variables, and the verdict last', async () => {
    const { stdout } = await journey.vpnctl('plan', '--format', 'azure')
    expect(stdout).toContain('##vso[task.setvariable variable=to_add;isoutput=true]3\n')
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('Plan: 3 to add, 0 to change, 0 to destroy.')
  })
})

describe('on GitHub', () => {
  const actions = (more: Record<string, string> = {}): Record<string, string> => ({
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: journey.folder,
    GITHUB_SERVER_URL: 'https://github.com',
    GITHUB_REPOSITORY: 'acme/vpn',
    GITHUB_SHA: '0123abc',
    GITHUB_OUTPUT: join(journey.folder, 'output'),
    GITHUB_STEP_SUMMARY: join(journey.folder, 'summary'),
    ...more,
  })

  test('no secret is printed, not even as a mask for the runner', async () => {
    const { stdout } = await journey.run(['plan', '--format', 'github'], { env: actions() })
    expect(stdout).toMatch(/^::stop-commands::vpnctl_[0-9a-f]{16,}$/m)
    expect(stdout).not.toContain('::add-mask::')
  })

  test('what live says cannot be a command, remarks stand at the lines from the root of the repository', async () => {
    mkdirSync(join(journey.folder, 'prod'))
    journey.write(QUICKSTART, 'prod/vpn.yaml')
    await journey.vpnctl('apply', '-f', 'prod/vpn.yaml', '--yes')
    await journey.edit('wireguardgateways', 'hq', {
      privateKey: journey.env.QUICKSTART_PRIVATE_KEY,
      description: '::error title=x::owned',
    })
    const { stdout } = await journey.run(['plan', '--format', 'github'], {
      env: actions(),
      cwd: join(journey.folder, 'prod'),
    })
    const token = /::stop-commands::(\S+)/.exec(stdout)?.[1] ?? ''
    const [before = '', inside = '', after = ''] = stdout.split(token)
    expect(inside).toContain('::error title=x::owned')
    expect(before + after).not.toContain('owned')
    expect(before).toContain('::notice file=prod/vpn.yaml,line=8,')
  })

  test('the summary is the comment, and later steps get the counts and the names of files', async () => {
    await journey.run(['plan', '--format', 'github', '--report', 'markdown=plan.md'], { env: actions() })
    expect(read('summary')).toBe(read('plan.md'))
    expect(read('summary')).toContain('[vpn.yaml:8](<https://github.com/acme/vpn/blob/0123abc/vpn.yaml#L8>)')
    expect(read('output')).toMatch(
      /^changes=true\nto_add=3\nto_change=0\nto_destroy=0\nto_import=0\nto_move=0\nunmanaged=0\nrefused=false\nplan_digest=sha256:[0-9a-f]{64}\nmarkdown_path=plan\.md\n$/,
    )
  })

  test('a summary that is nearly full gets a shorter comment, a full one none', async () => {
    const room = 1024 * 1024 - 900
    writeFileSync(join(journey.folder, 'summary'), 'x'.repeat(room))
    await journey.run(['plan', '--format', 'github'], { env: actions() })
    expect(read('summary').length).toBeGreaterThan(room)
    expect(Buffer.byteLength(read('summary'))).toBeLessThanOrEqual(1024 * 1024)
    writeFileSync(join(journey.folder, 'summary'), 'x'.repeat(1024 * 1024))
    await journey.run(['plan', '--format', 'github'], { env: actions() })
    expect(read('summary')).toHaveLength(1024 * 1024)
  })

  test('without --format github the files of the runner stay as they are', async () => {
    await journey.run(['plan'], { env: actions() })
    expect(existsSync(join(journey.folder, 'output'))).toBe(false)
    expect(existsSync(join(journey.folder, 'summary'))).toBe(false)
  })

  test('faults of the files are remarks too', async () => {
    journey.write(BROKEN)
    const plan = await journey.run(['plan', '--format', 'github'], { env: actions() })
    expect(plan.code).toBe(3)
    expect(plan.stdout).toContain('::error file=vpn.yaml,line=10,')
  })
})

describe('the faults of the files in several forms', () => {
  test('each report is the same as the form on stdout', async () => {
    journey.write(BROKEN)
    const forms = ['json', 'github', 'gitlab', 'sarif', 'azure']
    const reports = forms.flatMap((form) => ['--report', `${form}=faults.${form}`])
    const all = await journey.vpnctl('validate', ...reports, '--report', 'text=faults.text')
    expect(all.code).toBe(3)
    expect(read('faults.text')).toBe(all.stderr)
    for (const form of forms) {
      const alone = await journey.vpnctl('validate', '--format', form)
      // The log of a pipeline has the text for people in addition to the commands.
      expect(alone.stdout.startsWith(read(`faults.${form}`)), form).toBe(true)
      expect(alone.stdout.includes(read('faults.text')), form).toBe(form === 'github' || form === 'azure')
      expect(alone.code).toBe(3)
    }
    expect(JSON.parse(read('faults.sarif')).runs[0].tool.driver.rules[0].shortDescription.text).toBe(
      'Unknown field',
    )
    expect(JSON.parse(read('faults.gitlab'))[0].location).toEqual({ path: 'vpn.yaml', lines: { begin: 10 } })
  })

  test('no fault is an empty report, never a missing one', async () => {
    await journey.vpnctl('validate', '--report', 'gitlab=q.json', '--report', 'sarif=s.json')
    expect(JSON.parse(read('q.json'))).toEqual([])
    expect(JSON.parse(read('s.json')).runs[0].results).toEqual([])
  })
})
