import { describe, expect, test } from 'vitest'
import {
  address,
  type Canonical,
  digits,
  emptyIsAbsent,
  host,
  integer,
  interfaceAddress,
  interfaceAddress6,
  network,
  objectOf,
  objectWith,
  optionalText,
  publicKey,
  setOf,
  specOf,
  timeOfDay,
  uuid,
} from '../../src/kinds/canonical.ts'
import type { Plain } from '../../src/model/json.ts'

type Row = readonly [what: string, form: Canonical, written: Plain, canonical: Plain | undefined]

const ROWS: readonly Row[] = [
  ['text', optionalText, 'x', 'x'],
  ['text without a character', optionalText, '', undefined],
  ['text of spaces', optionalText, ' ', ' '],
  ['an object without members', emptyIsAbsent, {}, undefined],
  ['an object of nulls', emptyIsAbsent, { a: null }, undefined],
  ['an object that says something', emptyIsAbsent, { a: null, b: 0 }, { a: null, b: 0 }],
  ['a list where an object belongs', emptyIsAbsent, [], []],
  ['an address', address, ' 2001:DB8::1 ', '2001:db8::1'],
  ['an address that is none', address, ' TODO ', 'TODO'],
  ['an address of spaces', address, '  ', undefined],
  ['an address that is a number', address, 7, 7],
  ['an interface address', interfaceAddress, '::ffff:10.0.0.1/120', '10.0.0.1/24'],
  ['an interface address that is none', interfaceAddress, 'TODO', 'TODO'],
  ['an IPv6 interface address', interfaceAddress6, '::ffff:10.0.0.1/120', '::ffff:a00:1/120'],
  ['an IPv6 interface address that is none', interfaceAddress6, 'TODO', 'TODO'],
  ['a network', network, '10.0.0.9/24', '10.0.0.0/24'],
  ['a network that is none', network, 'TODO', 'TODO'],
  ['a host name', host, 'VPN.Example.COM.', 'vpn.example.com'],
  ['a host that is an address', host, '2001:DB8:0::1', '2001:db8::1'],
  ['an international host name', host, 'BÜCHER.example', 'xn--bcher-kva.example'],
  ['a host that is not a name', host, 'ü ', 'xn--tda'],
  ['a host that only looks international', host, 'ä..B', 'xn--4ca..b'],
  ['a host name that ends in two dots', host, 'a..', 'a..'],
  ['a host that is a dot', host, '.', '.'],
  ['a UUID', uuid, 'ABCDEF00-0000-4000-8000-000000000000', 'abcdef00-0000-4000-8000-000000000000'],
  ['digits as a number', digits, 2, '2'],
  ['digits with zeros in front', digits, '007', '7'],
  ['digits of zeros', digits, '000', '0'],
  ['digits between spaces', digits, ' 12 ', '12'],
  ['digits with a sign', digits, '-1', '-1'],
  ['digits with a letter behind', digits, '1a', '1a'],
  ['digits with zeros in front and a letter behind', digits, '01a', '01a'],
  ['digits with zeros and a letter in front', digits, '00a1', '00a1'],
  ['digits with zeros within', digits, '1002', '1002'],
  ['a fraction where digits belong', digits, 1.5, 1.5],
  ['nothing where digits belong', digits, '', ''],
  ['true where digits belong', digits, true, true],
  ['a whole number as text', integer, ' 51820 ', 51820],
  ['a whole number', integer, 51820, 51820],
  ['a number too long to be exact', integer, '1234567890', '1234567890'],
  ['a number with a letter behind', integer, '1x', '1x'],
  ['a number with a letter in front', integer, 'x1', 'x1'],
  ['a number that is none', integer, '', ''],
  ['a number with a sign', integer, '-1', '-1'],
  ['a time', timeOfDay, '9:5:0', '09:05:00'],
  ['a time with a full hour', timeOfDay, '23:5:0', '23:05:00'],
  ['a time with full minutes', timeOfDay, '9:15:0', '09:15:00'],
  ['a time with full seconds', timeOfDay, '9:5:10', '09:05:10'],
  ['a time in full', timeOfDay, '23:15:10', '23:15:10'],
  ['a time with a zone', timeOfDay, '9:5:0Z', '9:5:0Z'],
  ['a time behind a date', timeOfDay, 'T9:5:0', 'T9:5:0'],
  ['a time of three digits', timeOfDay, '009:5:0', '009:5:0'],
  ['minutes of three digits', timeOfDay, '9:005:0', '9:005:0'],
  ['a public key that is none', publicKey, 'TODO', 'TODO'],
]

