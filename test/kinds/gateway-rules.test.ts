import { describe, expect, it } from 'vitest'
import { notPublic } from '../../src/kinds/gateway-rules.ts'
import { DATACENTER, type Sample } from '../setup/sample-files.ts'
import { found } from './findings.ts'

const OTHER_DATACENTER = '6b13a05b-72e5-11ec-90d6-0242ac120003'
const lan = (lanId: unknown, ipv4CIDR: unknown, datacenterId: unknown = DATACENTER): Sample => ({
  datacenterId,
  lanId,
  ipv4CIDR,
})
const connected = (connections: unknown) => (file: Sample) => {
  file.wireguardGateways[0].connections = connections
}

describe('the address of a gateway', () => {
  it.each([
    ['10.0.0.1', 'a private address'],
    ['127.0.0.1', 'a loopback address'],
    ['169.254.0.1', 'a link-local address'],
    ['100.64.0.1', 'a carrier-grade NAT address'],
    ['224.0.0.1', 'a multicast address'],
    ['255.255.255.255', 'the broadcast address'],
    ['0.0.0.0', 'the unspecified address'],
    ['fd00::1', 'a private address'],
    ['198.51.101.1', undefined],
    ['vpn.example.com', undefined],
  ])('%s is %s', (address, what) => {
    expect(notPublic(address)).toBe(what)
  })

  it('is reported with what it is, at both sorts of gateways', async () => {
    const reported = [
      'warning VPN341 at 10.1.2.3: gatewayIP 10.1.2.3 is a private address',
      '  do: use an address of an IP block that is reserved in the location of the data center',
    ]
    const bend = (list: string) => (file: Sample) => {
      file[list][0].gatewayIP = '10.1.2.3'
    }
    expect(await found('VPN341', bend('wireguardGateways'))).toEqual(reported)
    expect(await found('VPN341', bend('ipsecGateways'))).toEqual(reported)
  })

  it('is none at a peer or a tunnel, whatever they hold', async () => {
    const bend = (file: Sample) => {
      file.wireguardGateways[0].peers[0].gatewayIP = '10.1.2.3'
      file.wireguardGateways[0].peers[0].connections = [
        lan('1', '192.168.1.0/24'),
        lan('1', '192.168.1.0/24'),
      ]
    }
    expect(await found(['VPN341', 'VPN343', 'VPN344', 'VPN345'], bend)).toEqual([])
  })
})

describe('the connections of a gateway', () => {
  it('are in one data center, and each that is not is reported next to the first', async () => {
    const bend = connected([
      lan('1', '192.168.1.9/24'),
      lan('2', '192.168.2.9/24', OTHER_DATACENTER),
      lan('3', '192.168.3.9/24'),
    ])
    expect(await found('VPN342', bend)).toEqual([
      `error VPN342 at ${OTHER_DATACENTER}: the connections of "hq" are in different data centers`,
      '  do: a gateway can be attached to LANs of one data center only: use a gateway for each',
      `  see ${DATACENTER}: the other data center`,
    ])
  })

  it('are compared with the first that names a data center', async () => {
    const bend = connected([lan('1', '192.168.1.9/24', 7), lan('2', '192.168.2.9/24', OTHER_DATACENTER)])
    expect(await found('VPN342', bend)).toEqual([])
  })

  it('name a LAN once, in any form', async () => {
    const bend = connected([
      lan('1', '192.168.1.9/24'),
      lan('7', '192.168.2.9/24'),
      lan(7, '192.168.3.9/24', DATACENTER.toUpperCase()),
    ])
    expect(await found('VPN343', bend)).toEqual([
      'error VPN343 at 7: LAN 7 is connected twice',
      '  do: remove one of the two connections, or correct its lanId',
      '  see "7": connected here already',
    ])
  })

  it('may name one number in two data centers, or none at all', async () => {
    const two = connected([lan('7', '192.168.1.9/24'), lan('7', '192.168.2.9/24', OTHER_DATACENTER)])
    expect(await found('VPN343', two)).toEqual([])
    const without = connected([
      { lanId: '7', ipv4CIDR: '192.168.1.9/24' },
      { lanId: '7', ipv4CIDR: '192.168.2.9/24' },
      { datacenterId: DATACENTER, ipv4CIDR: '192.168.3.9/24' },
      { datacenterId: DATACENTER, ipv4CIDR: '192.168.4.9/24' },
    ])
    expect(await found('VPN343', without)).toEqual([])
  })

  it('have networks of their own', async () => {
    const bend = connected([
      lan('1', '192.168.1.9/24'),
      lan('2', '192.168.2.9/24'),
      lan('3', '192.168.2.200/25'),
    ])
    expect(await found('VPN344', bend)).toEqual([
      'error VPN344 at 192.168.2.200/25: the networks of 192.168.2.200/25 and 192.168.2.9/24 overlap',
      '  do: the gateway cannot decide which LAN an address is in: use a separate network for each LAN',
      '  see 192.168.2.9/24: the other network',
    ])
  })

  it('may have two networks that overlap in one LAN, and what is not a network', async () => {
    const one = { ...lan('1', '192.168.1.9/24'), ipv6CIDR: '192.168.1.9/24' }
    expect(await found('VPN344', connected([one, lan('2', 'TODO'), lan('3', 'TODO'), lan('4', 7)]))).toEqual(
      [],
    )
  })

  it('are looked at up to the tenth', async () => {
    const ten = Array.from({ length: 9 }, (_, index) => lan(`${index}`, `10.${index}.0.9/16`))
    const tenth = await found('VPN344', connected([...ten, lan('10', '10.0.0.9/24')]))
    expect(tenth[0]).toContain('10.0.0.9/24 and 10.0.0.9/16')
    const eleventh = connected([...ten, lan('10', '10.9.0.9/16'), lan('11', '10.0.0.9/24')])
    expect(await found('VPN344', eleventh)).toEqual([])
  })

  it('have addresses of hosts', async () => {
    const hint = "  do: write the gateway's own address in the LAN: with this one it cannot be reached"
    const bend = connected([
      lan('1', '192.168.1.0/24'),
      lan('2', '192.168.2.9/24'),
      lan('3', '192.168.3.3/30'),
      // Networks of two addresses and of one have no other.
      lan('4', '192.168.4.0/31'),
      lan('5', '192.168.5.5/32'),
      lan('6', '2001:db8::/64'),
      lan('7', 24),
    ])
    expect(await found('VPN345', bend)).toEqual([
      'warning VPN345 at 192.168.1.0/24: ipv4CIDR 192.168.1.0/24 is the address of the network, not of a host in it',
      hint,
      'warning VPN345 at 192.168.3.3/30: ipv4CIDR 192.168.3.3/30 is the broadcast address of its network',
      hint,
    ])
  })

  it.each([
    ['no list', 'TODO'],
    ['no mappings', ['TODO', null, 3]],
  ])('may be %s', async (_what, connections) => {
    expect(await found(['VPN342', 'VPN343', 'VPN344', 'VPN345'], connected(connections))).toEqual([])
  })
})

