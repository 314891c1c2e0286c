import { describe, expect, test } from 'vitest'
import { hostProblem } from '../../src/kinds/host-form.ts'

const label = (length: number): string => 'a'.repeat(length)
const longName = (length: number): string =>
  `${Array.from({ length: 4 }, () => label(60)).join('.')}.${label(length - 244)}`

describe('a host', () => {
  test.for([
    'vpn.example.com',
    'vpn.example.com.',
    ' vpn.example.com ',
    '198.51.100.7',
    'a-b.example',
    'bücher.example',
    'BÜCHER.EXAMPLE',
    '1.example',
    'a.1b',
    'a.b1',
    `${label(63)}.example`,
    longName(253),
  ])('is %j', (text) => {
    expect(hostProblem(text)).toBeUndefined()
  })

  test.for([
    ['', 'is empty'],
    ['  ', 'is empty'],
    ['https://vpn.example.com/x', 'is a URL', 'write vpn.example.com'],
    ['HTTPS://vpn.example.com', 'is a URL', 'write vpn.example.com'],
    ['a1+.-://x', 'is a URL', 'write x'],
    ['https://', 'is a URL', 'write a host name'],
    ['https://a b', 'is a URL', 'write a host name'],
    ['1a://x', 'has a path', 'write 1a:'],
    ['vpn example', 'is more than one word', 'one host only'],
    ['vpn,example', 'is more than one word'],
    ['vpn;example', 'is more than one word'],
    ['admin@vpn.example.com', 'has "@" in it'],
    ['vpn.example.com:51820', 'has a port', 'write vpn.example.com'],
    ['198.51.100.7:51820', 'has a port', 'write 198.51.100.7'],
    ['vpn.example.com/x', 'has a path', 'write vpn.example.com'],
    ['198.51.100.7/32', 'has a prefix length', 'write 198.51.100.7:'],
    ['300.1.1.1', 'looks like an IPv4 address'],
    ['vpn.12', 'looks like an IPv4 address'],
    ['vpn..example', 'two dots'],
    ['.example', 'two dots'],
    ['vpn.example..', 'two dots'],
    ['.', 'two dots'],
    [longName(254), 'is longer than the 253 characters'],
    [`${label(64)}.example`, 'more than 63 characters'],
    ['vpn*.example', 'has "*" in it'],
    ['vpn:x', 'has ":" in it'],
    ['51820:', 'has ":" in it'],
    [':51820', 'has ":" in it'],
    ['a:1x', 'has ":" in it'],
    ['a:b:5', 'has ":" in it'],
    ['-vpn.example', 'starts or ends with -'],
    ['vpn-.example', 'starts or ends with -'],
    ['a.-b', 'starts or ends with -'],
    ['ä\u0000', 'is not a host name'],
  ] as const)('is not %j: it %s', ([text, message, hint]) => {
    expect(hostProblem(text)).toMatchObject({ type: 'none', message: expect.stringContaining(message) })
    if (hint !== undefined) expect(hostProblem(text)?.hint).toContain(hint)
  })

  test('that is an IPv6 address is not taken, with brackets, port or zone', () => {
    for (const text of ['2001:db8::1', '[2001:db8::1]', '[2001:db8::1]:51820', 'fe80::1%eth0']) {
      expect(hostProblem(text)?.type).toBe('ipv6')
    }
    for (const text of ['[198.51.100.7]', 'x[2001:db8::1]', '[2001:db8::1]x', '[2001:db8::1]:5x']) {
      expect(hostProblem(text)?.type).toBe('none')
    }
  })

  test('is doubtful with an underscore or without a domain', () => {
    expect(hostProblem('vpn_1.example')).toMatchObject({ type: 'doubtful', message: 'has _ in it' })
    expect(hostProblem('vpn')).toMatchObject({
      type: 'doubtful',
      message: 'has no domain',
      hint: expect.stringContaining('vpn.example.com'),
    })
  })

  test('with a port behind it shows both apart', () => {
    expect(hostProblem('vpn.example.com:51820')?.port).toEqual({ host: 'vpn.example.com', number: '51820' })
  })
})
