import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { parse, parseDocument } from 'yaml'
import { type Journey, startJourney } from '../support/journey.ts'
import { ipsecRoute } from './ipsec-route.ts'

// The line that lists a kind is all that differs from the program as it is. The kind is a child of a child, which none
// of the four is.
vi.mock('../../src/kinds/index.ts', async (original) => {
  const { KINDS } = await original<typeof import('../../src/kinds/index.ts')>()
  const { ipsecRoute } = await import('./ipsec-route.ts')
  const kinds = [...KINDS, ipsecRoute]
  return { KINDS: kinds, kindsUnder: (parent: unknown) => kinds.filter((kind) => kind.parent === parent) }
})

const TUNNEL = ['ipsecGateways', 0, 'tunnels', 0]
const BERLIN = 'ipsecgateways/branch/tunnels/berlin'

/** The example of three offices, its first tunnel with these routes. */
function withRoutes(...routes: readonly object[]): string {
  const document = parseDocument(readFileSync('examples/site-to-site.yaml', 'utf8'))
  document.setIn([...TUNNEL, 'routes'], routes)
  return document.toString()
}

const WAREHOUSE = { name: 'warehouse', network: '10.20.7.0/24' }
const PRINTERS = { name: 'printers', network: '10.20.8.0/24', metric: 50 }

let story: Journey

beforeEach(async () => {
  story = await startJourney()
})

afterEach(() => story.close())

