import { afterEach, expect, test } from 'vitest'
import { monotonicClock } from '../../src/api/clock.ts'
import { createRemote } from '../../src/api/remote.ts'
import { apply } from '../../src/apply/apply.ts'
import type { ApplyResult } from '../../src/apply/events.ts'
import { fetchLive } from '../../src/live/fetch.ts'
import { Secret } from '../../src/model/secret.ts'
import { plan } from '../../src/plan/plan.ts'
import { type RunningSandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts'
import { type Estate, estateOf } from '../support/estate.ts'

// Over real HTTP, with nothing between the plan and the API's rules but the code that users run.
const closing: (() => void | Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function api(options: SandboxOptions): Promise<{
  sandbox: RunningSandbox
  reconcile(estate: Estate, revision?: Record<string, string>): Promise<ApplyResult>
  writes(): string[]
}> {
  const sandbox = await startSandbox(options)
  const remote = createRemote({
    baseUrl: () => sandbox.url,
    credentials: { type: 'token', token: new Secret('throw-away') },
    parallelism: 10,
    userAgent: 'test',
  })
  closing.push(
    () => remote.close(),
    () => sandbox.close(),
  )
  return {
    sandbox,
    reconcile: async (estate, revision) => {
      const live = await fetchLive(remote, { locations: ['de/fra'] })
      const wanted = plan(estateOf(estate, revision), live, {
        maxDeletes: { type: 'count', value: Number.POSITIVE_INFINITY },
      })
      sandbox.resetRequests()
      return apply(wanted, remote, {
        wait: true,
        waitTimeoutMs: 20_000,
        clock: monotonicClock,
        random: () => 0.5,
        pollMinMs: 10,
      })
    },
    writes: () =>
      sandbox
        .requests()
        .filter(({ method }) => method !== 'GET')
        .map(({ method, path, status }) => {
          const depth = path.split('/').length
          return `${method} ${depth > 3 ? 'peer' : 'gateway'} ${status}`
        }),
  }
}

test.each([
  ['as documented', {}],
  [
    'that hides what is being destroyed and answers 500 right after',
    { hideDestroying: true, failFirstGetAfterDelete: true },
  ],
])('an estate is made, kept, changed and taken down again by an API %s', async (_name, behaviour) => {
  const { sandbox, reconcile, writes } = await api({ provisionMs: 40, destroyMs: 40, ...behaviour })

  const made = await reconcile({ hq: ['anna', 'ben'], branch: ['cleo'] })
  expect(made.summary).toEqual({ applied: 5, failed: 0, blocked: 0, cancelled: 0, kept: 0 })
  expect(writes().sort()).toEqual([
    'PUT gateway 200',
    'PUT gateway 200',
    'PUT peer 200',
    'PUT peer 200',
    'PUT peer 200',
  ])

  const again = await reconcile({ hq: ['anna', 'ben'], branch: ['cleo'] })
  expect(again.summary.kept).toBe(5)
  expect(sandbox.requests()).toEqual([])

  const changed = await reconcile({ hq: ['anna'], branch: ['cleo'] }, { cleo: 'moved to the branch' })
  expect(changed.summary).toEqual({ applied: 2, failed: 0, blocked: 0, cancelled: 0, kept: 3 })
  expect(writes().sort()).toEqual(['DELETE peer 202', 'PUT peer 200'])

  const ended = await reconcile({ hq: ['anna'] })
  expect(ended.summary).toEqual({ applied: 2, failed: 0, blocked: 0, cancelled: 0, kept: 2 })
  expect(writes()).toEqual(['DELETE peer 202', 'DELETE gateway 202'])
})

test('a gateway that each child puts back to PROVISIONING gets them all, and loses them all', async () => {
  const { reconcile, writes } = await api({ strictParent: true, provisionMs: 30, destroyMs: 10 })
  const estate = { hq: ['a', 'b', 'c', 'd', 'e', 'f'], branch: ['v', 'w'] }
  expect((await reconcile(estate)).summary).toMatchObject({ applied: 10, failed: 0 })
  expect(writes().filter((write) => write === 'PUT peer 200')).toHaveLength(8)
  expect((await reconcile(estate)).summary).toMatchObject({ kept: 10, applied: 0 })
  // Six peers, their gateway, one more peer, and the other gateway, which takes over the address that is freed.
  expect((await reconcile({ branch: ['v'] })).summary).toMatchObject({ applied: 9, failed: 0 })
  expect(writes().at(-1)).toBe('PUT gateway 200')
})
