import { expect, test } from 'vitest'
import { loadFiles } from '../../src/engine/load-files.ts'
import { readScope } from '../../src/engine/read-scope.ts'

const load = (text: string) =>
  loadFiles({
    files: ['-'],
    cwd: '.',
    env: {},
    readStdin: async () => Buffer.from(text),
    secrets: 'ignore',
  })

const file = (locations: string, location: string) => `version: 1
stack: acme
${locations}
wireguardGateways:
  - name: south
    location: ${location}
    gatewayIP: 203.0.113.50
    interfaceIPv4CIDR: 10.98.0.1/24
    privateKey: { env: LAB_KEY }
    connections: [{ datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.100/24 }]
`

test('a gateway in a location that "locations" leaves out is an error at its location', async () => {
  const { diagnostics } = await load(file('locations: [de/fra, us/ewr]', 'de/txl'))
  expect(diagnostics).toMatchObject([
    { severity: 'error', code: 'VPN352', at: { start: { line: 6, column: 15 } } },
  ])
})

test('a gateway that has its location from the document has the error at its name', async () => {
  const text = file('locations: [de/fra]\nlocation: de/txl', 'de/txl').replace('    location: de/txl\n', '')
  expect((await load(text)).diagnostics).toMatchObject([{ code: 'VPN352', at: { start: { line: 6 } } }])
})

test.each(['de/fra', 'de/fra/2'])('de/fra in the list means %s', async (location) => {
  const { desired, diagnostics } = await load(file('locations: [de/fra, us/ewr]', location))
  expect(diagnostics).toEqual([])
  if (desired === null) throw new Error('not valid')
  expect(readScope(desired)).toEqual({ locations: ['de/fra'], others: ['us/ewr'] })
})

test('without a list all other locations are read for what the stack owns', async () => {
  const { desired } = await load(file('location: de/fra', 'de/txl'))
  if (desired === null) throw new Error('not valid')
  const { locations, others } = readScope(desired)
  expect(locations).toEqual(['de/fra', 'de/txl'])
  expect(others).toEqual(['es/vit', 'fr/par', 'gb/bhx', 'gb/lhr', 'us/ewr', 'us/las', 'us/mci'])
})

test('more locations are read in full, and a limit holds for all of them', () => {
  const desired = { locations: ['de/fra', 'de/txl'] }
  expect(readScope(desired, ['us/ewr']).locations).toEqual(['de/fra', 'de/txl', 'us/ewr'])
  expect(readScope(desired, ['us/ewr'], ['de/fra', 'gb/lhr'])).toEqual({
    locations: ['de/fra'],
    others: ['gb/lhr'],
  })
})
