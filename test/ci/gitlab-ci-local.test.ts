import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { SHARED_CODE_CACHE } from '../support/code-cache.ts'
import { EXAMPLE_SECRETS, formsOf } from '../support/examples.ts'
import { type Journey, startJourney } from '../support/journey.ts'
import { openPipeline } from './a-gitlab-pipeline.ts'
import { type GitLabHost, NOTE_TOKEN, startGitLab } from './gitlab-host.ts'

// gitlab-ci-local plays the template as a runner of GitLab does: rules, needs, artifacts, exit codes.
const SOURCES = resolve('node_modules/gitlab-ci-local/src')
const TEMPLATE = readFileSync('examples/ci/gitlab/.gitlab-ci.yml', 'utf8')
const MAIN = { CI_COMMIT_BRANCH: 'main', CI_DEFAULT_BRANCH: 'main' }

let journey: Journey
let host: GitLabHost
let folder: string

beforeEach(async () => {
  journey = await startJourney()
  host = await startGitLab()
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-gitlab-local-'))
  for (const name of ['vpn', '.gitlab', 'bin']) mkdirSync(join(folder, name))
  writeFileSync(join(folder, '.gitlab-ci.yml'), withoutImages())
  copyFileSync('examples/quickstart.yaml', join(folder, 'vpn/vpn.yaml'))
  for (const name of ['vpn-note.mjs', 'vpn-base.mjs']) {
    copyFileSync(`examples/ci/gitlab/${name}`, join(folder, '.gitlab', name))
  }
  program('vpnctl', `exec node "${resolve('dist/cli/bin.js')}" "$@"`)
  // It copies the tracked files for jobs in containers, of which there are none here.
  program('rsync', 'exit 0')
  git('init', '-q', '-b', 'main')
  git('add', '.gitlab-ci.yml', '.gitlab', 'vpn')
  git('commit', '-qm', 'Add the gateway')
  git('remote', 'add', 'origin', 'https://gitlab.example.com/acme/vpn.git')
})
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true })
  host.close()
  await journey.close()
})

