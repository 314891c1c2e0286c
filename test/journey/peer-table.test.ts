import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Journey, startJourney } from '../support/journey.ts'

// Made for this test, used nowhere else.
const keyOf = (name: string): string =>
  createHash('sha256').update(`throw-away ${name}`).digest('base64').toString()

const gateways = (amount: number, prefix = 24): string =>
  [
    'version: 1\nstack: acme\nlocation: de/fra\nwireguardGateways:\n',
    ...Array.from({ length: amount }, (_, index) =>
      [
        `  - name: office-${index + 1}`,
        `    gatewayIP: 203.0.113.${index + 1}`,
        `    connections: [{ datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.${index + 101}/24 }]`,
        `    interfaceIPv4CIDR: 10.99.${index + 1}.1/${prefix}`,
        `    privateKey: { env: OFFICE_${index + 1}_KEY }\n`,
      ].join('\n'),
    ),
  ].join('')

const rows = (...names: readonly string[]): string => names.map((name) => `${name},${keyOf(name)}\n`).join('')
const people = (amount: number): string[] => Array.from({ length: amount }, (_, index) => `user-${index}`)

let journey: Journey
beforeEach(async () => {
  journey = await startJourney()
})
afterEach(() => journey.close())

const file = (): string => readFileSync(join(journey.folder, 'vpn.yaml'), 'utf8')
const add = (table: string, ...more: string[]) => {
  journey.write(table, 'people.csv')
  return journey.vpnctl('peer', 'add', '--from', 'people.csv', ...more)
}

describe('peers of a CSV file', () => {
  beforeEach(() => journey.write(gateways(2)))

  test('go to the gateways with the most free places, and a second run adds nothing', async () => {
    const table = `name,public key\n${rows(...people(5))}`
    const { code, stderr } = await add(table)
    expect(code).toBe(0)
    expect(stderr).toContain('5 peers added to 2 gateways: office-1 3, office-2 2.')
    const after = file()
    expect(after).toContain('allowedIPs: [10.99.2.3/32]')
    const again = await add(table)
    expect([again.code, again.stdout]).toEqual([0, ''])
    expect(again.stderr).toContain('Nothing to do')
    expect(file()).toBe(after)
  })

  test('that the files do not have yet are added to those that they have', async () => {
    await add(`name,public key\n${rows('anna')}`)
    const { stderr } = await add(`name,public key\n${rows('anna', 'ben')}`)
    expect(stderr).toContain('1 peer added to 1 gateway: office-2 1. 1 already in the files.')
  })

  test('with an address go to the gateway of that network, and nobody else gets it', async () => {
    await add(`Name;Public-Key;Addresses\r\nanna;${keyOf('anna')};\r\nben;${keyOf('ben')};10.99.1.2\r\n`)
    expect(file()).toContain(`name: ben, allowedIPs: [10.99.1.2/32], publicKey: ${keyOf('ben')}`)
    expect(file()).toContain(`name: anna, allowedIPs: [10.99.2.2/32], publicKey: ${keyOf('anna')}`)
  })

  test('with a network behind them get an address too', async () => {
    await add(`name,public key,addresses,description\nsite,${keyOf('s')},10.50.0.0/16,"Site, north"\n`)
    expect(file()).toContain('description: "Site, north"')
    expect(file()).toContain('allowedIPs: [10.99.1.2/32, 10.50.0.0/16]')
  })

  test('go to the named gateway alone', async () => {
    await add(`name,public key\n${rows('anna', 'ben')}`, '--gateway', 'office-2')
    expect(file().match(/10\.99\.\d\.\d\/32/g)).toEqual(['10.99.2.2/32', '10.99.2.3/32'])
  })

  test('leave the places and addresses of unmanaged live peers alone with --live', async () => {
    const env = { OFFICE_1_KEY: keyOf('office-1'), OFFICE_2_KEY: keyOf('office-2') }
    await journey.run(['apply', '--yes'], { env })
    const headers = { authorization: 'Bearer another', 'content-type': 'application/json' }
    const answer = await fetch(`${journey.sandbox.url}/wireguardgateways`, { headers })
    const { items } = (await answer.json()) as { items: { id: string; properties: { name: string } }[] }
    const gateway = items.find(({ properties }) => properties.name === 'office-1')?.id
    for (let number = 0; number < 19; number += 1) {
      const id = `11111111-1111-4111-8111-${String(number).padStart(12, '0')}`
      const allowedIPs = [`10.99.1.${number + 2}/32`]
      const properties = { name: `rogue-${number}`, publicKey: keyOf(`rogue ${number}`), allowedIPs }
      const path = `${journey.sandbox.url}/wireguardgateways/${gateway}/peers/${id}`
      await fetch(path, { method: 'PUT', headers, body: JSON.stringify({ id, properties }) })
      await new Promise((resolve) => setTimeout(resolve, 30))
    }
    const { code, stderr } = await add(`name,public key\n${rows(...people(21))}`, '--live')
    expect(stderr).toContain('21 peers added to 2 gateways: office-2 20, office-1 1.')
    expect(code).toBe(0)
    expect(file()).toContain('[10.99.1.21/32]')
  })
})

