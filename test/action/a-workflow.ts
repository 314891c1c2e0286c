import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { parse } from 'yaml'
import { type Artifacts, type Job, other, type Step, startJob } from './an-action.ts'
import { type CodeHost, hostEnvironment } from './code-host.ts'
import { evaluate, holds } from './expressions.ts'

interface JobDefinition {
  readonly needs?: string
  readonly if?: string
  readonly environment?: string
  readonly permissions: Readonly<Record<string, string>>
  readonly outputs?: Readonly<Record<string, string>>
  readonly steps: readonly (Step & { readonly env?: Readonly<Record<string, string>> })[]
}

/** What starts a workflow. */
export interface Trigger {
  readonly eventName: string
  readonly event: object
  /** The commit that is checked out, and the branch or tag of the run. */
  readonly sha: string
  readonly refName: string
  /** Values of `secrets`, and what else is in the environment of every step. */
  readonly secrets: Readonly<Record<string, string>>
  readonly env: Readonly<Record<string, string>>
  /** Asked before a job with an environment; false rejects it. */
  readonly approve?: (sofar: RunResult) => Promise<boolean>
}

/** A job that ended. */
export interface JobResult {
  readonly conclusion: 'success' | 'failure' | 'skipped'
  readonly code: number | null
  readonly log: string
  readonly summary: string
}

/** A run of a workflow. */
export interface RunResult {
  readonly id: number
  conclusion: string
  readonly jobs: Record<string, JobResult>
}

/** Runs a workflow file of `examples/ci/github` as GitHub does: jobs in order, checkouts, artifacts, approvals. */
export async function runWorkflow(host: CodeHost, file: string, trigger: Trigger): Promise<RunResult> {
  const { jobs } = parse(readFileSync(join('examples/ci/github', file), 'utf8')) as {
    jobs: Record<string, JobDefinition>
  }
  const workflow = `vpn-${file}`
  const head = pullHead(trigger.event) ?? trigger.sha
  const run = {
    id: 100 + host.runs.length,
    path: `.github/workflows/${workflow}`,
    event: trigger.eventName,
    head_branch: trigger.refName,
    head_sha: head,
    head_repository: { full_name: 'example/network' },
    conclusion: null as string | null,
  }
  host.runs.push(run)
  const result: RunResult = { id: run.id, conclusion: 'success', jobs: {} }
  const values: Record<string, string> = {
    'github.event_name': trigger.eventName,
    'github.repository': 'example/network',
    'github.event.pull_request.head.repo.full_name': 'example/network',
    ...Object.fromEntries(Object.entries(trigger.secrets).map(([name, value]) => [`secrets.${name}`, value])),
  }
  for (const [name, job] of Object.entries(jobs)) {
    const before = job.needs === undefined ? undefined : result.jobs[job.needs]
    const isDue = (before === undefined || before.conclusion === 'success') && holds(job.if, values)
    const isRejected = isDue && job.environment !== undefined && (await trigger.approve?.(result)) === false
    if (!isDue || isRejected) {
      result.jobs[name] = { conclusion: isRejected ? 'failure' : 'skipped', code: null, log: '', summary: '' }
    } else result.jobs[name] = await runJob(host, { name, job, workflow, trigger, run: run.id, values })
    if (result.jobs[name]?.conclusion === 'failure') result.conclusion = 'failure'
  }
  run.conclusion = result.conclusion
  return result
}

function pullHead(event: object): string | undefined {
  return (event as { pull_request?: { head: { sha: string } } }).pull_request?.head.sha
}

interface Planned {
  readonly name: string
  readonly job: JobDefinition
  readonly workflow: string
  readonly trigger: Trigger
  readonly run: number
  readonly values: Record<string, string>
}

async function runJob(
  host: CodeHost,
  { name, job, workflow, trigger, run, values }: Planned,
): Promise<JobResult> {
  const runner = startJob({
    ...hostEnvironment(host),
    GITHUB_RUN_ID: String(run),
    GITHUB_SHA: trigger.sha,
    GITHUB_REF_NAME: trigger.refName,
    GITHUB_WORKFLOW_REF: `example/network/.github/workflows/${workflow}@refs/heads/${trigger.refName}`,
    ...trigger.env,
  })
  const artifacts = artifactsOf(host, run)
  let log = ''
  let code: number | null = 0
  try {
    for (const step of job.steps) {
      if (!holds(step.if, values)) continue
      code = await runStep(host, runner, step, {
        trigger,
        values,
        artifacts,
        reported: (text) => (log += text),
      })
      if (code !== 0) break
    }
    for (const [output, text] of Object.entries(job.outputs ?? {})) {
      values[`needs.${name}.outputs.${output}`] = evaluate(text, values)
    }
    return { conclusion: code === 0 ? 'success' : 'failure', code, log, summary: runner.summary() }
  } finally {
    runner.close()
  }
}

interface Around {
  readonly trigger: Trigger
  readonly values: Record<string, string>
  readonly artifacts: Artifacts
  readonly reported: (text: string) => void
}

async function runStep(
  host: CodeHost,
  runner: Job,
  step: JobDefinition['steps'][number],
  { trigger, values, artifacts, reported }: Around,
): Promise<number | null> {
  const value = (text: string): string => evaluate(text, values)
  if (step.uses?.startsWith('actions/checkout@') === true) {
    rmSync(runner.workspace, { recursive: true, force: true })
    host.repository.checkout(trigger.sha, runner.workspace)
    return 0
  }
  if (step.uses?.startsWith('your-org/vpnctl@') !== true) {
    return other(step, value, artifacts, runner.workspace) ? 0 : 1
  }
  const given = (part: Readonly<Record<string, string>> = {}): Record<string, string> =>
    Object.fromEntries(Object.entries(part).map(([name, text]) => [name, value(text)]))
  const { code, log } = await runner.run(given(step.with), {
    eventName: trigger.eventName,
    event: trigger.event,
    env: given(step.env),
    artifacts,
  })
  reported(log)
  for (const [name, text] of Object.entries(runner.results()))
    values[`steps.${step.id}.outputs.${name}`] = text
  return code
}

function artifactsOf(host: CodeHost, own: number): Artifacts {
  return {
    upload(name, files) {
      const texts = files.map((file) => [basename(file), readFileSync(file, 'utf8')] as const)
      host.artifacts.set(`${own}/${name}`, Object.fromEntries(texts))
    },
    download(name, folder, run) {
      const files = host.artifacts.get(`${run ?? own}/${name}`)
      if (files === undefined) return false
      mkdirSync(folder, { recursive: true })
      for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text)
      return true
    },
  }
}
