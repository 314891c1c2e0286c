import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parse } from 'yaml'
import { SHARED_CODE_CACHE } from '../support/code-cache.ts'
import { evaluate, holds } from './expressions.ts'

/** One step of `action.yml`. */
export interface Step {
  readonly name: string
  readonly id?: string
  readonly if?: string
  readonly uses?: string
  readonly run?: string
  readonly shell?: string
  readonly env?: Readonly<Record<string, string>>
  readonly with?: Readonly<Record<string, string>>
  readonly 'continue-on-error'?: boolean
}

/** `action.yml` as a value. */
export const ACTION = parse(readFileSync('action.yml', 'utf8')) as {
  readonly inputs: Readonly<
    Record<string, { readonly description: string; readonly default?: string; readonly required?: boolean }>
  >
  readonly outputs: Readonly<Record<string, { readonly description: string; readonly value: string }>>
  readonly runs: { readonly steps: readonly Step[] }
}

/** How a step ended. */
export interface StepResult {
  readonly code: number | null
  /** Both streams, as the log shows them. */
  readonly log: string
}

/** A job on a runner that has the action: the folders and files that a runner has, and nothing of this process. */
export interface Job {
  readonly workspace: string
  readonly outputs: Record<string, Record<string, string>>
  readonly summary: () => string
  /** The outputs of the action. */
  readonly results: () => Readonly<Record<string, string>>
  /**
   * Runs the steps with these inputs as a runner does, expressions evaluated, but for those of other actions. Stops
   * after a step that fails.
   */
  run(inputs: Readonly<Record<string, string>>, more?: JobFacts): Promise<StepResult>
  close(): void
}

/** Where the artifacts of runs are. */
export interface Artifacts {
  /** Keeps these files, by their names, for the run of this job. */
  upload(name: string, files: readonly string[]): void
  /** Copies the files into a folder; false when there is no such artifact. */
  download(name: string, folder: string, run?: string): boolean
}

/** The event of the pull request 7. */
const PULL_REQUEST_EVENT = {
  pull_request: { number: 7, head: { sha: 'feedc0de12345678' }, base: { ref: 'main' } },
  repository: { default_branch: 'main' },
}

/** What GitHub knows about the run. */
export interface JobFacts {
  readonly env?: Readonly<Record<string, string>>
  readonly eventName?: string
  readonly token?: string
  /** What the file has that `GITHUB_EVENT_PATH` names. */
  readonly event?: object
  /** Keeps the files of an artifact; without it, steps of other actions are left out. */
  readonly artifacts?: Artifacts
  /** The id of the last step to run; default: all. */
  readonly until?: string
  readonly onStep?: (child: ReturnType<typeof spawn>, name: string) => void
}

// Both depend on this repository alone, so the first job does them for all: their outputs, with FOLDER for its folder.
const DONE_ONCE = ['Choose vpnctl', 'Install vpnctl']
const doneBefore = new Map<string, string>()

