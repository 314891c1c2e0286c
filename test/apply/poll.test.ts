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
type Before = (request: SeenRequest) => unknown

/** Polls for some peers of a gateway that has three; what is seen, and what was asked for. */
async function polled(targets: readonly { readonly target: Target }[], before?: Before) {
  const clock = new VirtualClock()
  const remote = new FakeRemote(clock, before === undefined ? {} : { before })
  remote.seed(gatewayTarget('hq'), { name: 'hq' })
  for (const { target } of [anna, ben, carol]) remote.seed(target, { name: target.id })
  const seen = await clock.run(poll(remote, peers, targets, new AbortController().signal))
  return { seen: [...seen.keys()], asked: remote.requests.map(({ method, name }) => `${method} ${name}`) }
}

test('several resources of one collection cost one list', async () => {
  expect(await polled([anna, ben])).toEqual({ seen: ['anna', 'ben'], asked: ['LIST wireguard-peer'] })
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

test('where the gateway itself is gone, nothing more is asked for', async () => {
  const { seen, asked } = await polled([anna, ben, carol], () => {
    throw apiError('not-found', 'GET', 404)
  })
  expect({ seen, asked }).toEqual({ seen: [], asked: ['LIST wireguard-peer'] })
})
