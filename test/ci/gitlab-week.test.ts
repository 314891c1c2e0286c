import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Repository, startRepository } from '../action/a-repository.ts'
import { EXAMPLE_SECRETS, formsOf } from '../support/examples.ts'
import { type Journey, startJourney } from '../support/journey.ts'
import { openPipeline, type Pipeline } from './a-gitlab-pipeline.ts'
import { type GitLabHost, NOTE_TOKEN, startGitLab } from './gitlab-host.ts'

// Two people, three merge requests and a night, through the jobs of the template as they are.
const FILE = 'vpn/vpn.yaml'
const START = readFileSync('examples/quickstart.yaml', 'utf8')
const peer = (name: string, address: string): string => `      - name: ${name}
        publicKey: ${Buffer.from(`THROW-AWAY-KEY-OF-${name}-`.padEnd(32, 'x')).toString('base64')}
        allowedIPs: [${address}/32]
`

let journey: Journey
let host: GitLabHost
let repository: Repository
let pipelines: Pipeline[]

beforeEach(async () => {
  journey = await startJourney()
  host = await startGitLab()
  repository = startRepository()
  pipelines = []
})
afterEach(async () => {
  repository.close()
  host.close()
  await journey.close()
})

function open(source: string, commit: string, more: Readonly<Record<string, string>> = {}): Pipeline {
  const { VPNCTL_ENDPOINT = '', IONOS_TOKEN = '', QUICKSTART_PRIVATE_KEY = '' } = journey.env
  const variables = {
    VPNCTL_ENDPOINT,
    IONOS_TOKEN,
    QUICKSTART_PRIVATE_KEY,
    VPN_NOTE_TOKEN: NOTE_TOKEN,
    CI_API_V4_URL: host.url,
    CI_PROJECT_ID: '3',
    CI_COMMIT_SHA: commit,
    CI_DEFAULT_BRANCH: 'main',
    CI_JOB_URL: 'https://gitlab.example.com/job/1',
    CI_PIPELINE_SOURCE: source,
    ...more,
  }
  const pipeline = openPipeline(
    variables,
    (folder) => repository.checkout(commit, folder),
    () => host.deployments.unshift(commit),
  )
  pipelines.push(pipeline)
  return pipeline
}

/** Pushes a branch and runs the pipeline of its merge request. */
async function propose(iid: string, branch: string, change: (text: string) => string): Promise<Pipeline> {
  const text = change(repository.textAt('main', FILE))
  const commit = repository.push(branch, { [FILE]: text }, 'main')
  const pipeline = open('merge_request_event', commit, {
    CI_MERGE_REQUEST_IID: iid,
    CI_MERGE_REQUEST_TARGET_BRANCH_NAME: 'main',
    CI_MERGE_REQUEST_SOURCE_BRANCH_SHA: commit,
  })
  await pipeline.run()
  return pipeline
}

const note = (iid: string): string => {
  const [first, ...more] = host.notes.get(iid) ?? []
  expect(more).toEqual([])
  return first?.body ?? ''
}
const merge = async (branch: string): Promise<Pipeline> => {
  const pipeline = open('push', repository.merge(branch, 'main'), { CI_COMMIT_BRANCH: 'main' })
  await pipeline.run()
  return pipeline
}
const night = async (): Promise<Pipeline> => {
  const pipeline = open('schedule', repository.commitOf('main'), { CI_COMMIT_BRANCH: 'main' })
  await pipeline.run()
  return pipeline
}

async function peersOfHq(): Promise<string> {
  const headers = { authorization: 'Bearer someone-else' }
  const list = await fetch(`${journey.sandbox.url}/wireguardgateways`, { headers })
  const { items } = (await list.json()) as { items: { id: string }[] }
  return `wireguardgateways/${items[0]?.id}/peers`
}

test('a merge request without a token, as of a fork, shows what changes in the files', async () => {
  const base = repository.push('main', { [FILE]: START })
  const commit = repository.push('fork', { [FILE]: START + peer('carol-laptop', '10.99.0.4') }, 'main')
  const variables = {
    CI_PIPELINE_SOURCE: 'merge_request_event',
    CI_MERGE_REQUEST_DIFF_BASE_SHA: base,
    CI_COMMIT_SHA: commit,
  }
  const pipeline = openPipeline(
    variables,
    (folder) => repository.checkout(commit, folder),
    () => undefined,
  )
  await pipeline.run()
  expect(pipeline.automatic).toEqual(['vpn-validate', 'vpn-diff'])
  expect(pipeline.jobs['vpn-diff']?.log).toContain('Diff: 1 added, 0 changed, 0 removed.')
  expect(pipeline.jobs['vpn-diff']?.artifacts['vpn-diff.md']).toContain('carol-laptop')
  expect(JSON.parse(pipeline.jobs['vpn-diff']?.artifacts['vpn-widget.json'] ?? '')).toMatchObject({
    create: 1,
  })
})

