import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { EXAMPLE_SECRETS, formsOf } from '../support/examples.ts'
import { type Journey, startJourney } from '../support/journey.ts'
import { type JobResult, type RunResult, runWorkflow, type Trigger } from './a-workflow.ts'
import { type CodeHost, startCodeHost } from './code-host.ts'
import { openPull, type Pull } from './code-host-git.ts'
import { runnerCommands } from './runner-commands.ts'

// Two people, three pull requests, a live edit at the wrong moment, and a night: the workflows of the pages, as they are.
const FILE = 'vpn/vpn.yaml'
const START = readFileSync('examples/quickstart.yaml', 'utf8').replace(
  'QUICKSTART_PRIVATE_KEY',
  'HQ_WIREGUARD_PRIVATE_KEY',
)
const peer = (name: string, address: string): string => `      - name: ${name}
        publicKey: ${Buffer.from(`THROW-AWAY-KEY-OF-${name}-`.padEnd(32, 'x')).toString('base64')}
        allowedIPs: [${address}/32]
`

let journey: Journey
let host: CodeHost
const seen: string[] = []

beforeEach(async () => {
  journey = await startJourney()
  host = await startCodeHost()
})
afterEach(async () => {
  await host.close()
  await journey.close()
})

async function start(
  file: string,
  trigger: Partial<Trigger> & Pick<Trigger, 'eventName'>,
): Promise<RunResult> {
  const { VPNCTL_ENDPOINT = '', IONOS_TOKEN = '', QUICKSTART_PRIVATE_KEY = '' } = journey.env
  const result = await runWorkflow(host, file, {
    event: { repository: { default_branch: 'main' } },
    sha: host.repository.commitOf('main'),
    refName: 'main',
    secrets: { IONOS_TOKEN, HQ_WIREGUARD_PRIVATE_KEY: QUICKSTART_PRIVATE_KEY },
    env: { VPNCTL_ENDPOINT },
    ...trigger,
  })
  seen.push(...Object.values(result.jobs).flatMap(({ log, summary }) => [log, summary]))
  return result
}

const job = (run: RunResult, name: string): JobResult => {
  const found = run.jobs[name]
  if (found === undefined) throw new Error(`no job ${name}`)
  return found
}
const annotations = ({ log }: JobResult): readonly string[] =>
  runnerCommands(log)
    .filter(({ name }) => name === 'error' || name === 'warning')
    .map(({ name, properties, message }) => `${name} ${properties.title}: ${message}`)
const commentsOf = ({ number }: Pull): readonly string[] =>
  (host.comments.get(number) ?? []).map(({ body }) => body)
const planComment = (pull: Pull): string =>
  commentsOf(pull).find((body) => body.includes('vpnctl:action')) ?? ''
const applyComment = (pull: Pull): string =>
  commentsOf(pull).find((body) => body.includes('vpnctl:apply')) ?? ''

/** Pushes a branch that changes the file on `main`, opens a pull request, and lets its workflow run. */
async function open(
  branch: string,
  login: string,
  change: (text: string) => string,
): Promise<[Pull, RunResult]> {
  const text = change(host.repository.textAt('main', FILE))
  host.repository.push(branch, { [FILE]: text }, 'main')
  const pull = openPull(host, { title: `Change ${branch}`, branch, login })
  return [pull, await check(pull)]
}

function check(pull: Pull): Promise<RunResult> {
  const { number, base, head } = pull
  return start('plan.yml', {
    eventName: 'pull_request',
    event: { pull_request: { number, base, head }, repository: { default_branch: 'main' } },
    sha: host.repository.merge(head.ref, 'main', true),
    refName: `${number}/merge`,
  })
}

function merge(pull: Pull): void {
  const before = host.repository.commitOf('main')
  const merged = host.repository.merge(pull.head.ref, 'main')
  const commits = host.repository.git('rev-list', `${before}..${merged}`).split('\n')
  // Dates that sort as the merges did.
  const at = `2026-06-10T08:00:${String(host.repository.git('rev-list', '--count', 'main')).padStart(2, '0')}Z`
  Object.assign(pull, { state: 'closed', merged_at: at, commits })
}

