import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { PageStage } from '../support/page-stage.ts'
import { testPage } from '../support/run-page.ts'

const two = (number: number): string => String(number).padStart(2, '0')
// Made for this page, used nowhere else.
const keyOf = (name: string): string => createHash('sha256').update(`throw-away ${name}`).digest('base64')

function gateway(number: number): string {
  return `  - name: office-${two(number)}
    gatewayIP: 203.0.113.${number + 10}
    connections: [{ datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.${number + 100}/24 }]
    interfaceIPv4CIDR: 10.99.${number}.1/24
    privateKey: { env: OFFICE_${two(number)}_KEY }
`
}

function tenGateways(stage: PageStage): void {
  const numbers = Array.from({ length: 10 }, (_, index) => index + 1)
  for (const number of numbers) stage.env[`OFFICE_${two(number)}_KEY`] = keyOf(`office ${number}`)
  const head = 'version: 1\nstack: acme-prod\nlocation: de/fra\nwireguardGateways:\n'
  stage.write('vpn.yaml', head + numbers.map(gateway).join(''))
  const people = Array.from(
    { length: 200 },
    (_, index) => `user-${index + 1},${keyOf(`user ${index}`)},Laptop\n`,
  )
  stage.write('people.csv', `name,public key,description\n${people.join('')}`)
}

testPage('docs/people.md', {
  apply: async (stage) => {
    await stage.vpnctl(['apply', '--yes'])
  },
  'ten gateways and 200 people': tenGateways,
  'two laptops are live': async (stage) => {
    stage.write('vpn.yaml', readFileSync('examples/quickstart.yaml', 'utf8'))
    await stage.vpnctl(['apply', '--yes'])
  },
})
