import { expect, test } from 'vitest'
import { poll } from '../../src/apply/poll.ts'
import { wireguardPeer } from '../../src/kinds/wireguard/peer.ts'
import type { Collection, Target } from '../../src/model/resource.ts'
import { gatewayTarget, peerTarget } from '../support/changes.ts'
import { apiError, FakeRemote, type SeenRequest } from '../support/fake-remote.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

const peers: Collection = { kind: wireguardPeer, location: 'de/fra', parentIds: ['hq'] }
const anna = { target: peerTarget('hq', 'anna') }
const ben = { target: peerTarget('hq', 'ben') }
const carol = { target: peerTarget('hq', 'carol') }
const { signal } = new AbortController()
type Before = (request: SeenRequest) => unknown

/** Polls for some peers of a gateway that has three; what is seen, and what was asked for. */
async function polled(targets: readonly { readonly target: Target }[], before?: Before, round = 0) {
  const clock = new VirtualClock()
  const remote = new FakeRemote(clock, before === undefined ? {} : { before })
  remote.seed(gatewayTarget('hq'), { name: 'hq' })
  for (const { target } of [anna, ben, carol]) remote.seed(target, { name: target.id })
  const seen = await clock.run(poll(remote, peers, targets, { signal, round }))
  const found = [...seen].flatMap(([id, live]) => (live === undefined ? [] : [id]))
  return { seen: found, asked: remote.requests.map(({ method, name }) => `${method} ${name}`) }
}

test('several resources of one collection cost one list, which shows their siblings too', async () => {
  expect(await polled([anna, ben])).toEqual({
    seen: ['anna', 'ben', 'carol'],
    asked: ['LIST wireguard-peer'],
  })
})

test('what a list does not show is asked for by its own path', async () => {
  const { seen, asked } = await polled([anna, ben], ({ method }) => (method === 'LIST' ? [] : undefined))
  expect(seen).toEqual(['anna', 'ben'])
  expect(asked).toEqual(['LIST wireguard-peer', 'GET anna', 'GET ben'])
})

test('what is not there by its own path either is gone', async () => {
  const { seen } = await polled([anna, ben], ({ method, name }) =>
    method === 'LIST' ? [] : name === 'ben' ? null : undefined,
  )
  expect(seen).toEqual(['anna'])
})

const many = Array.from({ length: 20 }, (_, index) => ({ target: peerTarget('hq', `p${index}`) }))
const exists = (name: string): unknown => ({
  id: name,
  metadata: { status: 'DESTROYING' },
  properties: { name },
})

test('of many that a list hides, a few are asked for in each round, in turn', async () => {
  const hidden: Before = ({ method, name }) => (method === 'LIST' ? [] : exists(name))
  expect((await polled(many, hidden)).asked).toEqual(['LIST wireguard-peer', 'GET p0', 'GET p1', 'GET p2'])
  expect((await polled(many, hidden, 6)).asked).toEqual([
    'LIST wireguard-peer',
    'GET p18',
    'GET p19',
    'GET p0',
  ])
})

test('once one of many hidden ones is gone, all are asked for', async () => {
  const oneIsGone: Before = ({ method, name }) =>
    method === 'LIST' ? [] : name === 'p1' ? null : exists(name)
  const { seen, asked } = await polled(many, oneIsGone)
  expect(asked).toHaveLength(21)
  expect(seen).toHaveLength(19)
})

test('where the gateway itself is gone, nothing more is asked for', async () => {
  const { seen, asked } = await polled([anna, ben, carol], () => {
    throw apiError('not-found', 'GET', 404)
  })
  expect({ seen, asked }).toEqual({ seen: [], asked: ['LIST wireguard-peer'] })
})

test('each read is reported when its own answer arrives, whatever is asked for after it', async () => {
  const clock = new VirtualClock()
  const remote = new FakeRemote(clock, { latencyMs: 100 })
  remote.seed(gatewayTarget('hq'), { name: 'hq' })
  for (const { target } of [anna, carol]) remote.seed(target, { name: target.id })
  const reads: string[] = []
  const onRead = ({ id }: Target, live: unknown): void => {
    reads.push(`${clock.now()} ms: ${id} is ${live === undefined ? 'gone' : 'there'}`)
  }
  await clock.run(poll(remote, peers, [anna, ben], { signal, onRead }))
  expect(reads).toEqual(['100 ms: anna is there', '100 ms: carol is there', '200 ms: ben is gone'])
})