const apply = (
  approve: Trigger['approve'] = async () => true,
  more: Partial<Trigger> = {},
): Promise<RunResult> => start('apply.yml', { eventName: 'push', approve, ...more })

async function peersOfHq(): Promise<string> {
  const headers = { authorization: 'Bearer someone-else' }
  const list = await fetch(`${journey.sandbox.url}/wireguardgateways`, { headers })
  const { items } = (await list.json()) as { items: { id: string }[] }
  return `wireguardgateways/${items[0]?.id}/peers`
}

test('a week of two people and three pull requests', { timeout: 900_000 }, async () => {
  // The estate begins.
  host.repository.push('main', { [FILE]: START })
  const first = await apply()
  expect(first.conclusion).toBe('success')
  expect(job(first, 'plan').summary).toContain('No earlier apply is known')
  expect(job(first, 'plan').summary).toContain('3 to create')

  // Monday: A and B are opened, and planned apart from each other.
  const [a, planOfA] = await open('carol', 'anna', (text) => text + peer('carol-laptop', '10.99.0.4'))
  expect(planOfA.conclusion).toBe('success')
  expect(planComment(a)).toContain('1 to create')
  expect(planComment(a)).toMatch(/carol-laptop` \| create · intent/)
  expect(annotations(job(planOfA, 'plan'))).toEqual([])
  const [b] = await open('words', 'ben', (text) => text.replace('Head office', 'Head office, Frankfurt'))
  expect(planComment(b)).toContain('1 to update')

  // Tuesday: A is merged. While it waits for its approval, C is opened: what A wants is pending there, and no drift.
  merge(a)
  let c: Pull | undefined
  const runOfA = await apply(async ({ jobs }) => {
    expect(jobs.plan?.summary).toContain('Merged since: #1.')
    expect(jobs.plan?.summary).toContain('Reviewed: these are the changes of the reviewed plan.')
    expect(jobs.plan?.summary).toMatch(/carol-laptop` \| create · intent/)
    expect(applyComment(a)).toContain('### vpnctl apply waits for its approval')
    const [pull] = await open('dave', 'anna', (text) => text + peer('dave-laptop', '10.99.0.5'))
    c = pull
    expect(planComment(pull)).toContain('1 intent, 1 pending')
    expect(planComment(pull)).toMatch(/carol-laptop` \| create · pending/)
    expect(planComment(pull)).not.toContain('drift')
    return true
  })
  expect(runOfA.conclusion).toBe('success')
  expect(job(runOfA, 'apply').summary).toContain('### vpnctl apply succeeded')
  expect(applyComment(a)).toMatch(/### vpnctl apply succeeded\n\n```\nApply complete! Resources: 1 added/)
  expect(commentsOf(a)).toHaveLength(2)

  // Wednesday: B was planned before A. Its changes are the same; then someone edits live while the approver reads.
  merge(b)
  const runOfB = await apply(async ({ jobs }) => {
    expect(jobs.plan?.summary).toContain('Reviewed: these are the changes of the reviewed plan.')
    await journey.edit(await peersOfHq(), 'ben-laptop', { allowedIPs: ['10.99.0.33/32'] })
    return true
  })
  expect(runOfB.conclusion).toBe('failure')
  expect(job(runOfB, 'apply').code).toBe(7)
  expect(annotations(job(runOfB, 'apply'))).toContain(
    'error vpnctl: the saved plan is stale; plan again and have it reviewed',
  )
  expect(job(runOfB, 'apply').summary).toContain('**A new run plans again:**')
  expect(applyComment(b)).toContain('### vpnctl apply changed nothing: live changed since the plan (exit 7)')
  expect(host.dispatches).toEqual([
    { workflow: 'vpn-apply.yml', ref: 'main', inputs: { after: String(runOfB.id), round: '1' } },
  ])

  // The new run says what is different, and refuses to undo the edit unseen: nobody is asked to approve that.
  const inputs = host.dispatches[0]?.inputs
  const again = await apply(async () => expect.unreachable(), {
    eventName: 'workflow_dispatch',
    event: { inputs, repository: { default_branch: 'main' } },
  })
  expect(job(again, 'plan').code).toBe(6)
  expect(job(again, 'apply').conclusion).toBe('skipped')
  expect(job(again, 'plan').summary).toMatch(/Not as reviewed[\s\S]*ben-laptop was changed live/)
  expect(job(again, 'plan').summary).toMatch(
    /VPN533[\s\S]*ben-laptop was changed live: allowedIPs \(last change by [\s\S]*vpnctl accept/,
  )
  expect(applyComment(b)).toContain(
    '### vpnctl apply did not start: the plan was refused by a safety rule (exit 6)',
  )

  // Thursday: the night's run finds the edit and opens a pull request with it.
  const night = await start('drift.yml', { eventName: 'schedule' })
  expect(job(night, 'drift').code).toBe(2)
  expect(host.issues).toMatchObject([{ title: 'vpnctl: drift in quickstart', state: 'open' }])
  const accepted = host.pulls.at(-1)
  if (accepted === undefined || c === undefined) return expect.unreachable()
  expect(accepted).toMatchObject({
    title: 'Accept drift in quickstart',
    head: { ref: 'vpnctl/drift-quickstart' },
  })
  expect(host.repository.textAt(accepted.head.ref, FILE)).toContain('10.99.0.33/32')
  // The next night finds it as it is.
  const { sha } = accepted.head
  await start('drift.yml', { eventName: 'schedule' })
  expect(host.pulls).toHaveLength(4)
  expect(accepted.head.sha).toBe(sha)

  // It is merged: what is left to apply is B, of both pull requests, and both get a comment.
  merge(accepted)
  const friday = await apply(async ({ jobs }) => {
    expect(jobs.plan?.summary).toContain('Merged since: #2, #4.')
    expect(jobs.plan?.summary).toContain('1 to update')
    return true
  })
  expect(friday.conclusion).toBe('success')
  for (const pull of [b, accepted]) expect(applyComment(pull)).toContain('### vpnctl apply succeeded')

  // C: merged through the queue, which plans it on top of main.
  const queued = host.repository.merge(c.head.ref, 'main', true)
  const queue = await start('plan.yml', {
    eventName: 'merge_group',
    event: {
      merge_group: {
        base_ref: 'refs/heads/main',
        base_sha: host.repository.commitOf('main'),
        head_ref: `refs/heads/gh-readonly-queue/main/pr-${c.number}-${queued.slice(0, 7)}`,
        head_sha: queued,
      },
    },
    sha: queued,
    refName: `gh-readonly-queue/main/pr-${c.number}`,
  })
  expect(queue.conclusion).toBe('success')
  expect(planComment(c)).toContain('1 to create')
  expect(planComment(c)).toContain('merge queue')
  expect(planComment(c)).not.toContain('pending')
  merge(c)
  expect((await apply()).conclusion).toBe('success')

  // Nobody is asked about a plan without changes; the night closes the issue and reports nothing else.
  const nothing = await apply(async () => expect.unreachable(), { eventName: 'workflow_dispatch' })
  expect(nothing.conclusion).toBe('success')
  expect(job(nothing, 'apply').conclusion).toBe('skipped')
  expect((await start('drift.yml', { eventName: 'schedule' })).conclusion).toBe('success')
  expect(host.issues).toMatchObject([{ state: 'closed' }])

  // Someone starts Tuesday's run again: it would undo the rest of the week.
  journey.writes()
  const old = await apply(async () => expect.unreachable(), {
    sha: host.runs.find(({ id }) => id === runOfA.id)?.head_sha ?? '',
  })
  expect(job(old, 'plan').code).toBe(6)
  expect(job(old, 'plan').summary).toContain('which was applied last: nothing is planned')
  expect(journey.writes()).toEqual([])

  const texts = [
    ...seen,
    ...[...host.comments.values()].flat().map(({ body }) => body),
    ...host.issues.map(({ body }) => body),
    ...host.pulls.map(({ body }) => body),
    ...[...host.artifacts.values()].flatMap((files) => Object.values(files)),
  ]
  expect(texts.length).toBeGreaterThan(50)
  for (const secret of [
    ...EXAMPLE_SECRETS,
    ...formsOf(journey.env.IONOS_TOKEN ?? ''),
    'throw-away-github-token',
  ]) {
    for (const text of texts) expect(text).not.toContain(secret)
  }
})
