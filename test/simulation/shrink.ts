import type { Entry, Wanted } from '../support/desired-builder.ts'
import type { Actor, Scenario } from './scenario.ts'

/** The shortest scenario in reach that still fails: everything that the failure does not need is taken out. */
export async function shrink(
  scenario: Scenario,
  fails: (scenario: Scenario) => Promise<boolean>,
): Promise<Scenario> {
  let shortest = scenario
  for (let isShorter = true; isShorter; ) {
    isShorter = false
    for (const candidate of shorter(shortest)) {
      if (!(await fails(candidate))) continue
      shortest = candidate
      isShorter = true
      break
    }
  }
  return shortest
}

function* shorter(scenario: Scenario): Iterable<Scenario> {
  const { actors, seeded, probabilities, behaviour, files, others } = scenario
  for (const actor of actors) yield { ...scenario, actors: actors.filter((each) => each !== actor) }
  for (const { id } of seeded) {
    yield { ...scenario, seeded: seeded.filter((each) => each.id !== id && each.parentId !== id) }
  }
  for (const fault of Object.keys(probabilities))
    yield { ...scenario, probabilities: without(probabilities, fault) }
  for (const name of Object.keys(behaviour)) yield { ...scenario, behaviour: without(behaviour, name) }
  if (others.length > 0) yield { ...scenario, others: [] }
  if (scenario.rate !== undefined) yield { ...scenario, rate: undefined }
  if (scenario.failedOdds > 0) yield { ...scenario, failedOdds: 0 }
  if (scenario.latencyMs > 0) yield { ...scenario, latencyMs: 0 }
  for (const actor of actors) {
    for (const simpler of simplerActors(actor)) {
      yield { ...scenario, actors: actors.map((each) => (each === actor ? simpler : each)) }
    }
  }
  for (const one of seeded) {
    if (one.status === undefined) continue
    const { status: _, forMs: __, ...undisturbed } = one
    yield { ...scenario, seeded: seeded.map((each) => (each === one ? undisturbed : each)) }
  }
  for (const file of files) {
    for (const smaller of smallerFiles(file)) {
      yield { ...scenario, files: files.map((each) => (each === file ? smaller : each)) }
    }
  }
}

function* simplerActors(actor: Actor): Iterable<Actor> {
  if (actor.type !== 'run') return
  const { killAtStep, signalAtStep, ...others } = actor
  if (killAtStep !== undefined) yield { ...others, ...(signalAtStep === undefined ? {} : { signalAtStep }) }
  if (signalAtStep !== undefined) yield { ...others, ...(killAtStep === undefined ? {} : { killAtStep }) }
  if (actor.pauseMs > 0) yield { ...actor, pauseMs: 0 }
  if (actor.skewMs !== 0) yield { ...actor, skewMs: 0 }
  if (actor.timeoutMs < 3_600_000) yield { ...actor, timeoutMs: 3_600_000 }
  if (actor.plan.prune !== 'owned') yield { ...actor, plan: { ...actor.plan, prune: 'owned' } }
  if ((actor.plan.targets ?? []).length > 0) yield { ...actor, plan: { ...actor.plan, targets: [] } }
  if (actor.laterFile !== actor.file) yield { ...actor, laterFile: actor.file }
  if (actor.command === 'saved') yield { ...actor, command: 'apply' }
  if (actor.parallelism > 1) yield { ...actor, parallelism: 1 }
}

function* smallerFiles(file: Wanted): Iterable<Wanted> {
  for (const entry of file.released ?? []) {
    yield { ...file, released: (file.released ?? []).filter((each) => each !== entry) }
  }
  if ((file.neighbours ?? []).length > 0) yield { ...file, neighbours: [] }
  for (const key of ['wireguardGateways', 'ipsecGateways'] as const) {
    const gateways = file[key] ?? []
    for (const gateway of gateways) {
      yield { ...file, [key]: gateways.filter((each) => each !== gateway) }
      for (const below of ['peers', 'tunnels']) {
        const children = (gateway[below] ?? []) as readonly Entry[]
        for (const child of children) {
          const smaller = { ...gateway, [below]: children.filter((each) => each !== child) }
          yield { ...file, [key]: gateways.map((each) => (each === gateway ? smaller : each)) }
        }
      }
    }
  }
}

function without<T extends object>(object: T, key: string): T {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key)) as T
}
