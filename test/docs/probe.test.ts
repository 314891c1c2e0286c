import { FakeNetwork } from '../probe/fake-network.ts'
import { testPage } from '../support/run-page.ts'

// Made for this page, used nowhere else.
const CANARY_KEY = 'dGhyb3ctYXdheS1jYW5hcnkta2V5LW9mLWEtcGFnZSE='
const HQ_KEY = 'dGhyb3ctYXdheS1nYXRld2F5LWtleS1vZi1hLXBhZ2U='
const BERLIN_PSK = 'dGhyb3ctYXdheS1wcmUtc2hhcmVkLWtleS1iZXJsaW4='

const NAMES = ['one', 'two', 'three']
const gateway = (tier: string) => (name: string, at: number) =>
  `  - name: ${name}
    gatewayIP: 203.0.113.${at + 10}
    tier: ${tier}
    connections:
      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "${at + 2}", ipv4CIDR: 192.168.${at + 1}.100/24 }
`
const three = (tier: string): string =>
  `version: 1\nstack: acme-prod\nlocation: de/fra\nipsecGateways:\n${NAMES.map(gateway(tier)).join('')}`

testPage('docs/probe.md', {
  'apply, and nothing answers': async (stage) => {
    Object.assign(stage.env, { HQ_KEY, HQ_CANARY_PRIVATE_KEY: CANARY_KEY, BERLIN_PSK })
    stage.probeNetwork = new FakeNetwork(() => [], { 'vpn.berlin.example.com': { type: 'none' } })
    await stage.vpnctl(['apply', '--yes'])
  },
  'three gateways get another tier': async (stage) => {
    stage.write('vpn.yaml', three('STANDARD'))
    await stage.vpnctl(['apply', '--yes'])
    stage.write('vpn.yaml', three('STANDARD_HA'))
  },
})
