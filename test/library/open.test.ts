import { inspect } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  ApiError,
  InvalidFilesError,
  MissingSecretsError,
  type OpenOptions,
  open,
  PlanRefusedError,
  type Remote,
  SettingsError,
  type Vpn,
} from '../../src/index.ts'
import { FakeRemote } from '../support/fake-remote.ts'
import { ALONE, openStage, QUICKSTART, type Stage } from '../support/stage.ts'
import { hastyClock } from '../support/virtual-clock.ts'

let stage: Stage
const opened: Vpn[] = []

beforeEach(async () => {
  stage = await openStage()
})
afterEach(async () => {
  for (const vpn of opened.splice(0)) await vpn.close()
  await stage.close()
})

async function openHere(more: Partial<OpenOptions> = {}): Promise<Vpn> {
  const vpn = await open({ files: ['vpn.yaml'], cwd: stage.folder, env: stage.env, ...more })
  opened.push(vpn)
  return vpn
}

describe('what was opened', () => {
  test('validates, plans, applies, verifies, and finds no drift, with nothing but the files', async () => {
    const vpn = await openHere()
    expect(await vpn.validate()).toMatchObject({ valid: true, diagnostics: [] })
    const plan = await vpn.plan()
    expect(plan.hasChanges).toBe(true)
    const events: string[] = []
    const result = await vpn.apply(plan, { onEvent: ({ type }) => events.push(type) })
    expect(result).toMatchObject({ ending: 'converged', verified: 'yes', summary: { applied: 3 } })
    expect(result.requests?.total).toBe(stage.requests().length)
    expect(events).toContain('finished')
    expect((await vpn.plan()).hasChanges).toBe(false)
    expect((await vpn.drift()).findings).toEqual([])
    const [location] = (await vpn.status()).locations
    expect(location?.items.map(({ address }) => address)).toContain('wireguardgateways/hq/peers/anna-laptop')
  })

  test('sends nothing before it is asked, and nothing to validate', async () => {
    const vpn = await openHere({ env: {} })
    expect((await vpn.validate()).valid).toBe(true)
    expect(stage.requests()).toEqual([])
  })

  test('goes where the command line goes', async () => {
    const settings = await (await openHere()).settings()
    expect(settings.endpoints).toMatchObject([{ value: stage.sandbox.url, source: 'VPNCTL_ENDPOINT' }])
    expect(settings.credentials?.source).toBe('IONOS_TOKEN')
    const other = await (await openHere({ endpoint: 'https://vpn.example.com' })).settings()
    expect(other.endpoints).toMatchObject([{ value: 'https://vpn.example.com', source: '--endpoint' }])
  })

  test('takes a remote of your own, and needs no credentials then', async () => {
    const vpn = await openHere({ remote: new FakeRemote(), env: stage.env })
    const result = await vpn.apply(await vpn.plan())
    expect(result.ending).toBe('converged')
    expect(result).not.toHaveProperty('requests')
    expect(stage.requests()).toEqual([])
  })

  test('hides the secrets of the files where a remote of your own repeats them', async () => {
    const remote = new FakeRemote()
    const key = stage.env.QUICKSTART_PRIVATE_KEY ?? ''
    expect(key).not.toBe('')
    const repeating: Remote = {
      get: (target) => remote.get(target),
      delete: (target) => remote.delete(target),
      put: async (target) => {
        throw new ApiError({
          reason: 'rejected',
          message: `"${key}" is not valid`,
          messages: [{ message: `no: ${key.slice(0, 20)}` }],
          method: 'PUT',
          path: `/${target.id}`,
        })
      },
      async *list(collection) {
        for await (const page of remote.list(collection)) {
          yield [...page]
        }
        if (collection.parentIds.length > 0) return
        const properties = { name: 'theirs', description: `key ${key}` }
        yield [{ id: '11111111-1111-4111-8111-111111111111', metadata: { statusMessage: key }, properties }]
      },
    }
    const vpn = await openHere({ remote: repeating })
    const plan = await vpn.plan()
    const result = await vpn.apply(plan)
    expect(result.summary.failed).toBeGreaterThan(0)
    const shown = inspect([plan, result, await vpn.status()], { depth: 20, maxArrayLength: null })
    expect(shown).toContain('(secret)')
    expect(shown).not.toContain(key.slice(0, 20))
  })

  test('plans with the options of a call, and verifies with those of the plan', async () => {
    const vpn = await openHere({ remote: new FakeRemote() })
    const plan = await vpn.plan({ targets: ['wireguardgateways/hq/peers/anna-laptop'] })
    expect(plan.summary).toMatchObject({ create: 2 })
    expect((await vpn.apply(plan)).ending).toBe('converged')
    expect((await vpn.plan()).summary).toMatchObject({ create: 1 })
  })

  test('says that nothing was verified where that was not wanted', async () => {
    const vpn = await openHere({ remote: new FakeRemote() })
    expect(await vpn.apply(await vpn.plan(), { verify: false })).toMatchObject({
      ending: 'applied',
      verified: 'skipped',
    })
  })
})