test('a week of two people and three merge requests', { timeout: 900_000 }, async () => {
  const begin = open('push', repository.push('main', { [FILE]: START }), { CI_COMMIT_BRANCH: 'main' })
  await begin.run()
  expect(begin.automatic).toEqual(['vpn-validate', 'vpn-plan'])
  expect(begin.manual).toEqual(['vpn-apply'])
  expect((await begin.start('vpn-apply')).status).toBe('success')

  // Monday: A and B are proposed; B is broken at first, then right.
  const a = await propose('1', 'carol', (text) => text + peer('carol-laptop', '10.99.0.4'))
  expect(a.automatic).toEqual(['vpn-validate', 'vpn-plan'])
  expect(JSON.parse(a.jobs['vpn-plan']?.artifacts['vpn-widget.json'] ?? '')).toEqual({
    create: 1,
    update: 0,
    delete: 0,
  })
  expect(note('1')).toContain('1 to create')
  await propose('2', 'words', (text) => text.replace('Head office', 'Head office, Frankfurt'))
  expect(note('2')).toContain('1 to update')
  const broken = await propose('2', 'words', (text) => text.replace('gatewayIP', 'gatewayIp'))
  expect(broken.jobs['vpn-validate']).toMatchObject({ status: 'failed', code: 3 })
  expect(JSON.parse(broken.jobs['vpn-validate']?.artifacts['vpn-quality.json'] ?? '')).not.toEqual([])
  expect(note('2')).toContain(`plan failed at ${repository.commitOf('words').slice(0, 8)}`)
  expect(note('2')).not.toContain('1 to update')
  await propose('2', 'words', (text) => text.replace('Head office', 'Head office, Frankfurt'))
  expect(note('2')).toContain('1 to update')

  // Tuesday: A is merged, and applied by hand.
  const runOfA = await merge('carol')
  expect(runOfA.jobs['vpn-plan']?.log).toContain('Plan: 1 to add, 0 to change, 0 to destroy.')
  expect((await runOfA.start('vpn-apply')).status).toBe('success')

  // Wednesday: B is merged; someone edits live before the click. Nothing is applied; the plan is started again and read.
  const runOfB = await merge('words')
  expect(runOfB.jobs['vpn-plan']?.log).toContain('Plan: 0 to add, 1 to change, 0 to destroy.')
  await journey.edit(await peersOfHq(), 'ben-laptop', { allowedIPs: ['10.99.0.33/32'] })
  journey.writes()
  const stale = await runOfB.start('vpn-apply')
  expect(stale).toMatchObject({ status: 'failed', code: 7 })
  expect(stale.log).toMatch(/ben-laptop was changed live \(last\s+change by/)
  expect(journey.writes()).toEqual([])

  // Planned again by hand, the hotfix is refused, with who made it; asked to, the plan reverts it.
  const again = open('web', repository.commitOf('main'), { CI_COMMIT_BRANCH: 'main' })
  await again.run()
  expect(again.jobs['vpn-plan']).toMatchObject({ status: 'failed', code: 6 })
  expect(again.jobs['vpn-plan']?.log).toMatch(/ben-laptop was changed live[\s\S]*Refused/)
  expect(again.jobs['vpn-plan']?.artifacts['vpn-plan.md']).toContain('ben-laptop')
  const reverting = open('web', repository.commitOf('main'), {
    CI_COMMIT_BRANCH: 'main',
    VPN_ON_DRIFT: 'revert',
  })
  await reverting.run()
  expect(reverting.jobs['vpn-plan']?.log).toContain('Plan: 0 to add, 2 to change, 0 to destroy.')

  // The night finds it: orange, with a report for each resource.
  const drift = await night()
  expect(drift.automatic).toEqual(['vpn-drift'])
  expect(drift.jobs['vpn-drift']).toMatchObject({ status: 'warning', code: 2 })
  expect(drift.jobs['vpn-drift']?.artifacts['vpn-drift.xml']).toContain('ben-laptop')

  // Thursday: they accept it by a merge request, which is planned with what B still has to do, and applied.
  await propose('3', 'accept', (text) => text.replace('10.99.0.3/32', '10.99.0.33/32'))
  expect(note('3')).toContain('1 to update')
  const runOfC = await merge('accept')
  expect((await runOfC.start('vpn-apply')).status).toBe('success')
  // B's own pipeline: started again, its plan is of files that are older by now, and reading it shows that.
  expect((await runOfB.start('vpn-apply')).code).toBe(7)
  expect((await night()).jobs['vpn-drift']?.status).toBe('success')

  const texts = [
    ...[...host.notes.values()].flat().map(({ body }) => body),
    ...pipelines.flatMap(({ jobs }) =>
      Object.values(jobs).flatMap(({ log, artifacts }) => [log, ...Object.values(artifacts)]),
    ),
  ]
  expect(texts.length).toBeGreaterThan(40)
  for (const secret of [...EXAMPLE_SECRETS, ...formsOf(journey.env.IONOS_TOKEN ?? ''), NOTE_TOKEN]) {
    for (const text of texts) expect(text).not.toContain(secret)
  }
})
