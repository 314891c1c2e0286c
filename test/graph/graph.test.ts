import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ResourceKind } from '../../src/model/resource.ts'
import { renderDot } from '../../src/report/graph/dot.ts'
import { renderMermaid } from '../../src/report/graph/mermaid.ts'
import { graphOfPlan } from '../../src/report/graph/model.ts'
import { everyNode } from '../../src/report/graph/words.ts'
import { gateway, liveOf, peer, planOf, wanted } from '../support/plan-builder.ts'
import { graphFor, HOSTILE_NAMES, largeEstate, plannedEstate, smallEstate } from './fixtures.ts'

const named = (names: readonly string[]) =>
  names.flatMap((name) => {
    const parent = gateway(name)
    return [parent, peer(parent, name)]
  })

describe('a diagram of an estate', () => {
  it('has gateways, the LANs they share, and children with their networks', () => {
    const graph = graphFor(smallEstate())
    expect(graph.lans.map(({ title, networks }) => [title, networks])).toEqual([
      ['LAN 2', ['192.168.1.0/24']],
      ['LAN 3', ['192.168.7.0/24']],
    ])
    expect(graph.roots.map(({ name, facts, lans }) => [name, facts, lans])).toEqual([
      ['hq', ['203.0.113.10:51820', '10.99.0.1/24'], ['l0', 'l1']],
      ['branch', ['203.0.113.11'], ['l0']],
    ])
    const [hq, branch] = graph.roots
    expect(hq?.children.map(({ name }) => name)).toEqual(['anna-laptop', 'ben-phone', 'warehouse'])
    expect(hq?.children[2]).toMatchObject({ facts: ['198.51.100.20:51820'] })
    expect(branch?.children[0]).toMatchObject({
      facts: ['vpn.berlin.example.com'],
      shares: ['192.168.1.0/24'],
      reaches: ['10.20.0.0/16'],
    })
  })

  it('is the same whatever the order of the file', () => {
    const graph = renderMermaid(graphFor(smallEstate()))
    expect(renderMermaid(graphFor(smallEstate().toReversed()))).toBe(graph)
  })

  it('leaves out what shall be absent', () => {
    const hq = gateway('hq')
    const gone = peer(hq, 'gone', {}, { more: { ensure: 'absent' } })
    expect(graphFor([hq, gone]).roots[0]?.children).toEqual([])
  })

  it('marks each resource with what a plan does to it', () => {
    const marks = [...everyNode(plannedEstate().roots)].map(({ name, mark }) => [name, mark])
    expect(marks).toEqual([
      ['hq', 'keep'],
      ['anna-laptop', 'update'],
      ['ben-phone', 'create'],
      ['carol-old', 'delete'],
      ['test-laptop', 'unmanaged'],
      ['warehouse', 'keep'],
      ['branch', 'keep'],
      ['berlin', 'create'],
    ])
  })

  it('shows the new values of an update', () => {
    const anna = [...everyNode(plannedEstate().roots)].find(({ name }) => name === 'anna-laptop')
    expect(anna?.reaches).toEqual(['10.99.0.2/32'])
  })

  it('draws a kind that says nothing about diagrams by its name, a grandchild below its parent', () => {
    const hq = gateway('hq')
    const anna = peer(hq, 'anna')
    const { summary: _, ...bare } = anna.kind
    const route: ResourceKind = { ...bare, name: 'route', title: 'Route', noun: 'route', parent: anna.kind }
    const graph = graphFor([hq, anna, wanted(route, 'r1', {}, { parent: anna })])
    expect(graph.roots[0]?.children[0]?.children[0]).toMatchObject({ name: 'r1', facts: [], reaches: [] })
    expect(renderMermaid(graph)).toContain('r2("r1<br/>Route"):::plain')
  })

  it('draws live values that are not what they should be', () => {
    const hq = gateway('hq')
    const unexpected = { gatewayIP: 7, connections: [null, { lanId: {} }, 'x'], interfaceIPv4CIDR: ['x'] }
    const graph = graphOfPlan(planOf([], [liveOf(hq, unexpected as never)], { prune: 'none' }))
    expect(graph.roots).toHaveLength(1)
  })
})

