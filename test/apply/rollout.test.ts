import { describe, expect, it } from 'vitest'
import type { Change } from '../../src/plan/types.ts'
import { ends, scene } from '../support/applying.ts'
import { change, gatewayTarget, peerTarget } from '../support/changes.ts'
import { apiError } from '../support/fake-remote.ts'

const LAN = { datacenterId: '5a029f4a-72e5-11ec-90d6-0242ac120003', ipv4CIDR: '192.168.1.100/24' }

/** A gateway that the update restarts. */
function restarted(name: string, lanId = name): Change {
  const target = gatewayTarget(name)
  const spec = { name, gatewayIP: '203.0.113.10', connections: [{ ...LAN, lanId }] }
  const update = change('update', target, { spec })
  return { ...update, disruptions: ['the gateway may be restarted'] } as Change
}
const peer = (gateway: string, name: string, network: string): Change =>
  change('keep', peerTarget(gateway, name), { liveSpec: { name, allowedIPs: [network] } })

/** How many gateways were interrupted at once at most, and in which order they ended. */
function course(events: ReturnType<typeof scene>['events']): { most: number; order: readonly string[] } {
  const open = new Set<string>()
  const order: string[] = []
  let most = 0
  for (const event of events) {
    if (event.change.action === 'keep') continue
    if (event.type === 'started') open.add(event.change.name)
    most = Math.max(most, open.size)
    if (event.type === 'finished') {
      open.delete(event.change.name)
      order.push(event.change.name)
    }
  }
  return { most, order }
}

const world = (options: Parameters<typeof scene>[0] = {}) => {
  const made = scene({ provisionMs: 5000, ...options })
  for (const name of ['a', 'b', 'c', 'd']) made.remote.seed(gatewayTarget(name), { name })
  return made
}

describe('a careful roll-out', () => {
  it('interrupts one gateway after the other, each available before the next', async () => {
    const { run, events } = world()
    const result = await run([restarted('a'), restarted('b'), restarted('c')])
    expect(ends(result)).toEqual({ a: 'applied', b: 'applied', c: 'applied' })
    expect(course(events)).toEqual({ most: 1, order: ['a', 'b', 'c'] })
    expect(result.heldBack?.map(({ change, after }) => [change.name, after.name])).toEqual([
      ['b', 'a'],
      ['c', 'b'],
    ])
  })

  it('waits for AVAILABLE also where the run itself does not', async () => {
    const { run, remote } = world()
    await run([restarted('a'), restarted('b')], { wait: false })
    const [first, second] = remote.requests.filter(({ method }) => method === 'PUT')
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(5000)
  })

  it('interrupts as many at once as the limit allows, and no more', async () => {
    const { run, events } = world()
    await run(
      ['a', 'b', 'c', 'd'].map((name) => restarted(name)),
      { maxDisruptive: 2 },
    )
    expect(course(events).most).toBe(2)
  })

  it('names the redundant pair as the reason, also where the limit has the same effect', async () => {
    const pair = [
      restarted('a', 'lan'),
      peer('a', 'site-a', '10.20.0.0/16'),
      restarted('b', 'lan'),
      peer('b', 'site-b', '10.20.0.0/16'),
    ]
    const { run } = world()
    const { heldBack } = await run([...pair, restarted('c')])
    expect(heldBack?.map(({ change, after, because }) => [change.name, after.name, because])).toEqual([
      ['b', 'a', 'redundant'],
      ['c', 'b', 'limit'],
    ])
  })

  it('never interrupts both gateways of a redundant pair at once, whatever the limit', async () => {
    const pair = [
      restarted('a', 'lan'),
      peer('a', 'site-a', '10.20.0.0/16'),
      restarted('b', 'lan'),
      peer('b', 'site-b', '10.20.0.0/16'),
    ]
    const { run, events } = world()
    const result = await run([...pair, restarted('c')], { maxDisruptive: 10 })
    expect(result.heldBack).toMatchObject([
      { change: { name: 'b' }, after: { name: 'a' }, because: 'redundant' },
    ])
    const [a, b] = ['a', 'b'].map((name) => events.filter(({ change: { name: each } }) => each === name))
    expect(b?.[0]?.at).toBeGreaterThanOrEqual(a?.at(-1)?.at ?? Number.POSITIVE_INFINITY)
    expect(course(events).most).toBe(2)
  })

  it('does not touch the next gateway after one that does not come back, and goes on with the rest', async () => {
    const { run, remote } = world({
      before: ({ method, name }) => {
        if (method === 'PUT' && name === 'a') throw apiError('rejected')
      },
    })
    const other = change('update', gatewayTarget('d'))
    const result = await run([restarted('a'), restarted('b'), other])
    expect(ends(result)).toEqual({
      a: 'failed: rejected',
      b: 'blocked by wireguardgateways/a',
      d: 'applied',
    })
    expect(remote.requests.filter(({ method, name }) => method === 'PUT' && name === 'b')).toEqual([])
  })

  it('asks whether an interrupted gateway is of use before the next one', async () => {
    const { run } = world()
    const error = { reason: 'not-ready', message: 'silent' } as const
    const asked: string[] = []
    const result = await run([restarted('a'), restarted('b'), change('update', gatewayTarget('d'))], {
      confirm: async ({ name }) => {
        asked.push(name)
        return error
      },
    })
    expect(asked).toEqual(['a'])
    expect(ends(result)).toEqual({
      a: 'failed: not-ready',
      b: 'blocked by wireguardgateways/a',
      d: 'applied',
    })
  })

  it('keeps the order that the plan needs, and adds nothing that closes a circle', async () => {
    const { run } = world()
    const a = { ...restarted('a'), needs: [restarted('b').key] } as Change
    expect(ends(await run([a, restarted('b')]))).toEqual({ a: 'applied', b: 'applied' })
  })
})
