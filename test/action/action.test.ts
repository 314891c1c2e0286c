import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EXAMPLE_SECRETS, formsOf } from '../support/examples.ts'
import { type Journey, startJourney } from '../support/journey.ts'
import { ACTION, type Job, type JobFacts, type StepResult, startJob } from './an-action.ts'
import { type CodeHost, hostEnvironment, startCodeHost } from './code-host.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
const PULL_REQUEST = 7
const BOT = 'github-actions[bot]'

let journey: Journey
let host: CodeHost
let job: Job

beforeEach(async () => {
  journey = await startJourney()
  host = await startCodeHost()
  job = startJob({ ...journey.env, ...hostEnvironment(host) })
  write(QUICKSTART)
})
afterEach(async () => {
  job.close()
  await host.close()
  await journey.close()
})

const write = (text: string, name = 'vpn.yaml'): void => writeFileSync(join(job.workspace, name), text)
const outputs = (): Record<string, string> => job.outputs.run ?? {}
const edit = (change: Readonly<Record<string, unknown>>): Promise<void> =>
  // A PUT without the key would be refused; this one is the gateway's own.
  journey.edit('wireguardgateways', 'hq', {
    privateKey: journey.env.QUICKSTART_PRIVATE_KEY,
    ...change,
  })
const comments = (): string[] => (host.comments.get(PULL_REQUEST) ?? []).map(({ body }) => body)

function manyGateways(count: number): string {
  const [head = '', gateway = ''] = QUICKSTART.split('wireguardGateways:\n')
  const one = gateway.slice(0, gateway.indexOf('    peers:'))
  const all = Array.from({ length: count }, (_, n) =>
    one
      .replace('name: hq', `name: gw-${n}`)
      .replace('203.0.113.10 ', `198.51.100.${n} `)
      .replace('QUICKSTART_PRIVATE_KEY', `KEY_${n}`),
  )
  return `${head}wireguardGateways:\n${all.join('')}`
}

const SECRETS = (): readonly string[] => [
  ...EXAMPLE_SECRETS,
  ...[journey.env.IONOS_TOKEN ?? '', 'throw-away-github-token'].flatMap(formsOf),
]

// The artifact is a list of named files, so that a new file is uploaded only when someone decides so.
function uploaded(): readonly string[] {
  const step = ACTION.runs.steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact@'))
  const names = (step?.with?.path ?? '')
    .trim()
    .split('\n')
    .map((line) => {
      expect(line.trim()).toMatch(/^\$\{\{ steps\.run\.outputs\.report-folder \}\}\/[\w-]+\.\w+$/)
      return basename(line.trim())
    })
  const folder = outputs()['report-folder'] ?? ''
  return names.filter((name) => existsSync(join(folder, name))).sort()
}

// Reports and transcripts alike: what is not uploaded today may be uploaded by a workflow tomorrow.
function writtenFiles(): readonly string[] {
  return ['report-folder', 'log-file'].flatMap((output) => {
    const path = outputs()[output]
    if (path === undefined) return []
    const folder = output === 'log-file' ? dirname(path) : path
    return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'))
  })
}

async function run(inputs: Readonly<Record<string, string>>, more?: JobFacts): Promise<StepResult> {
  const result = await job.run(inputs, more)
  const texts = [result.log, job.summary(), ...writtenFiles()]
  for (const secret of SECRETS()) {
    for (const text of texts) expect(text).not.toContain(secret)
  }
  return result
}

describe('a diff', () => {
  test('of a fork shows in the summary what its files change, without credentials and requests', async () => {
    write(QUICKSTART.replace('10.99.0.3/32', '10.99.0.3/32, 10.20.0.0/16'))
    write(QUICKSTART, 'base.yaml')
    const none = { IONOS_TOKEN: '', QUICKSTART_PRIVATE_KEY: '' }
    const { code, log } = await run({ command: 'diff', base: 'base.yaml' }, { env: none })
    expect(code, log).toBe(0)
    expect(log).toContain('hq/peers/ben-laptop is changed: changed in the files')
    expect(job.summary()).toContain('### vpnctl diff · `quickstart`: 1 changed')
    expect(job.summary()).toContain('gain 10.20.0.0/16')
    expect(outputs()).toMatchObject({ changes: 'true', to_change: '1', 'exit-code': '0' })
    expect(journey.sandbox.requests()).toEqual([])
  })

  test('without a base says in the summary how it failed', async () => {
    const { code } = await run({ command: 'diff' })
    expect(code).not.toBe(0)
    expect(job.summary()).toContain('### vpnctl diff failed')
  })
})