describe('the end of a call', () => {
  test('by its time is reported in the result, on the clock that was given', async () => {
    const clock = hastyClock()
    const began = clock.now()
    stage.write(ALONE)
    const vpn = await openHere({ clock, remote: new FakeRemote(clock, { provisionMs: 3_600_000 }) })
    const plan = await vpn.plan()
    const result = await vpn.apply(plan, { timeoutMs: 3_000 })
    expect(result).toMatchObject({ ending: 'timed-out', stopped: { type: 'timeout' } })
    expect(clock.now() - began).toBeLessThan(10_000)
  })

  test('by a signal is reported in the result, or is an ApiError where nothing was written', async () => {
    const stop = new AbortController()
    const vpn = await openHere()
    const plan = await vpn.plan()
    const result = await vpn.apply(plan, { signal: stop.signal, onEvent: () => stop.abort('SIGTERM') })
    expect(result).toMatchObject({ ending: 'interrupted', interrupted: 'SIGTERM' })
    await expect(vpn.plan({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'ApiError',
      reason: 'aborted',
    })
  })
})

describe('an error has a type of its own', () => {
  test('for files that are invalid, with every diagnostic', async () => {
    stage.write(QUICKSTART.replace('gatewayIP', 'gatewayIp'))
    const vpn = await openHere()
    expect((await vpn.validate()).valid).toBe(false)
    const error = await vpn.plan().catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(InvalidFilesError)
    expect((error as InvalidFilesError).diagnostics.length).toBeGreaterThan(0)
    expect((error as InvalidFilesError).message).toContain('gatewayIp')
  })

  test('for settings that lead nowhere', async () => {
    await expect((await openHere({ env: { ...stage.env, IONOS_TOKEN: '' } })).plan()).rejects.toBeInstanceOf(
      SettingsError,
    )
    await expect((await openHere({ endpoint: 'nowhere' })).plan()).rejects.toBeInstanceOf(SettingsError)
  })

  test('for a plan that is refused, and for a secret that is not there: nothing is written', async () => {
    const vpn = await openHere({ env: { ...stage.env, QUICKSTART_PRIVATE_KEY: undefined } })
    const error = await vpn.apply(await vpn.plan()).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(MissingSecretsError)
    expect((error as MissingSecretsError).diagnostics).toMatchObject([{ code: 'VPN403' }])
    const owner = await openHere()
    await owner.apply(await owner.plan())
    const before = stage.writes().length
    stage.write(QUICKSTART.replace('    gatewayIP', '    protect: true\n    gatewayIP'))
    const guarded = await openHere()
    await expect(guarded.apply(await guarded.plan({ destroy: true }))).rejects.toBeInstanceOf(
      PlanRefusedError,
    )
    expect(stage.writes()).toHaveLength(before)
  })

  test('for what the API does', async () => {
    const vpn = await openHere({ endpoint: 'http://127.0.0.1:1', clock: hastyClock() })
    await expect(vpn.plan()).rejects.toBeInstanceOf(ApiError)
  })
})
