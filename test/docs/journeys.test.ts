import { readFileSync } from 'node:fs'
import type { PageStage } from '../support/page-stage.ts'
import { testPage } from '../support/run-page.ts'
import { STATE_REQUESTS, terraformState } from '../support/terraform-state.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
const OTHER_KEY = '9GCzWfGEkeM855tl2kjVtE+MnzHBkv1sJi4+Swo1c2E='
const LAB = `version: 1
stack: quickstart
location: de/fra
wireguardGateways:
  - name: lab
    gatewayIP: 203.0.113.30
    interfaceIPv4CIDR: 10.98.0.1/24
    privateKey: { env: LAB_PRIVATE_KEY }
    connections:
      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "3", ipv4CIDR: 192.168.3.100/24 }
`

// Made for these pages, used nowhere else.
const LAB_KEY = 'dGhyb3ctYXdheS1sYWItZ2F0ZXdheS1rZXktMDAwMSE='

const NEIGHBOUR = QUICKSTART.replace('stack: quickstart', 'stack: acme-prod').replace(
  'location: de/fra',
  'location: de/fra\nneighbours: [acme-dev]',
)

async function apply(stage: PageStage, text = QUICKSTART): Promise<void> {
  stage.env.LAB_PRIVATE_KEY = LAB_KEY
  stage.write('vpn.yaml', text)
  const { code, output } = await stage.vpnctl(['apply', '--yes'])
  if (code !== 0) throw new Error(output)
}

/** Changes the gateway of the example, as the portal does. */
async function changeGateway(stage: PageStage, change: Record<string, unknown>): Promise<void> {
  const path = `wireguardgateways/${await stage.idOf('wireguardgateways', 'hq')}`
  const { properties } = (await stage.request('GET', path)) as { properties: Record<string, unknown> }
  const privateKey = stage.env.QUICKSTART_PRIVATE_KEY
  await stage.request('PUT', path, { ...properties, privateKey, ...change })
}

const peersOf = async (stage: PageStage): Promise<string> =>
  `wireguardgateways/${await stage.idOf('wireguardgateways', 'hq')}/peers`

async function addPeer(stage: PageStage): Promise<void> {
  await stage.request('PUT', `${await peersOf(stage)}/11111111-1111-4111-8111-111111111111`, {
    name: 'dora-laptop',
    publicKey: OTHER_KEY,
    allowedIPs: ['10.99.0.7/32'],
  })
}

testPage('docs/terraform.md', {
  'terraform manages two gateways': async (stage) => {
    for (const [path, properties] of STATE_REQUESTS) {
      await stage.request('PUT', path, properties)
      await new Promise((resolve) => setTimeout(resolve, 40))
    }
    stage.write('copy.tfstate', JSON.stringify(terraformState(), null, 2))
  },
})

testPage('docs/accept-drift.md', {
  'a repository whose gateway was changed by hand': async (stage) => {
    await apply(stage)
    stage.shell('git init -q -b main; git add vpn.yaml; git commit -qm "Start"')
    await changeGateway(stage, { tier: 'STANDARD_HA', description: 'Head office, two nodes' })
  },
  'a peer was added by hand': async (stage) => {
    await apply(stage)
    await addPeer(stage)
  },
  'a peer was removed by hand': async (stage) => {
    await apply(stage)
    const peers = await peersOf(stage)
    await stage.request('DELETE', `${peers}/${await stage.idOf(peers, 'ben-laptop')}`)
    await new Promise((resolve) => setTimeout(resolve, 40))
  },
  'the tier is a variable': async (stage) => {
    const text = QUICKSTART.replace('wireguardGateways:', 'vars: { tier: STANDARD }\n\nwireguardGateways:')
    await apply(stage, text.replace('    gatewayIP', `    tier: $\{var.tier}\n    gatewayIP`))
    await changeGateway(stage, { tier: 'PREMIUM' })
  },
})

testPage('docs/moves.md', {
  'two laptops are live': (stage) => apply(stage),
  'ben moves to a second gateway': async (stage) => {
    const lab = LAB.slice(LAB.indexOf('  - name: lab'))
    await apply(stage, QUICKSTART + lab)
    const [head = '', ben = ''] = QUICKSTART.split(/(?=^ *- name: ben-laptop)/m)
    stage.write('vpn.yaml', `${head}${lab}    peers:\n${ben.replace('10.99.0.3/32', '10.98.0.3/32')}`)
  },
  'the new stack has the key': (stage) => {
    stage.env.HQ_WIREGUARD_PRIVATE_KEY = stage.env.QUICKSTART_PRIVATE_KEY ?? ''
  },
  'a gateway with locations': async (stage) => {
    stage.env.VPNCTL_ENDPOINT = `${stage.env.VPNCTL_ENDPOINT}/{location}`
    await apply(stage)
  },
  'the stack lab has a gateway': async (stage) => {
    await apply(stage, LAB.replace('stack: quickstart', 'stack: lab'))
    await apply(stage, QUICKSTART.replace('location: de/fra', 'location: de/fra\nneighbours: [lab]'))
  },
  'two files of one stack': (stage) => {
    stage.env.LAB_PRIVATE_KEY = LAB_KEY
    stage.write('hq.yaml', QUICKSTART)
    stage.write('lab.yaml', LAB)
  },
})

testPage('docs/ids.md', { 'two laptops are live': (stage) => apply(stage) })

testPage('docs/stacks.md', {
  'a neighbour and an unmanaged peer': async (stage) => {
    await apply(stage, LAB.replace('stack: quickstart', 'stack: acme-dev'))
    await apply(stage, NEIGHBOUR)
    await addPeer(stage)
  },
  'the stack acme-dev is live': async (stage) => {
    await apply(stage, LAB.replace('stack: quickstart', 'stack: acme-dev'))
    await apply(stage, QUICKSTART.replace('stack: quickstart', 'stack: acme-prod'))
  },
  'the access of eva and ben ends': async (stage) => {
    const eva = `      - { name: contractor-eva, publicKey: ${OTHER_KEY}, allowedIPs: [10.99.0.9/32], expires: 2026-12-09 }\n`
    const ben = QUICKSTART.replace('- name: ben-laptop', '- name: ben-laptop\n        expires: 2026-11-30')
    await apply(stage, QUICKSTART + eva)
    stage.write('vpn.yaml', ben + eva)
  },
  'two laptops are live': (stage) => apply(stage),
  'a peer was added by hand': async (stage) => {
    await apply(stage)
    await addPeer(stage)
  },
  'each environment has a key': (stage) => {
    stage.env.HQ_WIREGUARD_PRIVATE_KEY = stage.env.QUICKSTART_PRIVATE_KEY ?? ''
  },
})