describe('a plan', () => {
  test('becomes outputs, a summary, files, and a comment', async () => {
    const { code, log } = await run({ command: 'plan', comment: 'true' })
    expect(log).toContain('Plan: 3 to add, 0 to change, 0 to destroy.')
    expect(log).toMatch(/^::notice file=vpn\.yaml,line=8,/m)
    expect(code).toBe(0)
    expect(outputs()).toMatchObject({
      changes: 'true',
      to_add: '3',
      to_change: '0',
      to_destroy: '0',
      'exit-code': '0',
      undoes: '0',
    })
    expect(outputs().plan_digest).toMatch(/\w{8}/)
    expect(job.summary()).toContain('3 to create')
    const folder = outputs()['report-folder'] ?? ''
    expect(readdirSync(folder).sort()).toEqual(['plan.json', 'plan.md', 'report.json'])
    expect(uploaded()).toEqual(['plan.json', 'plan.md', 'report.json'])
    expect(comments()).toEqual([
      expect.stringMatching(
        /^<!-- vpnctl:action key=\.%20vpn\.yaml -->\n<!-- vpnctl:plan stack=quickstart version=1 -->\n### vpnctl plan · `quickstart`: 3 to create\n/,
      ),
    ])
    expect(comments()[0]).toContain(
      'feedc0d · [run](https://github.example.com/example/network/actions/runs/42)',
    )
    expect(job.outputs.comment?.url).toMatch(/^https:/)
  })

  test('is reported in the existing comment, and a comment that is right is left alone', async () => {
    await run({ command: 'plan', comment: 'true' })
    await run({ command: 'plan', comment: 'true' })
    expect(host.calls.filter((call) => !call.startsWith('GET'))).toEqual(['POST /issues/7/comments'])
    write(QUICKSTART.slice(0, QUICKSTART.indexOf('      - name: ben-laptop')))
    await run({ command: 'plan', comment: 'true' })
    expect(comments()).toHaveLength(1)
    expect(comments()[0]).toContain('2 to create')
  })

  test('is found among hundreds of comments, and not in one that someone else forged', async () => {
    const first = '<!-- vpnctl:action key=.%20vpn.yaml -->'
    const others = Array.from({ length: 130 }, (_, n) => host.written(`remark ${n}`, 'someone'))
    const forged = host.written(`${first}\nmine!`, 'someone')
    const ours = host.written(`${first}\nof an earlier run`, BOT)
    host.comments.set(PULL_REQUEST, [forged, ...others, ours])
    await run({ command: 'plan', comment: 'true' })
    expect(ours.body).toContain('3 to create')
    expect(forged.body).toBe(`${first}\nmine!`)
    expect(comments()).toHaveLength(132)
  })

  test('of another folder has a comment of its own', async () => {
    await run({ command: 'plan', comment: 'true' })
    await run({ command: 'plan', comment: 'true', 'comment-key': 'the--other' })
    expect(comments()).toHaveLength(2)
    expect(comments()[1]?.split('\n')[0]).toBe('<!-- vpnctl:action key=the%2D%2Dother -->')
  })

  test('without changes begins no comment when only changes are wanted, but fixes the existing one', async () => {
    const quiet = { command: 'plan', comment: 'changes' }
    await journey.vpnctl('apply', '--yes', '-f', join(job.workspace, 'vpn.yaml'))
    expect((await run(quiet)).code).toBe(0)
    expect(comments()).toEqual([])
    write(QUICKSTART.replace('Head office', 'Main office'))
    await run(quiet)
    expect(comments()[0]).toContain('1 to update')
    write(QUICKSTART)
    await run(quiet)
    expect(comments()[0]).toContain('No changes.')
  })

  test('that fails replaces the plan of before, so that nobody approves that one', async () => {
    await run({ command: 'plan', comment: 'true' })
    write(QUICKSTART.replace('gatewayIP', 'gatewayIp```'))
    const { code, log } = await run({ command: 'plan', comment: 'true' })
    expect(code).toBe(3)
    expect(log).toContain('::error title=vpnctl::the desired state is invalid, or a secret has no value')
    expect(comments()).toHaveLength(1)
    expect(comments()[0]).toContain('### vpnctl plan failed (exit 3)')
    expect(comments()[0]).toContain('gatewayIp```')
    // The fence is longer than what is in it.
    expect(comments()[0]).toMatch(/^````$/m)
    expect(comments()[0]).not.toContain('3 to create')
    expect(job.summary()).toContain(
      '### vpnctl plan failed: the desired state is invalid, or a secret has no value (exit 3)',
    )
    expect(job.summary()).toContain('**Next step:** fix the files')
    expect(job.summary()).toMatch(/^````\n[\s\S]*gatewayIp```[\s\S]*\n````$/m)
  })

  test('that is refused is reported, and red', async () => {
    await journey.vpnctl('apply', '--yes', '-f', join(job.workspace, 'vpn.yaml'))
    write(QUICKSTART.replace('- name: ben-laptop', '- name: new-laptop').replace('name: hq', 'name: other'))
    const { code } = await run({
      command: 'plan',
      comment: 'true',
      args: '--max-deletes=0',
    })
    expect(code).toBe(6)
    expect(comments()[0]).toContain('Refused')
    expect(job.summary()).toContain('### vpnctl plan was refused by a safety rule (exit 6)')
  })

  test('that is too long for a comment is reported by its first line', async () => {
    write(manyGateways(200))
    await run({ command: 'plan', comment: 'true', 'markdown-limit': '200000' })
    expect(comments()[0]?.length).toBeLessThan(3000)
    expect(comments()[0]).toContain('200 to create')
    expect(comments()[0]).toContain('too long for a comment')
    await run({ command: 'plan', comment: 'true' })
    expect(comments()[0]?.length).toBeGreaterThan(50_000)
    expect(comments()[0]?.length).toBeLessThan(65_536)
  })
})

describe('a pull request of a fork', () => {
  test('whose token may only read keeps its plan, in the summary', async () => {
    host.refuse('POST', 403)
    const { code, log } = await run({ command: 'plan', comment: 'true' })
    expect(code).toBe(0)
    expect(log).toMatch(/^::warning title=vpnctl::the comment was not written: GitHub answered 403/m)
    expect(comments()).toEqual([])
    expect(job.summary()).toContain('3 to create')
  })

  test('without a token asks nobody', async () => {
    const { code, log } = await run({ command: 'plan', comment: 'true' }, { token: '' })
    expect(code).toBe(0)
    expect(log).toContain('::warning title=vpnctl::there is no token')
    expect(host.calls).toEqual([])
  })

  test('without secrets still gets a plan', async () => {
    const { code, log } = await run(
      { command: 'plan', comment: 'true' },
      { env: { QUICKSTART_PRIVATE_KEY: '' } },
    )
    expect(code).toBe(0)
    expect(log).not.toContain('::add-mask::')
    expect(comments()[0]).toContain('3 to create')
  })
})

describe('a code host that is unwell', () => {
  test('is asked again where nothing can be written twice', async () => {
    host.refuse('GET', 502)
    await run({ command: 'plan', comment: 'true' })
    expect(comments()).toHaveLength(1)
    host.refuse('POST', 502)
    host.comments.clear()
    const { code, log } = await run({ command: 'plan', comment: 'true' })
    expect(log).toContain('GitHub answered 502')
    expect(comments()).toEqual([])
    expect(code).toBe(0)
  })

  test('that cannot be reached costs the comment alone', async () => {
    const { code, log } = await run(
      { command: 'plan', comment: 'true' },
      { env: { GITHUB_API_URL: 'http://127.0.0.1:9' } },
    )
    expect(log).toContain('GitHub could not be reached')
    expect(code).toBe(0)
  })
})

describe('an apply', () => {
  test('of the plan of the job before does that, and says so in the summary', async () => {
    await run({ command: 'plan' })
    const plan = outputs()['plan-file'] ?? ''
    const { code, log } = await run({ command: 'apply', 'plan-file': plan }, { eventName: 'push' })
    expect(code).toBe(0)
    expect(log).toMatch(/^::stop-commands::(vpnctl_[0-9a-f]{32})\n[\s\S]*^::\1::$/m)
    expect(job.summary()).toMatch(/### vpnctl apply succeeded\n\n```\n[\s\S]+\n```\n/)
    expect((await journey.vpnctl('plan', '-f', join(job.workspace, 'vpn.yaml'))).stdout).toMatch(
      /^No changes\./m,
    )
  })

  test('of a plan that is stale changes nothing and is red', async () => {
    await run({ command: 'plan' })
    const plan = outputs()['plan-file'] ?? ''
    await journey.vpnctl('apply', '--yes', '-f', join(job.workspace, 'vpn.yaml'))
    await edit({ description: 'someone else' })
    journey.writes()
    const { code, log } = await run({ command: 'apply', 'plan-file': plan }, { eventName: 'push' })
    expect(code).toBe(7)
    expect(log).toContain('::error title=vpnctl::the saved plan is stale')
    expect(job.summary()).toContain('### vpnctl apply changed nothing: the saved plan is stale (exit 7)')
    expect(job.summary()).toContain('**Next step:** plan again, have the new plan reviewed')
    // What is stale, as the log says it; never an empty block.
    expect(job.summary()).toMatch(/\n```\n[\s\S]*VPN\d+[\s\S]*\n```\n/)
    expect(journey.writes()).toEqual([])
  })

  test('that is cancelled is reported so, and ends what is on its way', async () => {
    const { code, log } = await run(
      { command: 'apply', args: '--wait-timeout=10m' },
      {
        onStep: (child, name) => {
          if (name !== 'vpnctl') return
          child.stderr?.on('data', (text: string) => {
            if (/created/.test(String(text))) child.kill('SIGINT')
          })
        },
      },
    )
    expect(log).toContain('Stopping: nothing new is started')
    expect(code).toBe(130)
  })

  test('obeys no command that is hidden in its own output', async () => {
    write(QUICKSTART.replace('Head office', '::set-env name=PATH::evil'))
    const { log } = await run({ command: 'apply' }, { eventName: 'push' })
    const [, token] = /^::stop-commands::(\w+)$/m.exec(log) ?? []
    expect(log.indexOf('::set-env')).toBeGreaterThan(log.indexOf(`::stop-commands::${token}`))
    expect(log.lastIndexOf('::set-env')).toBeLessThan(log.indexOf(`\n::${token}::`))
  })
})

describe('drift', () => {
  const nightly = { command: 'drift', issue: 'true' }

  beforeEach(async () => {
    await journey.vpnctl('apply', '--yes', '-f', join(job.workspace, 'vpn.yaml'))
  })

  test('opens one issue, keeps it up to date, and closes it', async () => {
    expect((await run(nightly, { eventName: 'schedule' })).code).toBe(0)
    expect(outputs().drifted).toBe('false')
    expect(host.issues).toEqual([])

    await edit({ description: 'someone else' })
    const found = await run(nightly, { eventName: 'schedule' })
    expect(found.code).toBe(2)
    expect(found.log).toContain('::error title=vpnctl::there is drift')
    expect(outputs().drifted).toBe('true')
    expect(host.issues).toMatchObject([
      { title: 'vpnctl: drift in quickstart', labels: ['vpnctl-drift'], state: 'open' },
    ])
    expect(existsSync(join(outputs()['report-folder'] ?? '', 'drift.xml'))).toBe(true)

    await run(nightly, { eventName: 'schedule' })
    expect(host.issues).toHaveLength(1)
    const { number = 0 } = host.issues[0] ?? {}
    expect(host.comments.get(number)).toBeUndefined()

    await edit({ description: 'someone else', tier: 'ENHANCED' })
    await run(nightly, { eventName: 'schedule' })
    expect(host.issues).toHaveLength(1)
    expect(host.issues[0]?.body).toContain('ENHANCED')
    expect(host.comments.get(number)?.[0]?.body).toContain('The drift is another one now')

    await journey.vpnctl('apply', '--yes', '-f', join(job.workspace, 'vpn.yaml'))
    await run(nightly, { eventName: 'schedule' })
    expect(host.issues).toMatchObject([{ state: 'closed', state_reason: 'completed' }])
  })

  test('leaves issues of others alone, and its own when nothing could be found out', async () => {
    await edit({ description: 'someone else' })
    const labels = ['vpnctl-drift']
    const forged = host.written('<!-- vpnctl:drift stack=quickstart version=1 -->\n', 'someone', { labels })
    host.issues.push(forged)
    await run(nightly)
    expect(host.issues).toHaveLength(2)
    expect(forged.body).toBe('<!-- vpnctl:drift stack=quickstart version=1 -->\n')
    const before = structuredClone(host.issues)
    const { code } = await run(nightly, { env: { IONOS_TOKEN: '' } })
    expect(code).toBe(4)
    expect(host.issues).toEqual(before)
  })

  test('stays green when it is only to be reported', async () => {
    await edit({ description: 'someone else' })
    expect((await run({ command: 'drift', 'fail-on-drift': 'false' })).code).toBe(0)
    expect((await run({ command: 'drift', 'fail-on-drift': 'false', 'fail-on': 'drift' })).code).toBe(2)
  })
})

describe('inputs that belong together', () => {
  test('drift takes its base as what was applied last', async () => {
    await journey.vpnctl('apply', '--yes', '-f', join(job.workspace, 'vpn.yaml'))
    write(QUICKSTART, 'before.yaml')
    write(QUICKSTART.replace('description: Head office', 'description: Merged'))
    expect((await run({ command: 'drift' })).code).toBe(2)
    const { code, log } = await run({ command: 'drift', base: 'before.yaml' })
    expect(code).toBe(0)
    expect(log).toContain('except for 1 change that is not applied yet')
  })

  test('diff needs a base, and says so in the terms of the action', async () => {
    const { code, log } = await run({ command: 'diff' })
    expect(code).toBe(64)
    expect(log).toContain('::error title=vpnctl::diff needs the input base')
  })
})

describe('what turns a plan red', () => {
  test('deletions, when that is asked for', async () => {
    await journey.vpnctl('apply', '--yes', '-f', join(job.workspace, 'vpn.yaml'))
    write(QUICKSTART.slice(0, QUICKSTART.indexOf('      - name: ben-laptop')))
    expect((await run({ command: 'plan' })).code).toBe(0)
    const { code, log } = await run({ command: 'plan', 'fail-on': 'drift, delete' })
    expect(code).toBe(2)
    expect(log).toContain('the plan deletes 1')
    expect(job.summary()).toContain('**The job fails:** the plan deletes 1 (input `fail-on`)')
  })

  test('what was changed live and would be undone, when there is a base', async () => {
    await journey.vpnctl('apply', '--yes', '-f', join(job.workspace, 'vpn.yaml'))
    await edit({ description: 'someone else' })
    write(QUICKSTART, 'before.yaml')
    const { code, log } = await run({ command: 'plan', base: 'before.yaml', 'fail-on': 'drift' })
    expect(log).toContain('1 of the changes would undo what was changed live')
    expect(code).toBe(2)
  })

  test('a word that nobody knows', async () => {
    expect((await run({ command: 'plan', 'fail-on': 'deletes' })).code).toBe(64)
  })
})

describe('validate', () => {
  test('needs no account, and leaves what code scanning reads', async () => {
    write(QUICKSTART.replace('gatewayIP', 'gatewayIp'))
    const { code, log } = await run({ command: 'validate' }, { env: { IONOS_TOKEN: '' } })
    expect(code).toBe(3)
    expect(log).toMatch(/^::error file=vpn\.yaml,line=\d+/m)
    const sarif = JSON.parse(readFileSync(outputs()['sarif-file'] ?? '', 'utf8')) as { version: string }
    expect(sarif.version).toBe('2.1.0')
  })
})

describe('inputs', () => {
  const MORE = ['command', 'working-directory'] as const
  const HOSTILE = '$(touch hacked)`touch hacked`";touch hacked;#\'&& touch hacked'

  const others = Object.keys(ACTION.inputs).filter((name) => !MORE.some((each) => each === name))
  const hostile = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, HOSTILE]))

  test.each([
    ['command', ['command']],
    ['working-directory', ['working-directory']],
    ['all but files', others.filter((name) => name !== 'files' && name !== 'args')],
    ['all others', others],
  ])('cannot become code: %s', async (_, names) => {
    await run({ command: 'plan', comment: 'true', ...hostile(names) }, { eventName: 'pull_request' })
    await run({ command: 'drift', issue: 'true', ...hostile(names) }, { eventName: 'schedule' })
    expect(readdirSync(job.workspace)).toEqual(['vpn.yaml'])
  })

  test('reach scripts by the environment alone', () => {
    for (const { run: script } of ACTION.runs.steps) expect(script ?? '').not.toContain('${{')
  })

  test('of several lines are several files and several arguments', async () => {
    write(QUICKSTART.slice(0, QUICKSTART.indexOf('    peers:')), 'a b.yaml')
    const { code, log } = await run({
      command: 'plan',
      files: 'a b.yaml\n\n  *.none.yaml',
      args: '--target=wireguardgateways/hq\n--prune=none\n',
    })
    expect(log).toContain('*.none.yaml')
    expect(code).toBe(3)
    expect((await run({ command: 'plan', files: 'a b.yaml\n' })).code).toBe(0)
    expect(outputs().to_add).toBe('1')
  })

  test('that say no known command end the job', async () => {
    const { code, log } = await run({ command: 'destroy' })
    expect(code).toBe(64)
    expect(log).toContain('the input command has to be')
  })
})
