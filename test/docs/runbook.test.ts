import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { PageStage } from '../support/page-stage.ts'
import { testPage } from '../support/run-page.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
// Made for this page, used nowhere else.
const keyOf = (name: string): string => createHash('sha256').update(`throw-away ${name}`).digest('base64')

const peer = (name: string, address: number): string =>
  `      - { name: ${name}, publicKey: ${keyOf(name)}, allowedIPs: [10.99.0.${address}/32] }\n`

async function apply(stage: PageStage, text = QUICKSTART): Promise<void> {
  stage.write('vpn.yaml', text)
  await stage.vpnctl(['apply', '--yes'])
}

const peersOf = async (stage: PageStage): Promise<string> =>
  `wireguardgateways/${await stage.idOf('wireguardgateways', 'hq')}/peers`

/** As the portal does. */
async function changeBen(stage: PageStage): Promise<void> {
  const peers = await peersOf(stage)
  const path = `${peers}/${await stage.idOf(peers, 'ben-laptop')}`
  const { properties } = (await stage.request('GET', path)) as { properties: Record<string, unknown> }
  await stage.request('PUT', path, { ...properties, allowedIPs: ['10.99.0.33/32'] })
}

testPage('docs/runbook.md', {
  'ben is FAILED': async (stage) => {
    stage.failNames.push('ben-laptop')
    await apply(stage)
  },
  'the service works': (stage) => {
    stage.failNames.length = 0
  },
  'a gateway is being created for hours': async (stage) => {
    stage.write('vpn.yaml', QUICKSTART.slice(0, QUICKSTART.indexOf('    peers:')))
    stage.isServiceStuck = true
    await stage.vpnctl(['apply', '--yes', '--no-wait'])
    for (let minutes = 0; minutes < 150; minutes += 1) await stage.request('GET', 'wireguardgateways')
  },
  'the service goes on': (stage) => {
    stage.isServiceStuck = false
  },
  'an apply of a saved plan ended after the gateway': async (stage) => {
    stage.write('vpn.yaml', QUICKSTART)
    await stage.vpnctl(['plan', '--out', 'plan.json'])
    stage.write('vpn.yaml', QUICKSTART.slice(0, QUICKSTART.indexOf('    peers:')))
    await stage.vpnctl(['apply', '--yes'])
    stage.write('vpn.yaml', QUICKSTART)
  },
  'ben cannot be made': (stage) => {
    stage.failNames.push('ben-laptop')
    stage.write('vpn.yaml', QUICKSTART)
  },
  'a plan is saved, and ben is changed live': async (stage) => {
    await apply(stage)
    stage.write('vpn.yaml', QUICKSTART.replace('10.99.0.3/32', '10.99.0.3/32, 10.20.0.0/16'))
    await stage.vpnctl(['plan', '--out', 'plan.json'])
    await changeBen(stage)
  },
  'a committed file, and ben is changed live': async (stage) => {
    await apply(stage)
    stage.shell('git init -q -b main; git add vpn.yaml; git commit -qm "Start"')
    await changeBen(stage)
  },
  'a peer is added and another is changed in the portal': async (stage) => {
    await apply(stage)
    await changeBen(stage)
    await stage.request('PUT', `${await peersOf(stage)}/11111111-1111-4111-8111-111111111111`, {
      name: 'dora-laptop',
      publicKey: keyOf('dora-laptop'),
      allowedIPs: ['10.99.0.7/32'],
    })
  },
  'two laptops are live': (stage) => apply(stage),
  'the gateway is deleted in the portal': async (stage) => {
    await apply(stage)
    await stage.request('DELETE', `wireguardgateways/${await stage.idOf('wireguardgateways', 'hq')}`)
  },
  'the token is not set': async (stage) => {
    await apply(stage)
    stage.env.IONOS_TOKEN = ''
  },
  'the service is not there': async (stage) => {
    await apply(stage)
    stage.env.VPNCTL_ENDPOINT = 'http://127.0.0.1:1'
  },
  'seven peers are live, and the file has one': async (stage) => {
    const more = [4, 5, 6, 7, 8].map((address) => peer(`user-${address}`, address))
    await apply(stage, QUICKSTART + more.join(''))
    stage.write('vpn.yaml', QUICKSTART.slice(0, QUICKSTART.indexOf('      - name: ben-laptop')))
  },
})
