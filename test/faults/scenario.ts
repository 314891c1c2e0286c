import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type RunningSandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts'
import { type Ended, start } from '../support/cli-process.ts'
import { runCli } from '../support/run-cli.ts'
import { Dice, seedOf } from './dice.ts'
import { randomEstate, writeFile } from './estate.ts'
import { judgeStore } from './judge.ts'
import { Values } from './values.ts'
import { Watch } from './watch.ts'
import { seedWorld } from './world.ts'

const TOKEN = 'fault-harness.throw-away-token.0123456789'
const FAULTS = [
  '429',
  '500',
  '503',
  'reset-before',
  'reset-after',
  'truncate',
  'hang',
  'html',
  'empty',
] as const

/** What one run of the harness saw. */
export interface Report {
  readonly seed: number
  readonly run: number
  /** Empty when all is well. */
  readonly faults: readonly string[]
  readonly facts: {
    readonly killed: boolean
    readonly stopped: boolean
    readonly requests: number
    readonly faults: Readonly<Record<string, number>>
    readonly repairs: number
  }
  /** What the processes wrote, for a run that failed. */
  readonly story: string
}

/** Applies a random file to a random world with faults, ends that somehow, and applies it again without faults. */
export async function runScenario(seed: number, run: number): Promise<Report> {
  const dice = new Dice(seedOf(seed, run))
  const values = new Values(dice)
  const estate = randomEstate(dice, values)
  const behaviour = randomBehaviour(dice)
  const failNames: string[] = dice.chance(0.25) ? [dice.pick(estate).name] : []
  const watch = new Watch(seedOf(seed, run, 'faults'), behaviour)
  const sandbox = await startSandbox({
    ...behaviour,
    failNames,
    inject: watch.inject,
    seed: seedOf(seed, run, 'sandbox'),
  })
  const folder = mkdtempSync(join(tmpdir(), 'vpnctl-faults-'))
  try {
    const unowned = seedWorld(sandbox.store, estate, dice, values, behaviour.hideDestroying)
    watch.follow(sandbox.store, unowned)
    const { yaml, secrets } = writeFile(estate)
    writeFileSync(join(folder, 'vpn.yaml'), yaml)
    // A run that is killed early leaves no log.
    writeFileSync(join(folder, 'audit.log'), '')
    const env = { ...secrets, IONOS_TOKEN: TOKEN, VPNCTL_ENDPOINT: sandbox.url }
    const parallelism = dice.int(1, 10)
    const argv = ['apply', '--yes', '--max-deletes', '100%', '--parallelism', `${parallelism}`]
    argv.push('--timeout', '60s', '--wait-timeout', '20s', '--log-file', 'audit.log', '--verbose')

    watch.probabilities = randomOdds(dice)
    const lastMoment = 4 + 2 * estate.length
    const first = await withFaults(dice, watch, sandbox, lastMoment, argv, { cwd: folder, env })
    watch.probabilities = []
    watch.onRequest = () => undefined
    const mayFail = failNames.length > 0
    failNames.length = 0
    if (behaviour.hideDestroying) await sleep(behaviour.destroyMs)

    const again = await withoutFaults(sandbox, argv, { cwd: folder, env }, mayFail)
    const crowd = connectionFaults(sandbox, parallelism)
    const plan = await runCli(['plan', '--detailed-exitcode', '--verbose'], { cwd: folder, env })
    const ends = [first, ...again]
    const faults = [
      ...watch.broken,
      ...repairFaults(again),
      ...(plan.code === 0
        ? []
        : [`the plan afterwards ends with ${plan.code}:\n${plan.stdout}${plan.stderr}`]),
      ...judgeStore(sandbox.store.resources(), estate, unowned),
      ...crowd,
      ...ends.flatMap(processFaults),
      ...leaks(
        [TOKEN, ...Object.values(secrets)],
        [
          ...ends.flatMap(({ stdout, stderr }) => [stdout, stderr]),
          plan.stdout,
          plan.stderr,
          readFileSync(join(folder, 'audit.log'), 'utf8'),
        ],
      ),
    ]
    return {
      seed,
      run,
      faults,
      facts: {
        killed: first.signal === 'SIGKILL',
        stopped: first.code === 130 || first.code === 143,
        requests: sandbox.requests().length,
        faults: countFaults(sandbox),
        repairs: again.length,
      },
      story: faults.length === 0 ? '' : [yaml, ...ends.map(storyOf), requestLog(sandbox)].join('\n'),
    }
  } finally {
    await sandbox.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function randomBehaviour(dice: Dice) {
  const destroyMs = dice.pick([0, 60, 150])
  return {
    // The last is longer than the pause before the first look at a write.
    provisionMs: dice.pick([0, 30, 350]),
    destroyMs,
    latencyMs: dice.pick([0, 0, 2, 8]),
    strictParent: dice.chance(0.3),
    failFirstGetAfterDelete: dice.chance(0.3),
    hideDestroying: dice.chance(0.2),
    secretsOnRead: dice.pick(['absent', 'empty', 'redacted', 'real'] as const),
    publicKeyForm: dice.pick(['pem', 'raw'] as const),
    nullsOnRead: dice.chance(0.3),
    canonicalReads: dice.chance(0.3),
    exclusiveStatus: dice.pick([409, 422] as const),
    endlessNext: dice.chance(0.2),
    ...(dice.chance(0.3) ? { pageCap: dice.int(1, 4) } : {}),
    ...(dice.chance(0.2) ? { rate: `${dice.int(30, 100)}/s` } : {}),
    ...(dice.chance(0.3) ? { retryAfter: dice.pick(['0', '1', '-1', 'soon']) } : {}),
  } satisfies SandboxOptions
}

function randomOdds(dice: Dice): readonly (readonly [string, number])[] {
  return FAULTS.filter(() => dice.chance(0.5)).map((name) => [
    name,
    // A hang costs the whole time of a request.
    dice.random() * (name === 'hang' ? 0.03 : 0.1),
  ])
}

interface Place {
  readonly cwd: string
  readonly env: Readonly<Record<string, string>>
}

// Half of the runs are killed, some are asked to stop; the moment is a request, so that a seed repeats it nearly.
async function withFaults(
  dice: Dice,
  watch: Watch,
  sandbox: RunningSandbox,
  lastMoment: number,
  argv: readonly string[],
  place: Place,
): Promise<Ended> {
  const more = ['--request-timeout', '700ms', ...(dice.chance(0.2) ? ['--no-wait'] : [])]
  const running = start([...argv, ...more], place)
  const roll = dice.random()
  const signal = roll < 0.6 ? 'SIGKILL' : roll < 0.7 ? 'SIGINT' : roll < 0.8 ? 'SIGTERM' : undefined
  const moment = dice.int(1, lastMoment)
  const laterMs = dice.pick([0, 0, 1, 5, 40])
  watch.onRequest = (number) => {
    if (number !== moment || signal === undefined) return
    setTimeout(() => running.child.kill(signal), laterMs)
  }
  const ended = await running.ended
  await untilDisconnected(sandbox)
  return ended
}

// FAILED is a state that the run before left behind; the PUT that repairs it takes one more run.
async function withoutFaults(
  sandbox: RunningSandbox,
  argv: readonly string[],
  place: Place,
  mayFail: boolean,
): Promise<readonly Ended[]> {
  const second = await start(argv, place).ended
  await untilDisconnected(sandbox)
  if (second.code === 0 || !mayFail || !/it is FAILED/.test(second.stdout)) return [second]
  const third = await start(argv, place).ended
  await untilDisconnected(sandbox)
  return [second, third]
}

async function untilDisconnected(sandbox: RunningSandbox): Promise<void> {
  for (let waited = 0; sandbox.connections().open > 0 && waited < 2000; waited += 5) await sleep(5)
}

function repairFaults(again: readonly Ended[]): readonly string[] {
  const last = again.at(-1)
  if (last?.code !== 0) return [`the repair ends with ${last?.code ?? last?.signal}`]
  return /^(Verified:|No changes\.)/m.test(last.stdout) ? [] : ['the repair does not say that it verified']
}

function connectionFaults(sandbox: RunningSandbox, parallelism: number): readonly string[] {
  const { peak } = sandbox.connections()
  return peak <= parallelism ? [] : [`${peak} connections with --parallelism ${parallelism}`]
}

const ENDS: readonly (number | null)[] = [null, 0, 5, 8, 9, 130, 143]

function processFaults({ code, stdout, stderr }: Ended): readonly string[] {
  const faults: string[] = []
  if (!ENDS.includes(code)) faults.push(`a run ends with ${code}`)
  if (/fault of vpnctl itself|^ {4}at /m.test(stdout + stderr)) faults.push('a run breaks by itself')
  if (/Warning: /.test(stderr) && /\(Use `node/.test(stderr)) faults.push('Node warns')
  return faults
}

function leaks(secrets: readonly string[], texts: readonly string[]): readonly string[] {
  const forms = secrets.flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
    JSON.stringify(secret).slice(1, -1),
  ])
  return forms.some((form) => texts.some((text) => text.includes(form))) ? ['a secret was written'] : []
}

function countFaults(sandbox: RunningSandbox): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { fault } of sandbox.requests())
    if (fault !== undefined) counts[fault] = (counts[fault] ?? 0) + 1
  return counts
}

function storyOf({ argv, code, signal, stdout, stderr }: Ended): string {
  return `--- vpnctl ${argv.join(' ')} -> ${code ?? signal}\n${stdout}${stderr}`
}

function requestLog(sandbox: RunningSandbox): string {
  return sandbox
    .requests()
    .map(
      ({ at, method, path, status, fault }) =>
        `${at.slice(17)} ${method} ${path} ${status ?? '-'} ${fault ?? ''}`,
    )
    .join('\n')
}
