import { describe, expect, test } from 'vitest'
import {
  contains,
  type IpRange,
  overlaps,
  parseIp,
  rangeName,
  shortestAddress,
  shortestInterface,
  shortestNetwork,
} from '../../src/kinds/ip.ts'

const range = (text: string): IpRange => {
  const found = parseIp(text)
  if (found === undefined) throw new Error(`no range: ${text}`)
  return found
}

describe('a range of addresses', () => {
  test('has its family, prefix, first and last address, and keeps host bits', () => {
    expect(range('192.0.2.9/24')).toEqual({
      family: 4,
      prefix: 24,
      first: 0xc0000200n,
      last: 0xc00002ffn,
      address: 0xc0000209n,
    })
    expect(range('192.0.2.9')).toMatchObject({ prefix: 32, first: 0xc0000209n, last: 0xc0000209n })
    expect(range('0.0.0.0/0')).toMatchObject({ prefix: 0, first: 0n, last: 0xffffffffn })
    expect(range(' 2001:db8::1/127 ')).toEqual({
      family: 6,
      prefix: 127,
      first: 0x20010db8000000000000000000000000n,
      last: 0x20010db8000000000000000000000001n,
      address: 0x20010db8000000000000000000000001n,
    })
  })

  test.for([
    '',
    '192.0.2.1/33',
    '2001:db8::/129',
    '192.0.2.1/',
    '192.0.2.1/x',
    '192.0.2.1/1x',
    '192.0.2.1/x1',
    '192.0.2.1/0024',
    '192.0.2.1/24/24',
    '192.0.2',
    '192.0.2.01',
    '192.0.2.256',
    'fe80::1%eth0',
    '::1::',
    'abcd',
    'vpn.example.com',
  ])('is not read from %j', (text) => {
    expect(parseIp(text)).toBeUndefined()
  })

  test('overlaps with what shares an address, of its own family only', () => {
    const net = range('192.0.2.0/25')
    expect(overlaps(net, range('192.0.2.127'))).toBe(true)
    expect(overlaps(range('192.0.2.127'), net)).toBe(true)
    expect(overlaps(net, range('192.0.2.128'))).toBe(false)
    expect(overlaps(range('192.0.2.128'), net)).toBe(false)
    expect(overlaps(net, range('192.0.2.0'))).toBe(true)
    expect(overlaps(range('192.0.2.0'), net)).toBe(true)
    expect(overlaps(range('0.0.0.0/0'), range('::/0'))).toBe(false)
  })

  test('contains what lies wholly in it, itself among that', () => {
    const net = range('192.0.2.0/25')
    expect(contains(net, net)).toBe(true)
    expect(contains(net, range('192.0.2.64/26'))).toBe(true)
    expect(contains(net, range('192.0.2.0/24'))).toBe(false)
    expect(contains(range('192.0.2.128/25'), range('192.0.2.0/24'))).toBe(false)
    expect(contains(range('::/0'), range('192.0.2.1'))).toBe(false)
  })
})

describe('the shortest form', () => {
  test('of an address', () => {
    expect(shortestAddress('192.0.2.1')).toBe('192.0.2.1')
    expect(shortestAddress('2001:0DB8:0:0:0:0:0:1')).toBe('2001:db8::1')
    expect(shortestAddress('::FFFF:192.0.2.1')).toBe('192.0.2.1')
    expect(shortestAddress('::fffe:192.0.2.1')).toBe('::fffe:c000:201')
    expect(shortestAddress('1::ffff:192.0.2.1')).toBe('1::ffff:c000:201')
    for (const text of ['192.0.2.1/32', '2001:db8::1/128', 'vpn.example.com', ''])
      expect(shortestAddress(text)).toBeUndefined()
  })

  test('of a network has no host bits, and a prefix', () => {
    expect(shortestNetwork('192.0.2.9/24')).toBe('192.0.2.0/24')
    expect(shortestNetwork('192.0.2.9/32')).toBe('192.0.2.9/32')
    expect(shortestNetwork('192.0.2.9')).toBe('192.0.2.9/32')
    expect(shortestNetwork('2001:DB8::9/64')).toBe('2001:db8::/64')
    expect(shortestNetwork('2001:DB8::9')).toBe('2001:db8::9/128')
    for (const text of ['x.x.x.x/32', '192.0.2/32', '192.0.2.9/033', '999.0.2.9/32'])
      expect(shortestNetwork(text)).toBeUndefined()
  })

  test('of a mapped network is IPv4 from /96 on, where it is wholly one', () => {
    expect(shortestNetwork('::ffff:192.0.2.9/120')).toBe('192.0.2.0/24')
    expect(shortestNetwork('::ffff:0:0/96')).toBe('0.0.0.0/0')
    expect(shortestNetwork('::ffff:0:0/95')).toBe('::fffe:0:0/95')
  })

  test('of an interface keeps host bits, and a mapped one where only IPv6 fits', () => {
    expect(shortestInterface('10.99.0.1/24')).toBe('10.99.0.1/24')
    expect(shortestInterface('10.99.0.1/32')).toBe('10.99.0.1/32')
    expect(shortestInterface('10.99.0.1')).toBe('10.99.0.1/32')
    expect(shortestInterface('2001:DB8:0::1/64')).toBe('2001:db8::1/64')
    expect(shortestInterface('::ffff:10.99.0.1/120')).toBe('10.99.0.1/24')
    expect(shortestInterface('::FFFF:10.99.0.1/120', 'keep-mapped')).toBe('::ffff:a63:1/120')
    expect(shortestInterface('10.99.0.1/240')).toBeUndefined()
  })
})

test('the name of a range is the registries’, and none where there is no address', () => {
  expect(rangeName('10.0.0.1')).toBe('private')
  expect(rangeName('::1')).toBe('loopback')
  expect(rangeName('vpn.example.com')).toBeUndefined()
})