describe('the one canonical form', () => {
  test.for(ROWS)('of %s', ([, form, written, canonical]) => {
    expect(form(written)).toEqual(canonical)
  })
})

describe('a set', () => {
  const networks = setOf(network)

  test('is sorted, without repetitions, and without what says nothing', () => {
    expect(networks(['10.0.1.0/24', '10.0.0.9/24', null, ' ', '10.0.0.0/24'])).toEqual([
      '10.0.0.0/24',
      '10.0.1.0/24',
    ])
  })

  test('of one member has that member in its canonical form, or none', () => {
    expect(networks(['10.0.0.9/24'])).toEqual(['10.0.0.0/24'])
    expect(networks([null])).toEqual([])
    expect(networks([' '])).toEqual([])
    expect(networks([])).toEqual([])
  })

  test('of objects is sorted by what they say, whatever the order of their members', () => {
    const lans = setOf(objectOf({ lanId: digits }))
    expect(
      lans([
        { lanId: 2, a: 1 },
        { a: 1, lanId: '2' },
        { lanId: '1', a: 1 },
      ]),
    ).toEqual([
      { lanId: '1', a: 1 },
      { lanId: '2', a: 1 },
    ])
  })

  test('that is not a list is left as it is', () => {
    expect(networks('10.0.0.0/24')).toBe('10.0.0.0/24')
  })
})

describe('an object', () => {
  test('has its defaults where it says nothing, and keeps what we do not know', () => {
    const form = objectOf({ port: integer, name: optionalText }, { port: 51820, kind: 'x' })
    expect(form({ port: null, name: '', mtu: 1400 })).toEqual({ port: 51820, kind: 'x', mtu: 1400 })
    expect(form({ port: '7', kind: 'y' })).toEqual({ port: 7, kind: 'y' })
    expect(form('text')).toBe('text')
    expect(form([])).toEqual([])
  })

  test('keeps a member named like something of every object', () => {
    const unexpected = JSON.parse('{"__proto__": {"a": 1}, "constructor": "x"}') as Plain
    const kept = objectOf({})(unexpected)
    expect(JSON.stringify(kept)).toBe('{"__proto__":{"a":1},"constructor":"x"}')
    expect(Object.getPrototypeOf(kept)).toBe(Object.prototype)
  })

  test('says nothing without the member that matters, unless it has one that we do not know', () => {
    const form = objectWith('host', { host, port: integer }, { port: 51820 })
    expect(form({ port: 4500 })).toBeUndefined()
    expect(form({})).toBeUndefined()
    expect(form({ host: null, port: 4500 })).toBeUndefined()
    expect(form({ host: 'A.example' })).toEqual({ host: 'a.example', port: 51820 })
    expect(form({ port: '4500', mtu: 1400 })).toEqual({ port: 4500, mtu: 1400 })
    expect(form('text')).toBe('text')
  })

  test('that every resource has keeps its defaults where a read leaves it out', () => {
    const form = specOf({ ike: objectOf({}, { lifetime: 1 }) }, { ike: { lifetime: 1 } })
    expect(form({})).toEqual({ ike: { lifetime: 1 } })
    expect(form({ ike: null, name: 'x' })).toEqual({ ike: { lifetime: 1 }, name: 'x' })
    expect(form({ ike: { lifetime: 2 } })).toEqual({ ike: { lifetime: 2 } })
  })
})