describe('a kind that one file adds', () => {
  test('is written in the file, and its faults are reported at their place', async () => {
    story.write(withRoutes({ name: 'warehouse', network: '10.20.7.0/24', metrik: 5 }, { name: 'printers' }))
    const { code, stderr, stdout } = await story.vpnctl('validate')
    expect(code).toBe(3)
    expect(stdout + stderr).toContain('unknown field "metrik" (did you mean "metric"?)')
    expect(stdout + stderr).toContain('"network"')
  })

  test('is in the schema for editors, below its parent', async () => {
    const schema = JSON.parse((await story.vpnctl('schema')).stdout)
    expect(schema.$defs['ipsec-tunnel'].properties.routes.items).toEqual({ $ref: '#/$defs/ipsec-route' })
    expect(schema.$defs['ipsec-route'].properties.metric).toMatchObject({
      default: 100,
      description: 'The smaller one wins.',
    })
  })

  test('is planned, applied after its parents, converged, and destroyed before them', async () => {
    story.write(withRoutes(WAREHOUSE, PRINTERS))
    const plan = await story.vpnctl('plan')
    expect(plan.stdout).toContain(`# ${BERLIN}/routes/warehouse will be created`)
    expect(plan.stdout).toMatch(/^\+ {3}metric +100 +\(default\)$/m)
    expect(plan.stdout).toContain('Plan: 6 to add, 0 to change, 0 to destroy.')

    const apply = await story.vpnctl('apply', '--yes')
    expect(apply.code).toBe(0)
    const writes = story.writes()
    expect(writes).toHaveLength(6)
    expect(writes[0]).toBe('PUT /ipsecgateways/ID')
    expect(writes.filter((write) => write === 'PUT /ipsecgateways/ID/tunnels/ID/routes/ID')).toHaveLength(2)
    expect(writes.indexOf('PUT /ipsecgateways/ID/tunnels/ID')).toBeLessThan(
      writes.indexOf('PUT /ipsecgateways/ID/tunnels/ID/routes/ID'),
    )

    expect((await story.vpnctl('plan', '--detailed-exitcode')).code).toBe(0)
    expect((await story.vpnctl('drift')).code).toBe(0)

    const destroy = await story.vpnctl('destroy', '--yes')
    expect(destroy.code).toBe(0)
    const deletes = story.writes()
    expect(deletes).toHaveLength(6)
    expect(deletes.at(-1)).toBe('DELETE /ipsecgateways/ID')
    expect(deletes.lastIndexOf('DELETE /ipsecgateways/ID/tunnels/ID/routes/ID')).toBeLessThan(
      deletes.lastIndexOf('DELETE /ipsecgateways/ID/tunnels/ID'),
    )
    expect(story.sandbox.store.resources()).toEqual([])
  })

  test('is updated in its own form alone, and freed values go before what takes them', async () => {
    story.write(withRoutes(WAREHOUSE))
    await story.vpnctl('apply', '--yes')
    story.writes()
    story.write(withRoutes({ name: 'warehouse', network: '10.20.7.9/24', metric: 100 }))
    expect((await story.vpnctl('plan')).stdout).toMatch(/^No changes\./m)

    story.write(withRoutes({ name: 'depot', network: '10.20.7.0/24' }))
    const moved = await story.vpnctl('apply', '--yes')
    expect(moved.code).toBe(0)
    expect(story.writes()).toEqual([
      'DELETE /ipsecgateways/ID/tunnels/ID/routes/ID',
      'PUT /ipsecgateways/ID/tunnels/ID/routes/ID',
    ])
  })

  test('drifts: edited, and made by someone else', async () => {
    story.write(withRoutes(WAREHOUSE))
    await story.vpnctl('apply', '--yes')
    const store = story.sandbox.store
    const live = store.resources()
    const route = live.find(({ kind }) => kind === ipsecRoute)
    const tunnel = live.find(({ properties }) => properties.name === 'hamburg')
    store.edit(route?.id ?? '', (properties) => ({ ...properties, network: '10.66.0.0/16' }))
    store.seed(ipsecRoute, { name: 'way-in', network: '0.0.0.0/0' }, { parentId: tunnel?.id ?? '' })
    const drift = await story.vpnctl('drift')
    expect(drift.code).toBe(2)
    expect(drift.stdout).toContain(`${BERLIN}/routes/warehouse`)
    expect(drift.stdout).toContain('ipsecgateways/branch/tunnels/hamburg/routes/way-in')
  })

  test('is exported, formatted, explained and drawn', async () => {
    story.write(withRoutes(WAREHOUSE, PRINTERS))
    await story.vpnctl('apply', '--yes')
    const exported = await story.vpnctl('export', '--stack', 'site-to-site', '--location', 'de/fra')
    expect(parse(exported.stdout).ipsecGateways[0].tunnels[0].routes).toMatchObject([
      { name: 'printers', network: '10.20.8.0/24', metric: 50 },
      { name: 'warehouse', network: '10.20.7.0/24' },
    ])
    expect((await story.vpnctl('explain', 'ipsecGateways.tunnels.routes.metric')).stdout).toContain(
      'The smaller one wins.',
    )
    expect((await story.vpnctl('graph', '--format', 'mermaid')).stdout).toContain('warehouse')
    story.write(
      `${readFileSync('examples/site-to-site.yaml', 'utf8').replace(/\n {6}- name: hamburg/, '\n        routes: [{network: 10.20.7.0/24,    name: warehouse}]$&')}`,
    )
    expect((await story.vpnctl('fmt')).code).toBe(0)
    expect((await story.vpnctl('plan')).code).toBe(0)
  })

  test('that names a sibling is written after it, and deleted before it', async () => {
    const order = (verb: string): readonly string[] =>
      story.sandbox
        .requests()
        .filter(({ method, path }) => method === verb && path.includes('/routes/'))
        .map(({ path }) => path.slice(-36))
    const ids = (): ReadonlyMap<string, string> =>
      new Map(story.sandbox.store.resources().map(({ id, properties }) => [String(properties.name), id]))
    story.write(
      withRoutes(
        { name: 'archive', network: '10.20.9.0/24', via: 'printers' },
        { ...PRINTERS, via: 'warehouse' },
        WAREHOUSE,
      ),
    )
    expect((await story.vpnctl('apply', '--yes')).code).toBe(0)
    const known = ids()
    const expected = ['warehouse', 'printers', 'archive'].map((name) => known.get(name))
    expect(order('PUT')).toEqual(expected)
    story.write(withRoutes())
    expect((await story.vpnctl('apply', '--yes', '--max-deletes', '9')).code).toBe(0)
    expect(order('DELETE')).toEqual(expected.toReversed())
  })

  test('that names a sibling which is not there, or which names it too, is refused at the place', async () => {
    story.write(
      withRoutes(
        { ...PRINTERS, via: 'warehous' },
        WAREHOUSE,
        { name: 'a', network: '10.20.1.0/24', via: 'b' },
        { name: 'b', network: '10.20.2.0/24', via: 'a' },
        { name: 'old', network: '10.20.3.0/24', ensure: 'absent' },
        { name: 'c', network: '10.20.4.0/24', via: 'old' },
      ),
    )
    const { code, stderr } = await story.vpnctl('validate')
    expect(code).toBe(3)
    expect(stderr).toContain(
      'via of IPSec route "printers" names "warehous", and "berlin" has no such route (did you mean "warehouse"?)',
    )
    expect(stderr).toContain('via of IPSec route "a" names "b", which needs it first')
    expect(stderr).toContain('via of IPSec route "c" names "old"')
    expect(stderr.match(/^error\[VPN353\]/gm)).toHaveLength(4)
    expect(story.sandbox.requests()).toEqual([])
  })

  test('has no other end until one is written: peer-config passes over it', async () => {
    story.write(withRoutes(WAREHOUSE))
    const one = await story.vpnctl('peer-config', BERLIN, 'warehouse')
    expect(one.code).toBe(64)
    expect(one.stderr).toContain(`the files have no gateway "${BERLIN}"`)
    expect(one.stderr).not.toMatch(/can be: *$/m)
    const all = await story.vpnctl('peer-config', '--all', '--out-dir', 'ends')
    expect(all.stderr).not.toContain('warehouse')
    expect(all.code).toBe(0)
  })

  test('is part of a saved plan', async () => {
    story.write(withRoutes(WAREHOUSE))
    expect((await story.vpnctl('plan', '--out', 'plan.json')).code).toBe(0)
    expect((await story.vpnctl('show', 'plan.json')).stdout).toContain(`${BERLIN}/routes/warehouse`)
    expect((await story.vpnctl('apply', 'plan.json', '--yes')).code).toBe(0)
    expect((await story.vpnctl('plan', '--detailed-exitcode')).code).toBe(0)
  })
})
