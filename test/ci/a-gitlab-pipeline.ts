import { spawn } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { SHARED_CODE_CACHE } from '../support/code-cache.ts'

const TEMPLATE = 'examples/ci/gitlab/.gitlab-ci.yml'

interface JobDefinition {
  readonly extends?: string
  readonly environment?: { readonly name: string }
  readonly rules?: readonly { readonly if: string; readonly when?: string }[]
  readonly needs?: readonly string[]
  readonly script?: readonly string[]
  readonly after_script?: readonly string[]
  readonly allow_failure?: { readonly exit_codes: readonly number[] }
  readonly artifacts?: {
    readonly when?: string
    readonly paths?: readonly string[]
    readonly reports?: Readonly<Record<string, string>>
  }
}

/** A job that ended. */
export interface GitLabJob {
  readonly status: 'success' | 'failed' | 'warning'
  readonly code: number
  readonly log: string
  /** Files of artifacts and reports, by name. */
  readonly artifacts: Readonly<Record<string, string>>
}

/** A pipeline whose jobs can be started one by one, as its manual ones are. */
export interface Pipeline {
  /** Jobs that start by themselves, and those that someone starts. */
  readonly automatic: readonly string[]
  readonly manual: readonly string[]
  readonly jobs: Record<string, GitLabJob>
  /** Runs a job; starting it again replaces its result. */
  start(name: string): Promise<GitLabJob>
  /** Runs the automatic jobs in order until one fails. */
  run(): Promise<void>
}

/**
 * The template as GitLab runs it: rules, `extends`, artifacts of `needs`, `after_script` whatever happened. The scripts run
 * in a shell, with the vpnctl of this repository in place of an installed one. `checkout` fills the folder of a job;
 * `onDeploy` hears of a job with an environment that succeeded.
 */
export function openPipeline(
  variables: Readonly<Record<string, string>>,
  checkout: (folder: string) => void,
  onDeploy: () => void,
): Pipeline {
  const template = parse(readFileSync(TEMPLATE, 'utf8')) as Record<string, JobDefinition>
  const { variables: preset, ...definitions } = template
  const all = { ...(preset as Readonly<Record<string, string>>), ...variables }
  const due = Object.entries(definitions).flatMap(([name, job]) => {
    const rule = name.startsWith('vpn-') ? job.rules?.find((each) => holds(each.if, all)) : undefined
    return rule === undefined ? [] : [{ name, when: rule.when ?? 'on_success' }]
  })
  const jobs: Record<string, GitLabJob> = {}
  const start: Pipeline['start'] = async (name) => {
    const own = definitions[name] ?? {}
    const job = { ...definitions[own.extends ?? ''], ...own }
    const given = (job.needs ?? []).map((need) => jobs[need]?.artifacts ?? {})
    const ended = await runJob(job, all, checkout, Object.assign({}, ...given) as Record<string, string>)
    jobs[name] = ended
    if (job.environment !== undefined && ended.status === 'success') onDeploy()
    return ended
  }
  const automatic = due.filter(({ when }) => when !== 'manual').map(({ name }) => name)
  return {
    automatic,
    manual: due.filter(({ when }) => when === 'manual').map(({ name }) => name),
    jobs,
    start,
    run: async () => {
      for (const name of automatic) if ((await start(name)).status === 'failed') return
    },
  }
}

// `$A`, `$A == null`, `$A == "x"`, `$A == $B`, joined by `&&`.
function holds(condition: string, variables: Readonly<Record<string, string>>): boolean {
  return condition.split(' && ').every((part) => {
    const found = /^\$(\w+)(?: == (?:"([^"]*)"|\$(\w+)|(null)))?$/.exec(part)
    if (found === null) throw new Error(`cannot evaluate ${part}`)
    const [, name = '', text, other = '', none] = found
    if (none !== undefined) return variables[name] === undefined
    if (!part.includes(' == ')) return (variables[name] ?? '') !== ''
    return (variables[name] ?? '') === (text ?? variables[other] ?? '')
  })
}

async function runJob(
  job: JobDefinition,
  variables: Readonly<Record<string, string>>,
  checkout: (folder: string) => void,
  given: Readonly<Record<string, string>>,
): Promise<GitLabJob> {
  const top = mkdtempSync(join(tmpdir(), 'vpnctl-gitlab-'))
  const folder = join(top, 'checkout')
  try {
    checkout(folder)
    mkdirSync(join(folder, '.gitlab'), { recursive: true })
    for (const name of ['vpn-note.mjs', 'vpn-base.mjs']) {
      copyFileSync(`examples/ci/gitlab/${name}`, join(folder, '.gitlab', name))
    }
    for (const [name, text] of Object.entries(given)) writeFileSync(join(folder, name), text)
    const bin = join(top, 'bin')
    mkdirSync(bin)
    writeFileSync(join(bin, 'vpnctl'), `#!/bin/sh\nexec node "${resolve('dist/cli/bin.js')}" "$@"\n`)
    chmodSync(join(bin, 'vpnctl'), 0o755)
    const env = {
      ...variables,
      GITLAB_CI: 'true',
      HOME: top,
      ...SHARED_CODE_CACHE,
      PATH: `${bin}:${process.env.PATH ?? ''}`,
      CI_PROJECT_DIR: folder,
    }
    const main = await shell(job.script ?? [], folder, env)
    const isWarning = job.allow_failure?.exit_codes.includes(main.code) === true
    const status = main.code === 0 ? 'success' : isWarning ? 'warning' : 'failed'
    const after = await shell(job.after_script ?? [], folder, {
      ...env,
      CI_JOB_STATUS: status === 'success' ? status : 'failed',
    })
    const { paths = [], reports = {}, when } = job.artifacts ?? {}
    const kept = status === 'success' || when === 'always' ? [...paths, ...Object.values(reports)] : []
    const files = kept.filter((path) => existsSync(join(folder, path)))
    return {
      status,
      code: main.code,
      log: main.log + after.log,
      artifacts: Object.fromEntries(files.map((path) => [path, readFileSync(join(folder, path), 'utf8')])),
    }
  } finally {
    rmSync(top, { recursive: true, force: true })
  }
}

function shell(
  lines: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number; readonly log: string }> {
  const child = spawn('sh', ['-e', '-c', lines.join('\n')], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let log = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (log += String(chunk)))
  return new Promise((done) => child.once('close', (code) => done({ code: code ?? 1, log })))
}
