import { ipsecGateway } from '../../src/kinds/ipsec/gateway.ts'
import { ipsecTunnel } from '../../src/kinds/ipsec/tunnel.ts'
import type { DesiredResource } from '../../src/model/resource.ts'
import { type Graph, graphOfDesired, graphOfPlan } from '../../src/report/graph/model.ts'
import { CONNECTION, gateway, LOCATION, liveOf, peer, planOf, wanted } from '../support/plan-builder.ts'

/** Names that try to become markup, markdown, links, commands or another line. */
export const HOSTILE_NAMES = [
  'a"]; click r0 "javascript:alert(1)"',
  '<script>alert(1)</script><b>x</b>',
  '`code` **bold** _it_ [x](https://example.com) @team #123',
  '1. item\n- list\r\nend',
  'www.example.com https://example.com a@b.example.com',
  '%%{init: {}}%% --> subgraph end',
  '\\N \\l &lt; &#x3c; #quot; #35;',
  '\u202eoverride\u200b\u0000\u001b[31m',
  'W'.repeat(255),
  '漢字'.repeat(60),
  '👩‍💻'.repeat(40),
  '- dash',
  '{{ x }} | y || {z} (a) [[b]]',
]

const lan = (lanId: string, ipv4CIDR: string) => ({ ...CONNECTION, lanId, ipv4CIDR })

/** Two gateways that share a LAN, with peers and a tunnel. */
export function smallEstate(): readonly DesiredResource[] {
  const hq = gateway('hq', {
    listenPort: 51820,
    connections: [lan('2', '192.168.1.100/24'), lan('3', '192.168.7.100/24')],
  })
  const branch = wanted(ipsecGateway, 'branch', {
    gatewayIP: '203.0.113.11',
    connections: [lan('2', '192.168.1.101/24')],
  })
  const berlin = wanted(
    ipsecTunnel,
    'berlin',
    {
      remoteHost: 'vpn.berlin.example.com',
      cloudNetworkCIDRs: ['192.168.1.0/24'],
      peerNetworkCIDRs: ['10.20.0.0/16'],
    },
    { parent: branch },
  )
  const many = Array.from({ length: 20 }, (_, index) => `172.16.${index}.0/24`)
  return [
    hq,
    peer(hq, 'anna-laptop'),
    peer(hq, 'ben-phone', { allowedIPs: ['10.99.0.3/32'] }),
    peer(hq, 'warehouse', {
      allowedIPs: ['10.99.0.4/32', ...many],
      endpoint: { host: '198.51.100.20', port: 51820 },
    }),
    branch,
    berlin,
  ]
}

/** The diagram of resources as a file would want them. */
export function graphFor(resources: readonly DesiredResource[], stack = 'acme-prod'): Graph {
  return graphOfDesired({ stack, locations: [LOCATION], resources, protectedPatterns: [] })
}

/** The small estate with one change of each kind. */
export function plannedEstate(): Graph {
  const resources = smallEstate()
  const [hq, anna, ben, warehouse, branch, berlin] = resources
  if (!hq || !anna || !ben || !warehouse || !branch || !berlin) throw new Error('not the small estate')
  const gone = peer(hq, 'carol-old', { allowedIPs: ['10.99.0.9/32'] })
  const rogue = peer(
    hq,
    'test-laptop',
    { allowedIPs: ['0.0.0.0/0'] },
    { more: { id: '7d1c8a54-0000-4000-8000-000000000001' } },
  )
  const live = [
    liveOf(hq),
    liveOf(anna, { allowedIPs: ['10.99.0.77/32'] }),
    liveOf(warehouse),
    liveOf(gone),
    liveOf(rogue),
    liveOf(branch),
  ]
  return graphOfPlan(planOf(resources, live))
}

/** Many gateways with as many children as the service allows. */
export function largeEstate(gateways: number, children: number): readonly DesiredResource[] {
  return Array.from({ length: gateways }, (_, g) => {
    const parent = gateway(`gateway-${g}`, {
      gatewayIP: `203.0.113.${g}`,
      interfaceIPv4CIDR: `10.${g}.0.1/24`,
      connections: [lan(String(g), `192.168.${g}.100/24`)],
    })
    const below = Array.from({ length: children }, (__, p) =>
      peer(parent, `device-${p}`, { allowedIPs: [`10.${g}.0.${p + 2}/32`] }),
    )
    return [parent, ...below]
  }).flat()
}