function program(name: string, text: string): void {
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${text}\n`)
  chmodSync(join(folder, 'bin', name), 0o755)
}

function git(...args: readonly string[]): string {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.com']
  return execFileSync('git', [...who, ...args], { cwd: folder, encoding: 'utf8' }).trim()
}

/** Without containers and the installation in them, which need a network. */
function withoutImages(): string {
  const jobs = parse(TEMPLATE) as Record<string, Record<string, unknown>>
  const entries = Object.entries(jobs).map(([name, job]) => {
    if (!name.includes('vpn')) return [name, job]
    const { image: _, before_script: __, ...rest } = job
    return [name, rest]
  })
  return stringify(Object.fromEntries(entries))
}

interface Played {
  readonly code: number
  readonly log: string
}

function play(variables: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Played> {
  const all = Object.entries(variables).flatMap(([name, value]) => ['--variable', `${name}=${value}`])
  const env = { PATH: `${folder}/bin:${process.env.PATH ?? ''}`, HOME: folder, ...SHARED_CODE_CACHE }
  // Without its schema: pipeline-files.test.ts holds the template to it.
  const program = [join(SOURCES, 'index.js'), '--no-json-schema-validation', '--no-color']
  const child = spawn('node', [...program, ...all, ...args], { cwd: folder, env })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += String(chunk)))
  return new Promise((done) => child.once('close', (code) => done({ code: code ?? 1, log })))
}

interface Listed {
  readonly name: string
  readonly when: string
}

/** The jobs of a pipeline, as `--list-json` prints them, without a process for each. */
async function list(variables: Readonly<Record<string, string>>): Promise<readonly Listed[]> {
  const { handler } = await import(join(SOURCES, 'handler.js'))
  const { WriteStreamsMock } = await import(join(SOURCES, 'write-streams.js'))
  const streams = new WriteStreamsMock()
  const options = {
    // It asks for a relative one.
    cwd: relative('.', folder),
    home: folder,
    variable: Object.entries(variables).map(([name, value]) => `${name}=${value}`),
    jsonSchemaValidation: false,
    listJson: true,
  }
  await handler(options, streams)
  return JSON.parse(streams.stdoutLines.join('\n')) as readonly Listed[]
}

function pipeline(
  source: string,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  const { VPNCTL_ENDPOINT = '', IONOS_TOKEN = '', QUICKSTART_PRIVATE_KEY = '' } = journey.env
  return {
    CI_PIPELINE_SOURCE: source,
    ...MAIN,
    CI_API_V4_URL: host.url,
    CI_PROJECT_ID: '3',
    VPN_NOTE_TOKEN: NOTE_TOKEN,
    VPNCTL_ENDPOINT,
    IONOS_TOKEN,
    QUICKSTART_PRIVATE_KEY,
    ...more,
  }
}

test('plays plan, apply, drift, and a plan that would undo a hotfix', { timeout: 120_000 }, async () => {
  const logs: string[] = []
  const played = async (...given: Parameters<typeof play>): Promise<Played> => {
    const result = await play(...given)
    logs.push(result.log)
    return result
  }
  const first = await played(pipeline('push'), '--needs', 'vpn-apply')
  expect(first.log).toContain('Apply complete! Resources: 3 added, 0 changed, 0 destroyed.')
  for (const job of ['vpn-validate', 'vpn-plan', 'vpn-apply'])
    expect(first.log).toMatch(new RegExp(`PASS {2}${job}`))
  expect(first.code).toBe(0)
  host.deployments.unshift(git('rev-parse', 'HEAD'))

  const quiet = await played(pipeline('schedule'))
  expect(quiet.log).toContain('PASS  vpn-drift')
  await journey.edit('wireguardgateways', 'hq', {
    description: 'Hotfix',
    privateKey: journey.env.QUICKSTART_PRIVATE_KEY,
  })
  const drift = await played(pipeline('schedule'))
  expect(drift.log).toMatch(/WARN {2}vpn-drift/)
  expect(drift.code).toBe(0)

  const refused = await played(pipeline('push'))
  expect(refused.log).toMatch(/vpn-plan .*FAIL 6/)
  expect(refused.log).toContain('hq was changed live')
  const reverted = await played(pipeline('web', { VPN_ON_DRIFT: 'revert' }), '--needs', 'vpn-apply')
  expect(reverted.log).toContain('Apply complete! Resources: 0 added, 1 changed, 0 destroyed.')
  for (const secret of [...EXAMPLE_SECRETS, ...formsOf(journey.env.IONOS_TOKEN ?? ''), NOTE_TOKEN]) {
    for (const log of logs) expect(log).not.toContain(secret)
  }
})

test('chooses the same jobs as the week of this folder does', { timeout: 120_000 }, async () => {
  const none = (): void => undefined
  const cases: readonly Readonly<Record<string, string>>[] = [
    { CI_PIPELINE_SOURCE: 'push', ...MAIN, IONOS_TOKEN: 'x' },
    { CI_PIPELINE_SOURCE: 'web', ...MAIN, IONOS_TOKEN: 'x' },
    { CI_PIPELINE_SOURCE: 'push', CI_COMMIT_BRANCH: 'topic', CI_DEFAULT_BRANCH: 'main', IONOS_TOKEN: 'x' },
    { CI_PIPELINE_SOURCE: 'merge_request_event', IONOS_TOKEN: 'x' },
    { CI_PIPELINE_SOURCE: 'merge_request_event' },
    { CI_PIPELINE_SOURCE: 'schedule', ...MAIN, IONOS_TOKEN: 'x' },
  ]
  for (const variables of cases) {
    const jobs = await list(variables)
    const named = (when: string): string[] => jobs.filter((job) => job.when === when).map(({ name }) => name)
    const { automatic, manual } = openPipeline(variables, none, none)
    expect({ automatic: named('on_success'), manual: named('manual') }).toEqual({ automatic, manual })
  }
})