describe('the maintenance windows of the highly available gateways', () => {
  type Window = { readonly dayOfTheWeek?: unknown; readonly time?: unknown } | undefined
  const day = (dayOfTheWeek: string, time: string): Window => ({ dayOfTheWeek, time })
  const windows =
    (...list: readonly (Window | 'no window')[]) =>
    (file: Sample) => {
      const gateways = [...file.wireguardGateways, ...file.ipsecGateways]
      list.forEach((maintenanceWindow, index) => {
        gateways[index].tier = 'STANDARD_HA'
        if (maintenanceWindow !== 'no window') gateways[index].maintenanceWindow = maintenanceWindow
      })
    }
  const overlap = async (bend: (file: Sample) => unknown): Promise<boolean> =>
    (await found('VPN349', bend)).length > 0

  it('are reported where all hold one moment', async () => {
    const bend = windows(day('Sunday', '23:00:00'), day('Monday', '01:30:00'), day('Monday', '02:59:59'))
    expect(await found('VPN349', bend)).toEqual([
      'warning VPN349 at dayOfTheWeek: Monday: the maintenance windows of all 3 highly available gateways overlap',
      '  do: move one of them: a window lasts four hours',
      '  see dayOfTheWeek: Sunday: at the same time',
    ])
  })

  it.each([
    ['Monday', '03:00:00', 'Monday', '06:59:59', true],
    ['Monday', '03:00:00', 'Monday', '07:00:00', false],
    ['Monday', '03:00:00', 'Tuesday', '03:00:00', false],
    ['Monday', '03:59:30', 'Monday', '07:59:29', true],
    ['Monday', '03:59:30', 'Monday', '07:59:30', false],
    ['Monday', '03:30:00', 'Monday', '07:29:59', true],
    ['Monday', '03:30:00', 'Monday', '07:30:00', false],
    ['Monday', '17:45:00', 'Monday', '18:45:00', true],
    ['Monday', '03', 'Monday', '06:59', true],
    ['Sunday', '01:00:00', 'Saturday', '22:00:00', true],
    ['Saturday', '22:00:00', 'Sunday', '01:00:00', true],
    ['Sunday', '01:00:00', 'Saturday', '21:00:00', false],
    ['Wednesday', '23:00:00', 'Thursday', '00:30:00', true],
    ['Sunday', '00:00:00', 'Wednesday', '12:00:00', false],
    ['Funday', '03:00:00', 'Funday', '03:00:00', false],
    ['Monday', '03:00:00', 'Funday', '03:00:00', false],
  ])('of %s %s and %s %s: %s', async (dayA, timeA, dayB, timeB, expected) => {
    expect(await overlap(windows(day(dayA, timeA), day(dayB, timeB)))).toBe(expected)
  })

  it.each([
    ['one is chosen by the service', windows(day('Monday', '03:00:00'), 'no window')],
    ['the first is chosen by the service', windows('no window', day('Monday', '03:00:00'))],
    ['one is not a window', windows(day('Monday', '03:00:00'), 'TODO' as never)],
    ['one has no time', windows(day('Monday', '03:00:00'), { dayOfTheWeek: 'Monday' })],
    ['there is one only', windows(day('Monday', '03:00:00'))],
  ])('are not where %s', async (_why, bend) => {
    expect(await overlap(bend)).toBe(false)
  })

  it('are those of gateways that are to be there and highly available', async () => {
    const both = windows(day('Monday', '03:00:00'), day('Monday', '03:00:00'))
    const leaving = (file: Sample) => {
      both(file)
      Object.assign(file.wireguardGateways[1], { ensure: 'absent', id: OTHER_DATACENTER, peers: [] })
    }
    expect(await overlap(leaving)).toBe(false)
    const standard = (file: Sample) => {
      both(file)
      file.wireguardGateways[1].tier = 'STANDARD'
    }
    expect(await overlap(standard)).toBe(false)
    // What else has a tier and a window is not a gateway.
    const peers = (file: Sample) => {
      for (const each of file.wireguardGateways[0].peers) {
        each.tier = 'STANDARD_HA'
        each.maintenanceWindow = day('Monday', '03:00:00')
      }
    }
    expect(await overlap(peers)).toBe(false)
  })
})