export function startJob(environment: Readonly<Record<string, string>>): Job {
  const folder = mkdtempSync(join(tmpdir(), 'vpnctl-job-'))
  const at = (name: string): string => join(folder, name)
  for (const name of ['workspace', 'temp', 'temp/vpnctl-install/node_modules']) {
    mkdirSync(at(name), { recursive: true })
  }
  // What the cache restores; how it is made is tested elsewhere.
  symlinkSync(resolve('.'), at('temp/vpnctl-install/node_modules/vpnctl'))
  const outputs: Job['outputs'] = {}
  const read = (name: string): string => (existsSync(at(name)) ? readFileSync(at(name), 'utf8') : '')
  let results: Readonly<Record<string, string>> = {}
  const run: Job['run'] = async (inputs, more = {}) => {
    const values: Record<string, string> = {
      'github.action_path': resolve('.'),
      'github.token': more.token ?? environment.GITHUB_TOKEN ?? '',
      'github.event_name': more.eventName ?? 'pull_request',
      'runner.temp': at('temp'),
      'runner.os': 'Linux',
      'runner.arch': 'X64',
    }
    for (const [name, { default: fallback = '' }] of Object.entries(ACTION.inputs)) {
      values[`inputs.${name}`] = inputs[name] ?? evaluate(fallback, values)
    }
    const event =
      more.event ?? ((more.eventName ?? 'pull_request') === 'pull_request' ? PULL_REQUEST_EVENT : {})
    writeFileSync(at('event.json'), JSON.stringify(event))
    let log = ''
    for (const step of ACTION.runs.steps) {
      if (!holds(step.if, values)) continue
      if (step.run === undefined) {
        if (!other(step, (text) => evaluate(text, values), more.artifacts)) return { code: 1, log }
        continue
      }
      writeFileSync(at('output'), '')
      const before = doneBefore.get(step.name)?.replaceAll('FOLDER', folder)
      if (before !== undefined) writeFileSync(at('output'), before)
      const ended =
        before !== undefined
          ? { code: 0, log: '' }
          : await shell(step, {
              cwd: at('workspace'),
              env: {
                PATH: process.env.PATH ?? '',
                HOME: folder,
                ...SHARED_CODE_CACHE,
                ...environment,
                GITHUB_WORKSPACE: at('workspace'),
                GITHUB_OUTPUT: at('output'),
                GITHUB_PATH: at('path'),
                GITHUB_STEP_SUMMARY: at('summary'),
                GITHUB_EVENT_PATH: at('event.json'),
                GITHUB_EVENT_NAME: values['github.event_name'] ?? '',
                RUNNER_TEMP: at('temp'),
                ...more.env,
                ...Object.fromEntries(
                  Object.entries(step.env ?? {}).map(([name, value]) => [name, evaluate(value, values)]),
                ),
              },
              ...(more.onStep === undefined ? {} : { onStart: more.onStep }),
            })
      log += ended.log
      if (DONE_ONCE.includes(step.name) && ended.code === 0)
        doneBefore.set(step.name, read('output').replaceAll(folder, 'FOLDER'))
      if (step.id !== undefined) {
        const reported = parseOutputs(read('output'))
        outputs[step.id] = reported
        for (const [name, value] of Object.entries(reported))
          values[`steps.${step.id}.outputs.${name}`] = value
      }
      results = Object.fromEntries(
        Object.entries(ACTION.outputs).map(([name, { value }]) => [name, evaluate(value, values)]),
      )
      if (ended.code !== 0 || (step.id !== undefined && step.id === more.until))
        return { code: ended.code, log }
    }
    return { code: 0, log }
  }
  return {
    workspace: at('workspace'),
    outputs,
    summary: () => read('summary'),
    results: () => results,
    run,
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Runs a step of another action, as far as it moves artifacts; false when it fails the job. */
export function other(
  { uses = '', with: given = {}, ...step }: Step,
  value: (text: string) => string,
  artifacts: Artifacts | undefined,
  workspace = '',
): boolean {
  if (artifacts === undefined) return true
  const name = value(given.name ?? '')
  const path = value(given.path ?? '')
  if (uses.startsWith('actions/upload-artifact@')) {
    const files = path.split('\n').map((line) => line.trim())
    artifacts.upload(name, files.filter(existsSync))
  }
  if (uses.startsWith('actions/download-artifact@')) {
    const run = given['run-id'] === undefined ? undefined : value(given['run-id'])
    const isFound = artifacts.download(name, resolve(workspace, path), ...(run === undefined ? [] : [run]))
    return isFound || step['continue-on-error'] === true
  }
  return true
}

function shell(
  step: Step,
  options: { cwd: string; env: Record<string, string>; onStart?: JobFacts['onStep'] },
): Promise<StepResult> {
  const child = spawn('bash', ['--noprofile', '--norc', '-e', '-o', 'pipefail', '-c', step.run ?? ''], {
    cwd: options.cwd,
    env: options.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  options.onStart?.(child, step.name)
  let log = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log += text
    })
  }
  return new Promise((done, reject) => {
    child.once('error', reject)
    child.once('close', (code) => done({ code, log }))
  })
}

function parseOutputs(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line !== '')
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
}
