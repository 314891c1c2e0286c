import { availableParallelism } from 'node:os'
import { expect, test } from 'vitest'
import { runSeeds, runSeedsApart, summary } from './batch.ts'
import { generate } from './generate.ts'
import { judge } from './oracle/judge.ts'
import { LAWS, LEAST_SHARE } from './oracle/laws.ts'
import type { Scenario } from './scenario.ts'
import { shrink } from './shrink.ts'
import { simulate } from './simulate.ts'

const isNightly = process.env.NIGHTLY === '1'
const SEEDS = Number(process.env.SIMULATION_SEEDS ?? (isNightly ? 300_000 : 5000))

test(`every law holds in ${SEEDS} seeded histories`, async () => {
  const totals = await runSeedsApart(1, SEEDS, isNightly ? availableParallelism() : 1)
  const { histories, failures, reached, faults, kills } = totals
  if (isNightly) process.stdout.write(`${summary(totals).join('\n')}\n`)
  expect(
    failures.map(({ seed, law, what }) => `${law}: ${what}\n  npm run simulate -- --seed ${seed} --trace`),
  ).toEqual([])
  // A law that no history reaches would hold whatever the engine did.
  for (const law of LAWS) {
    expect(reached[law] / histories, law).toBeGreaterThanOrEqual(LEAST_SHARE[law])
  }
  expect(Object.keys(faults).length).toBeGreaterThanOrEqual(10)
  expect(kills).toBeGreaterThan(histories / 50)
}, 86_400_000)

test('a run that plans what it found gone re-creates nothing, though late reads still showed it', async () => {
  const scenario = generate(45_812)
  const actors = scenario.actors.map((actor) =>
    actor.name === 'run-0' && actor.type === 'run' ? { ...actor, command: 'apply' as const } : actor,
  )
  for (const each of [scenario, { ...scenario, actors }]) {
    const history = await simulate(each)
    expect(judge(history).broken).toEqual([])
    expect(history.service.effects.map(({ method }) => method)).toEqual(
      expect.arrayContaining(['DELETE', 'PUT']),
    )
  }
})

test('what a run re-creates and another one deletes with its gateway is not left re-created', async () => {
  const history = await simulate(generate(259_330))
  const { broken, reached } = judge(history)
  expect(broken).toEqual([])
  expect(reached).toContain('what others deleted is not re-created')
  expect(history.repair.end?.exit).toBe(0)
})

test('a whole list finds gone what only an unfinished read of it had shown', async () => {
  const { broken, reached } = judge(await simulate(generate(265_941)))
  expect(broken).toEqual([])
  expect(reached).toContain('what others deleted is not re-created')
})

test('an update without an answer deletes nothing that another run had created before it', async () => {
  const history = await simulate(generate(128_172))
  expect(judge(history).broken).toEqual([])
  expect(history.runs.flatMap(({ end }) => end?.reasons ?? []).join()).toMatch(
    /gw-0: it was deleted and created again .* while this run updated it, and the update changed the new one/,
  )
})

test('what is released by its name and renamed while the verification reads it is not left over', async () => {
  const history = await simulate(generate(298_561))
  expect(history.runs.map(({ end }) => end?.exit)).toEqual([0])
  const names = history.service.effects.map(({ after }) => after?.properties.name)
  expect(names).toContain('gw-1-renamed')
  expect(judge(history).broken).toEqual([])
})

test('a gateway that the read of the plan found gone is made for a target, though a later page showed it again', async () => {
  const history = await simulate(generate(278_635))
  const { broken, reached } = judge(history)
  const changes = history.runs.map(({ end }) => end?.plan?.changes)
  expect(changes[0]).toContainEqual(
    expect.objectContaining({ action: 'create', address: 'ipsecgateways/gw-0' }),
  )
  expect(broken).toEqual([])
  expect(reached).toContain('nothing outside of the targets is written')
})

test('a saved plan is stale once the gateway that it moves is deleted, or created again, in the former location', async () => {
  for (const seed of [265_899, 278_884]) {
    const history = await simulate(generate(seed))
    expect(history.runs.map(({ actor, end }) => [actor.name, end?.exit])).toContainEqual(['run-0', 7])
    expect(judge(history).broken).toEqual([])
  }
})

test('several processes meet together what one meets', async () => {
  expect(await runSeedsApart(3, 5, 2)).toEqual(await runSeeds(3, 5))
})

test('one seed gives one history', async () => {
  const [one, other] = [await simulate(generate(7), true), await simulate(generate(7), true)]
  expect(one.trace.length).toBeGreaterThan(20)
  expect(other.trace).toEqual(one.trace)
})

test('a run that is killed sends nothing more and never ends', async () => {
  const scenario = generate(1)
  const actors = scenario.actors.flatMap((actor) =>
    actor.type === 'run' ? [{ ...actor, killAtStep: 3 }] : [],
  )
  const { runs } = await simulate({ ...scenario, actors })
  expect(runs.length).toBeGreaterThan(0)
  for (const { machine, isKilled, end } of runs) {
    expect({ isKilled, end, steps: machine.steps }).toEqual({ isKilled: true, end: undefined, steps: 3 })
    expect(machine.received.length).toBeLessThanOrEqual(3)
  }
})

test('a failing scenario is shrunk to what the failure needs', async () => {
  const scenario = generate(2)
  expect(scenario.actors.length).toBeGreaterThan(1)
  const deletesSomething = async (candidate: Scenario): Promise<boolean> =>
    (await simulate(candidate)).service.effects.some(({ method }) => method === 'DELETE')
  const shortest = await shrink(scenario, deletesSomething)
  expect(await deletesSomething(shortest)).toBe(true)
  expect(shortest.seeded.length).toBeLessThanOrEqual(1)
  expect(shortest).toMatchObject({ behaviour: {}, probabilities: {}, latencyMs: 0 })
  expect(shortest.actors.length).toBeLessThanOrEqual(1)
})
