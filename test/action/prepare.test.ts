import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startJob } from './an-action.ts'
import { type CodeHost, hostEnvironment, startCodeHost } from './code-host.ts'
import { openPull } from './code-host-git.ts'

const FILES = { 'vpn/vpn.yaml': 'version: 1\n' }
const OWN = 'example/network/.github/workflows/vpn-apply.yml@refs/heads/main'

let host: CodeHost

beforeEach(async () => {
  host = await startCodeHost()
})
afterEach(() => host.close())

// Runs the steps before vpnctl: what they find is in the outputs.
async function prepare(
  inputs: Readonly<Record<string, string>>,
  { event, env = {} }: { event: object; env?: Readonly<Record<string, string>> },
): Promise<{ code: number | null; log: string; outputs: Readonly<Record<string, string>>; summary: string }> {
  const job = startJob({
    ...hostEnvironment(host),
    GITHUB_REF_NAME: 'main',
    GITHUB_WORKFLOW_REF: OWN,
    ...env,
  })
  try {
    const { code, log } = await job.run(
      { command: 'plan', artifact: 'vpn-plan', ...inputs },
      { event, eventName: 'push', until: 'prepare' },
    )
    return { code, log, outputs: job.outputs.prepare ?? {}, summary: job.summary() }
  } finally {
    job.close()
  }
}

/** Two commits on main, the first of them applied; the second came by a pull request with a plan. */
function twoCommits(
  more: { readonly path?: string; readonly repository?: string; readonly artifact?: boolean } = {},
) {
  const applied = host.repository.push('main', FILES)
  const run = { event: 'push', conclusion: 'success' as string | null }
  host.runs.push({
    ...run,
    id: 1,
    path: '.github/workflows/vpn-apply.yml',
    head_branch: 'main',
    head_sha: applied,
    head_repository: { full_name: 'example/network' },
  })
  host.repository.push('topic', { 'vpn/more.yaml': 'version: 1\n' }, 'main')
  const pull = openPull(host, { title: 'Topic', branch: 'topic', login: 'anna' })
  const merged = host.repository.merge('topic', 'main')
  Object.assign(pull, { merged_at: '2026-06-10T08:00:00Z', commits: [merged] })
  host.runs.push({
    ...run,
    id: 2,
    event: 'pull_request',
    path: more.path ?? '.github/workflows/vpn-plan.yml',
    head_branch: 'topic',
    head_sha: pull.head.sha,
    head_repository: { full_name: more.repository ?? 'example/network' },
  })
  if (more.artifact !== false) host.artifacts.set('2/vpn-plan', {})
  return { applied, merged, pull }
}

describe('a plan of what was merged', () => {
  test('starts at the commit that was applied last, and finds the plan that was reviewed', async () => {
    const { applied, merged } = twoCommits()
    const { outputs, summary } = await prepare({ merged: 'true' }, { event: {}, env: { GITHUB_SHA: merged } })
    expect(outputs).toMatchObject({ base: `git:${applied}`, 'reviewed-run': '2', 'pull-requests': '1' })
    expect(summary).toContain(
      `Everything since ${applied.slice(0, 7)}, which was applied last. Merged since: #1.`,
    )
  })

  test.each([
    ['of another workflow', { path: '.github/workflows/evil.yml' }],
    ['of a fork', { repository: 'someone/network' }],
    ['whose artifact is gone', { artifact: false }],
  ])('takes no plan %s for the reviewed one', async (_what, more) => {
    const { merged } = twoCommits(more)
    const { outputs } = await prepare({ merged: 'true' }, { event: {}, env: { GITHUB_SHA: merged } })
    expect(outputs).not.toHaveProperty('reviewed-run')
    expect(outputs['pull-requests']).toBe('1')
  })

  test('after a stale plan compares with that one, if it is of this workflow', async () => {
    const { merged, applied } = twoCommits()
    host.artifacts.set('1/vpn-plan', {})
    const env = { GITHUB_SHA: merged }
    const followed = await prepare({ merged: 'true' }, { event: { inputs: { after: '1' } }, env })
    expect(followed.outputs['reviewed-run']).toBe('1')
    for (const after of ['2', '1/../2']) {
      const { outputs } = await prepare({ merged: 'true' }, { event: { inputs: { after } }, env })
      expect(outputs['reviewed-run']).toBe('2')
    }
    expect(applied).not.toBe(merged)
  })

  test('without an earlier apply, or after a forced push, has no base and says so', async () => {
    const merged = host.repository.push('main', FILES)
    const { outputs, summary } = await prepare({ merged: 'true' }, { event: {}, env: { GITHUB_SHA: merged } })
    expect(outputs).not.toHaveProperty('base')
    expect(summary).toContain('No earlier apply is known')
  })

  test('ends where the code host cannot say what was applied', async () => {
    host.refuse('GET', 502, 502, 502)
    const { code, log, summary } = await prepare({ merged: 'true' }, { event: {} })
    expect(code).toBe(5)
    expect(log).toContain(
      '::error title=vpnctl::what was applied and reviewed is not known: GitHub answered 502',
    )
    expect(summary).toContain('**Next step:** run the job again')
  })
})

describe('base auto', () => {
  const repository = { default_branch: 'main' }

  test.each([
    [
      'a pull request',
      { pull_request: { number: 7, base: { ref: 'next' }, head: { sha: 'feed' } } },
      'git:origin/next',
      '7',
    ],
    [
      'the merge queue',
      {
        merge_group: {
          base_sha: 'c0ffee',
          base_ref: 'refs/heads/main',
          head_ref: 'refs/heads/gh-readonly-queue/main/pr-12-c0ffee',
          head_sha: 'feed',
        },
      },
      'git:c0ffee',
      '12',
    ],
    ['a branch', { repository }, 'git:origin/main', ''],
  ])('is that of %s', async (_what, event, base, pullRequest) => {
    const { outputs } = await prepare({ base: 'auto' }, { event })
    expect(outputs).toMatchObject({ base, 'pull-request': pullRequest })
    expect(outputs).not.toHaveProperty('applied')
  })

  test('knows what was applied last, where the token may read it', async () => {
    const { applied } = twoCommits()
    expect((await prepare({ base: 'auto' }, { event: { repository } })).outputs.applied).toBe(
      `git:${applied}`,
    )
    host.refuse('GET', 403)
    const denied = await prepare({ base: 'auto' }, { event: { repository } })
    expect(denied.outputs.base).toBe('git:origin/main')
    expect(denied.outputs).not.toHaveProperty('applied')
  })
})