describe('Mermaid', () => {
  it('draws the plan in colours and signs', () => {
    const text = renderMermaid(plannedEstate())
    expect(text).toContain(
      'r1("#126; anna-laptop<br/>WireGuard peer<br/>to update<br/>10.99.0.2/32"):::update',
    )
    expect(text).toContain('  r0 -.- r4\n')
    expect(text).toContain('  l0 --- r6\n')
    expect(text).toContain('<br/>and 19 more"')
  })

  it('keeps hostile names inside their quotes', () => {
    for (const line of renderMermaid(graphFor(named(HOSTILE_NAMES))).split('\n')) {
      expect(line).toMatch(
        /^$|^flowchart LR$|^ {2}(classDef [a-z]+ [a-z0-9:#, -]+|[lr]\d+ (---|-\.-) r\d+|[lr]\d+(\[|\(|\[\/)"([\p{L}\p{M}\p{N} .,/…-]|#\d+;|<br\/>)+"(\]|\)|\/\]):::[a-z]+)$/u,
      )
    }
  })

  it('writes what would be a list, a rule or a link as numbers', () => {
    const text = renderMermaid(graphFor(named(['1. item', '- item', 'https://example.com'])))
    expect(text).toContain('"#49;. item<br/>')
    expect(text).toContain('"#45; item<br/>')
    expect(text).toContain('"https#58;//example.com<br/>')
  })

  it('shrinks step by step to what is drawn on a web page', () => {
    const wide = largeEstate(20, 20).map((resource) => ({
      ...resource,
      spec: { ...resource.spec, allowedIPs: [1, 2, 3].map((host) => `2001:db8:1234:5678::${host}/128`) },
    }))
    const estates = [wide, ...[20, 50, 100, 600].map((gateways) => largeEstate(gateways, 20))]
    const notes = estates.map((resources) => {
      const text = renderMermaid(graphFor(resources))
      expect(text.length).toBeLessThanOrEqual(50_000)
      expect(text.match(/ ---? /g)?.length ?? 0).toBeLessThanOrEqual(500)
      return /%% Too much for one diagram: (.*)\./.exec(text)?.[1]
    })
    expect(notes).toEqual([
      'networks are left out',
      undefined,
      'networks are left out, unchanged children are counted',
      'networks are left out, unchanged children are counted',
      '600 gateways are left out',
    ])
  })

  it('keeps every change of a large plan while unchanged children become a number', () => {
    const resources = largeEstate(50, 20)
    const live = resources.map((resource, index) =>
      liveOf(resource, index % 100 === 5 ? { description: 'x' } : {}),
    )
    const text = renderMermaid(graphOfPlan(planOf(resources, live)))
    expect(text.match(/:::update\n/g)).toHaveLength(11)
    expect(text).toContain('19 peers unchanged<br/>')
    expect(text).toContain('20 peers unchanged<br/>')
  })
})

describe('DOT', () => {
  it('escapes what Graphviz would read as more than text', () => {
    const text = renderDot(graphFor(named(['a"] b \\N &lt;'])))
    expect(text).toContain('label="a\\"] b \\\\N &amp;lt;\\lWireGuard peer\\l')
  })

  it.runIf(existsSync('/usr/bin/dot'))('is drawn by Graphviz with every name as it is', () => {
    const { stdout, stderr, status } = spawnSync('dot', ['-Tplain-ext'], {
      input: renderDot(graphFor(named(HOSTILE_NAMES))),
      encoding: 'utf8',
    })
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout.match(/^node /gm)).toHaveLength(1 + 2 * HOSTILE_NAMES.length)
  })
})
