import { describe, expect, it } from 'vitest'
import { collapse } from '../../src/report/graph/collapse.ts'
import { renderDot } from '../../src/report/graph/dot.ts'
import { renderHtml } from '../../src/report/graph/html.ts'
import { renderMermaid } from '../../src/report/graph/mermaid.ts'
import { graphOfPlan } from '../../src/report/graph/model.ts'
import { renderSvg } from '../../src/report/graph/svg.ts'
import { fitText, textWidth } from '../../src/report/graph/text-fit.ts'
import { gateway, liveOf, peer, planOf } from '../support/plan-builder.ts'
import { hasChromium, measure, openPage } from './chromium.ts'
import { graphFor, HOSTILE_NAMES, largeEstate, plannedEstate, smallEstate } from './fixtures.ts'

const hostile = graphFor(
  HOSTILE_NAMES.flatMap((name) => {
    const parent = gateway(name, { gatewayIP: name })
    return [parent, peer(parent, name, { allowedIPs: [name] })]
  }),
  HOSTILE_NAMES[1],
)

describe('the diagram', () => {
  it('says by sign and colour what a plan does, and counts it in a legend', () => {
    const svg = renderSvg(plannedEstate())
    expect(svg).toContain('>1 to delete</text>')
    expect(svg).toContain('>2 to create</text>')
    expect(svg).toContain('>1 unmanaged</text>')
    const carol = svg.split('<g class="node ').find((part) => part.includes('>carol-old</text>'))
    expect(carol).toMatch(/^delete">.*>−<\/text><\/g>/s)
  })

  it('says in words, and with a rim of its own, that live is FAILED', () => {
    const hq = gateway('hq')
    const plan = (status: string) => graphOfPlan(planOf([hq], [liveOf(hq, {}, { status })]))
    const svg = renderSvg(plan('FAILED'))
    expect(svg).toMatch(/<g class="node \w+ failed"><title>.*>status FAILED<\/text>/s)
    expect(svg).toMatch(/\.failed \.box\{stroke:#[0-9a-f]+;stroke-width:3\}/)
    expect(renderDot(plan('FAILED'))).toContain('status FAILED')
    expect(renderMermaid(plan('FAILED'))).toContain('status FAILED')
    const peers = ['a', 'b', 'c'].map((name) => peer(hq, name))
    const lives = peers.map((each, index) =>
      liveOf(each, {}, { status: index === 1 ? 'FAILED' : 'AVAILABLE' }),
    )
    const folded = collapse(graphOfPlan(planOf([hq, ...peers], [liveOf(hq), ...lives])), () => true)
    expect(renderSvg(folded)).toContain('status FAILED')
    expect(renderSvg(plan('AVAILABLE'))).not.toMatch(/FAILED|node \w+ failed/)
  })

  it('has no legend without a plan', () => {
    expect(renderSvg(graphFor(smallEstate()))).not.toContain('unchanged')
  })

  it('needs nothing from elsewhere and runs nothing', () => {
    const html = renderHtml(hostile)
    expect(html).toContain("default-src 'none'")
    expect(html).not.toMatch(/<script|<img|<b>|<iframe|@import|url\(|\son[a-z]+=/i)
  })

  it('shows in the tool tip what a box has no room for', () => {
    const svg = renderSvg(graphFor(smallEstate()))
    expect(svg).toContain('>and 19 more</text>')
    expect(svg).toContain('\n172.16.9.0/24</title>')
  })

  it('cuts a line that is too wide between letters, not inside of one', () => {
    const face = { name: 'bold', size: 13 } as const
    const family = '👩‍👩‍👧'
    const cut = fitText(family.repeat(20), 190, face)
    expect(cut.replaceAll(family, '')).toBe('…')
    expect(textWidth(cut, face)).toBeLessThanOrEqual(190)
    expect(fitText('short', 190, face)).toBe('short')
  })
})

describe.runIf(hasChromium)('the diagram in a browser', () => {
  it('has every text in its box and no box over another', () => {
    const graphs = [
      { graph: graphFor([]), nodes: 0 },
      { graph: graphFor([gateway()]), nodes: 2 },
      { graph: plannedEstate(), nodes: 10 },
      { graph: hostile, nodes: 1 + 2 * HOSTILE_NAMES.length },
      { graph: graphFor(largeEstate(50, 20)), nodes: 1100 },
    ]
    expect(measure(graphs.map(({ graph }) => renderSvg(graph)))).toEqual(
      graphs.map(({ nodes }) => ({ nodes, faults: [] })),
    )
  })

  it('is a page without an error on the console', () => {
    const { dom, console } = openPage(renderHtml(hostile))
    expect(console).toEqual([])
    expect(dom).toContain('All resources as a list')
  })

  it('is well-formed XML by itself, whatever the names', () => {
    const check = `const doc = new DOMParser().parseFromString(${JSON.stringify(renderSvg(hostile)).replaceAll('<', '\\u003c')}, 'image/svg+xml'); document.title = doc.querySelector('parsererror') ? 'broken' : 'fine ' + doc.querySelectorAll('g.node').length`
    const { dom } = openPage(`<!doctype html><meta charset="utf-8"><title></title><script>${check}</script>`)
    expect(dom).toContain(`<title>fine ${1 + 2 * HOSTILE_NAMES.length}</title>`)
  })
})
