import { Dice } from '../faults/dice.ts'
import type { Wanted } from '../support/desired-builder.ts'
import { EstateMaker, FILE_LOCATIONS, LEFTOVER_LOCATION, OTHER_STACK } from './estate.ts'
import { wantedIn } from './files.ts'
import { seededFrom, unowned } from './live.ts'
import {
  type Actor,
  type AdministratorActor,
  FAULTS,
  type FaultName,
  type RunActor,
  type Scenario,
} from './scenario.ts'

/** The file of another stack in the same contract, which comes after those of the stack that is judged. */
export const OTHER_FILE = 2

/** A scenario from a seed. */
export function generate(seed: number): Scenario {
  const dice = new Dice(Math.imul(seed + 1, 0x9e3779b1) >>> 0)
  const maker = new EstateMaker(dice)
  const first = maker.estate()
  const second = maker.next(first)
  const isFull = dice.chance(0.05)
  if (isFull) maker.renew(second)
  const other = maker.ofOtherStack(first)
  const files = [maker.file(first), maker.file(second), other]
  const hasOther = dice.chance(0.2)
  const seeded = [
    ...(dice.chance(0.2) ? unowned(dice, maker, []) : seededFrom(dice, maker, files[0] ?? {}, { isFull })),
    ...(hasOther && dice.chance(0.5) ? seededFrom(dice, maker, other, { stack: OTHER_STACK }) : []),
  ]
  const isUndisturbed = dice.chance(0.3)
  const latencyMs = dice.pick([0, 5, 50, 400])
  const probabilities: Partial<Record<FaultName, number>> = {}
  if (!isUndisturbed)
    for (const fault of FAULTS) if (dice.chance(0.4)) probabilities[fault] = dice.pick([0.01, 0.03, 0.08])
  return {
    seed,
    behaviour: {
      pageCap: dice.pick([1, 2, 2, 3, 3, 5, 1000, 1000, 1000, 1000]),
      provisionMs: dice.pick([0, 0, 300, 300, 3000, 40_000]),
      destroyMs: dice.pick([0, 0, 300, 300, 3000, 40_000]),
      hideDestroying: dice.chance(0.3),
      strictParent: dice.chance(0.3),
      exclusiveStatus: dice.chance(0.5) ? 409 : 422,
      endlessNext: dice.chance(0.1),
      readLagMs: dice.chance(0.2) ? dice.pick([300, 3000]) : 0,
    },
    rate: !isUndisturbed && dice.chance(0.15) ? { requests: dice.pick([5, 20]), perMs: 1000 } : undefined,
    latencyMs,
    probabilities,
    failedOdds: !isUndisturbed && dice.chance(0.2) ? 0.1 : 0,
    others: dice.chance(0.2) ? [...FILE_LOCATIONS, LEFTOVER_LOCATION] : [],
    files,
    seeded,
    actors: actors(dice, files, { isUndisturbed, latencyMs, hasOther }),
  }
}

interface Circumstances {
  readonly isUndisturbed: boolean
  readonly latencyMs: number
  readonly hasOther: boolean
}

function actors(dice: Dice, files: readonly Wanted[], around: Circumstances): readonly Actor[] {
  const { isUndisturbed, latencyMs, hasOther } = around
  const span = dice.pick([1000, 20_000, 120_000])
  const runs: RunActor[] = []
  // Sometimes none: then all is left to the repair, of which the laws ask the most.
  const count = dice.pick([0, 1, 1, 1, 1, 2, 2, 2])
  for (let number = 0; number < count; number += 1) {
    runs.push(run(dice, files, { name: `run-${number}`, at: dice.int(0, span), isUndisturbed }))
  }
  const all: Actor[] = [...runs]
  if (hasOther) {
    const others = run(dice, files, { name: 'run-other', at: dice.int(0, span), isUndisturbed })
    all.push({ ...others, command: 'apply', file: OTHER_FILE, plan: { ...others.plan, targets: [] } })
  }
  const acts = dice.int(0, 3)
  for (let number = 0; number < acts; number += 1) {
    const watched = runs[0]
    all.push({
      type: 'administrator',
      name: `administrator-${number}`,
      at: actsAt(dice, watched, { span, latencyMs }),
      ...(watched !== undefined && dice.chance(0.5)
        ? { atStep: { run: watched.name, step: dice.int(1, dice.pick([10, 30, 60])) } }
        : {}),
      act: dice.pick<AdministratorActor['act']>([
        'edit',
        'delete',
        'delete',
        'delete-first',
        'delete-first',
        'replace',
        'swap-keys',
        'rename',
        'add',
      ]),
      pick: dice.random(),
    })
  }
  return all
}

// Often while a run reads, writes, or waits between its plan and its writes: that is when it matters.
function actsAt(
  dice: Dice,
  first: RunActor | undefined,
  { span, latencyMs }: { readonly span: number; readonly latencyMs: number },
): number {
  const at = first?.at ?? 0
  if (dice.chance(0.4)) return at + dice.int(0, 10 * latencyMs + 50)
  if (first !== undefined && first.pauseMs > 0 && dice.chance(0.5)) return at + dice.int(0, first.pauseMs)
  return dice.int(0, span * 2)
}

function run(
  dice: Dice,
  files: readonly Wanted[],
  {
    name,
    at,
    isUndisturbed,
  }: { readonly name: string; readonly at: number; readonly isUndisturbed: boolean },
): RunActor {
  const command = dice.pick<RunActor['command']>([
    'apply',
    'apply',
    'apply',
    'apply',
    'apply',
    'apply',
    'saved',
    'saved',
    'saved',
    'destroy',
  ])
  const file = dice.chance(0.75) ? 1 : 0
  return {
    type: 'run',
    name,
    at,
    command,
    file,
    laterFile: dice.chance(0.2) ? 1 - file : file,
    plan: {
      maxDeletes: { type: 'count', value: 1000 },
      prune: dice.pick(['owned', 'owned', 'owned', 'owned', 'none', 'all']),
      ...(command !== 'destroy' && dice.chance(0.15) ? { targets: targets(dice, files) } : {}),
    },
    pauseMs: command === 'saved' ? dice.pick([0, 5000, 60_000]) : dice.pick([0, 0, 0, 5000, 60_000]),
    onStale: dice.chance(0.5) ? 'abort' : 'skip',
    timeoutMs: dice.chance(0.1) ? dice.pick([1000, 5000, 30_000]) : 3_600_000,
    parallelism: dice.pick([1, 4, 10]),
    skewMs: dice.chance(0.2) ? dice.int(-600_000, 600_000) : 0,
    ...(!isUndisturbed && dice.chance(0.15) ? { killAtStep: dice.int(1, 60) } : {}),
    ...(!isUndisturbed && dice.chance(0.1) ? { signalAtStep: dice.int(1, 60) } : {}),
  }
}

// What the file has now, or had before.
function targets(dice: Dice, files: readonly Wanted[]): readonly string[] {
  const addresses = files.slice(0, OTHER_FILE).flatMap((file) => wantedIn(file).map(({ address }) => address))
  if (addresses.length === 0) return []
  return [...new Set([dice.pick(addresses), ...(dice.chance(0.3) ? [dice.pick(addresses)] : [])])]
}