describe('nothing is added, and everything that is wrong is reported,', () => {
  const refusals = async (table: string): Promise<readonly string[]> => {
    const before = file()
    const { code, stderr } = await add(table)
    expect(code).toBe(3)
    expect(file()).toBe(before)
    return (stderr.match(/^error\[.*$/gm) ?? []).map((line) => line.replace(/^error\[|people\.csv:/g, ''))
  }
  beforeEach(() => journey.write(gateways(2)))

  test('where rows are not valid', async () => {
    const table = [
      'name,public key,addresses',
      `,${keyOf('1')},`,
      'anna,not-a-key,',
      `ben,${keyOf('2')},10.99.1.0/99`,
      `carol,${keyOf('3')},10.99.1.9/24`,
      `dave,${keyOf('3')},`,
      `carol,${keyOf('4')},`,
      `eve,${keyOf('5')}`,
      `${'x'.repeat(256)},${keyOf('6')},`,
      '',
    ].join('\n')
    expect(await refusals(table)).toEqual([
      'VPN617]: 2:1 the name is empty',
      'VPN617]: 3:6 this is not a WireGuard key',
      'VPN617]: 4:50 "10.99.1.0/99" is not an address',
      'VPN617]: 5:52 "10.99.1.9/24" has bits behind its prefix',
      'VPN617]: 8:1 this row has 2 values, and the header has 3',
      'VPN617]: 9:1 the name is longer than 255 characters',
    ])
  })

  test('where a name or a key appears twice', async () => {
    expect(
      await refusals(`name,public key\nanna,${keyOf('1')}\nanna,${keyOf('2')}\nben,${keyOf('1')}\n`),
    ).toEqual(['VPN617]: 3:1 the name "anna" appears twice', 'VPN617]: 4:5 this public key appears twice'])
  })

  test.each([
    [
      'nam,key\nx,y\n',
      ['VPN616]: 1:1 the column "nam" is not known', 'VPN616]: 1:1 there is no column "name"'],
    ],
    ['name,name,key\n', ['VPN616]: 1:6 the column "name" appears twice']],
    ['name,key\n"anna,x\n', ['VPN616]: 2:1 this quote is not closed']],
    ['', []],
  ])('where the table cannot be read: %j', async (table, expected) => {
    expect(await refusals(table)).toEqual(expected)
  })

  test('where the files have the name, the key or the address of another peer', async () => {
    await add(`name,public key\n${rows('anna')}`)
    const table = `name,key,addresses\nanna,${keyOf('new')},\nben,${keyOf('anna')},\ncarol,${keyOf('c')},10.99.1.2/32\n`
    expect(await refusals(table)).toEqual([
      'VPN618]: 2:1 the files have a peer "anna" with another key',
      'VPN618]: 3:5 the files have this public key as the peer "anna"',
      'VPN618]: 4:52 10.99.1.2/32 of "carol" belongs to another peer of the gateway',
    ])
  })

  test('where the gateways are full', async () => {
    expect(await refusals(`name,key\n${rows(...people(43))}`)).toEqual([
      'VPN619]: 42:1 3 rows have no place on office-1, office-2; the first is "user-40"',
    ])
  })

  test('where an interface network is full', async () => {
    journey.write(gateways(1, 30))
    expect(await refusals(`name,key\n${rows('anna', 'ben')}`)).toEqual([
      'VPN619]: 3:1 one row has no place on office-1; the first is "ben"',
    ])
  })

  test.each([
    [['--keygen']],
    [['--out', 'x']],
    [['--description', 'x']],
    [['--gateway', 'nowhere']],
  ])('with %j', async (more) => {
    const before = file()
    expect((await add(`name,key\n${rows('anna')}`, ...more)).code).toBe(64)
    expect(file()).toBe(before)
  })

  test('without a gateway and a name where there is no table', async () => {
    expect((await journey.vpnctl('peer', 'add', 'office-1')).code).toBe(64)
    expect((await journey.vpnctl('peer', 'add', 'a', 'b', '--gateway', 'c')).code).toBe(64)
    expect((await journey.vpnctl('peer', 'add', 'a', '--from', 'people.csv')).code).toBe(64)
  })
})
