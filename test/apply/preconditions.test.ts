import { describe, expect, test } from 'vitest'
import { ends, requested, scene } from '../support/applying.ts'
import { change, gatewayTarget, peerTarget } from '../support/changes.ts'

const hq = gatewayTarget('hq')
const branch = gatewayTarget('branch')
const anna = peerTarget('hq', 'anna')
/** A read that is too old to write after. */
const old = -60_000
const checked = { readAt: old, onStale: 'abort' } as const
const then = { lastModifiedDate: '2026-07-01T10:00:00Z', lastModifiedBy: 'us' }
const later = { lastModifiedDate: '2026-07-02T03:00:00Z', lastModifiedBy: 'ionos:identity:::users/ben' }

describe('a write long after the read of its plan', () => {
  test('goes through when the resource is as the plan saw it, after one read', async () => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq' }, then)
    remote.seed(branch, { name: 'branch' }, then)
    const result = await run(
      [
        change('delete', branch, { metadata: then }),
        change('update', hq, { metadata: then, spec: { name: 'hq', description: 'new' } }),
        change('create', gatewayTarget('new')),
      ],
      checked,
    )
    expect(ends(result)).toEqual({ branch: 'applied', hq: 'applied', new: 'applied' })
    expect(requested(remote)[0]).toBe('LIST wireguard-gateway')
    expect(
      remote.requests
        .slice(1, 4)
        .map(({ method }) => method)
        .sort(),
    ).toEqual(['DELETE', 'PUT', 'PUT'])
  })

  test.each([
    ['its content', { name: 'hq', description: 'by hand' }, then],
    ['only its date (a secret may have changed)', { name: 'hq' }, later],
  ])('is not sent when someone changed %s', async (_what, properties, metadata) => {
    for (const action of ['update', 'delete'] as const) {
      const { remote, run } = scene()
      remote.seed(hq, properties, metadata)
      const result = await run([change(action, hq, { metadata: then })], checked)
      expect(ends(result)).toEqual({ hq: 'failed: stale' })
      expect(remote.writes()).toEqual([])
    }
  })

  test('shows who moved it, and when', async () => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq', description: 'by hand' }, later)
    const result = await run([change('update', hq, { metadata: then })], checked)
    expect(JSON.stringify(result.outcomes[0]?.outcome)).toContain('changed by ben on 2026-07-02 03:00 UTC')
  })

  test('does not bring back to life what is gone; a deletion of it is done', async () => {
    const { remote, run } = scene()
    const result = await run([change('delete', branch), change('update', hq)], {
      ...checked,
      onStale: 'skip',
    })
    expect(ends(result)).toEqual({ branch: 'applied', hq: 'failed: stale' })
    expect(remote.writes()).toEqual([])
  })

  test('creates what exists only when that is the same, as a lost answer leaves it', async () => {
    const { remote, run } = scene()
    remote.seed(hq, { name: 'hq' })
    remote.seed(branch, { name: 'branch', description: 'by hand' }, later)
    const result = await run([change('create', hq), change('create', branch)], {
      ...checked,
      onStale: 'skip',
    })
    expect(ends(result)).toEqual({ hq: 'applied', branch: 'failed: stale' })
    expect(remote.writes().map(({ name }) => name)).toEqual(['hq'])
  })

  test("does not take our own writes below a gateway for someone's change", async () => {
    const { remote, run } = scene({
      before: ({ method, name }) => {
        if (method === 'DELETE' && name === 'anna') remote.seed(hq, { name: 'hq' }, later)
      },
    })
    remote.seed(hq, { name: 'hq' }, then)
    remote.seed(anna, { name: 'anna' })
    const result = await run(
      [change('delete', hq, { metadata: then, needs: [anna] }), change('delete', anna)],
      checked,
    )
    expect(ends(result)).toEqual({ hq: 'applied', anna: 'applied' })
  })

  test('that does not hold starts nothing further, or leaves the rest alone, as asked', async () => {
    for (const onStale of ['abort', 'skip'] as const) {
      const { remote, run } = scene({ latencyMs: 50 })
      remote.seed(hq, { name: 'hq', description: 'by hand' }, later)
      const result = await run(
        [
          change('update', hq, { metadata: then }),
          change('create', anna, { needs: [hq] }),
          change('create', branch),
        ],
        { ...checked, onStale, parallelism: 1 },
      )
      expect(ends(result)).toEqual({
        hq: 'failed: stale',
        anna: 'blocked by wireguardgateways/hq',
        branch: onStale === 'abort' ? 'cancelled' : 'applied',
      })
      expect(result.stopped).toEqual(
        onStale === 'abort' ? { type: 'stale', address: 'wireguardgateways/hq' } : undefined,
      )
    }
  })
})
