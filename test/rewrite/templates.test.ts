import { describe, expect, it } from 'vitest'
import { loadFiles } from '../../src/engine/load-files.ts'
import { formatText } from '../../src/rewrite/format.ts'
import { TEMPLATES, type TemplateName } from '../../src/rewrite/template-names.ts'
import { renderTemplate } from '../../src/rewrite/templates.ts'

const NAMES = Object.keys(TEMPLATES) as readonly TemplateName[]

const load = (text: string) =>
  loadFiles({ files: ['-'], cwd: '/', env: {}, readStdin: async () => Buffer.from(text), secrets: 'ignore' })

describe('templates', () => {
  it.each(NAMES)('%s is valid without a warning, and formatted', async (name) => {
    const text = renderTemplate(name)
    expect((await load(text)).diagnostics).toEqual([])
    expect(formatText(text, { file: 'vpn.yaml' })).toEqual({ text, changed: false })
    expect(text).toMatch(/^# yaml-language-server: \$schema=/)
  })

  it('take answers as they are, whatever is in them', async () => {
    const stack = `a: #b "\${var.x}"`
    const { desired } = await load(
      renderTemplate('road-warriors', {
        stack,
        location: 'de/txl',
        gatewayIP: '198.51.100.7',
        datacenterId: '6a029f4a-72e5-11ec-90d6-0242ac120003',
        lanId: '7',
        lanAddress: '10.1.2.3/16',
      }),
    )
    expect(desired?.stack).toBe(stack)
    expect(desired?.resources[0]).toMatchObject({
      location: 'de/txl',
      spec: {
        gatewayIP: '198.51.100.7',
        connections: [
          { datacenterId: '6a029f4a-72e5-11ec-90d6-0242ac120003', lanId: '7', ipv4CIDR: '10.1.2.3/16' },
        ],
      },
    })
  })

  it('hold what they promise', async () => {
    const kinds = async (name: TemplateName) =>
      (await load(renderTemplate(name))).desired?.resources.map(({ kind }) => kind.name)
    expect(await kinds('road-warriors')).toEqual(['wireguard-gateway', 'wireguard-peer'])
    expect(await kinds('site-to-site')).toEqual(['ipsec-gateway', 'ipsec-tunnel'])
    expect(await kinds('minimal')).toEqual([])
  })
})
