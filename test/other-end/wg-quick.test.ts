import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { renderWgQuick } from '../../src/peer-config/wg-quick.ts'
import {
  GATEWAY_PUBLIC_KEY,
  PEER_PRIVATE_KEY,
  PEER_PUBLIC_KEY,
  peerInput,
  problemsOf,
  textOf,
} from './fixtures.ts'

const input = peerInput()

describe("a peer's wg-quick configuration", () => {
  it('reaches the tunnel and the LANs through the gateway', () => {
    expect(textOf(renderWgQuick({ ...input, secret: new Secret(`${PEER_PRIVATE_KEY}\n`) }))).toBe(
      `# Peer "anna-laptop" of WireGuard gateway "hq"
[Interface]
PrivateKey = ${PEER_PRIVATE_KEY}
Address = 10.99.0.2/32

[Peer]
PublicKey = ${GATEWAY_PUBLIC_KEY}
Endpoint = 203.0.113.10:51820
AllowedIPs = 10.99.0.0/24, 192.168.1.0/24
`,
    )
  })

  it('has a commented placeholder where the private key is not given', () => {
    expect(textOf(renderWgQuick(input))).toContain(
      `[Interface]\n# PrivateKey = the private key that belongs to ${PEER_PUBLIC_KEY}\n`,
    )
  })

  it('cannot be joined by accident while the private key is in it', () => {
    const rendered = renderWgQuick({ ...input, secret: new Secret(PEER_PRIVATE_KEY) })
    expect(rendered.type === 'text' && (() => rendered.parts.join(''))).toThrow(/secret/)
  })

  it('takes resolvers, keepalive, MTU, address and networks from the options', () => {
    const options = {
      dns: ['10.99.0.53', 'corp.example.com'],
      keepaliveSeconds: 25,
      mtu: 1380,
      addresses: ['10.99.0.77'],
      allowedIPs: ['0.0.0.0/0', '::/0'],
    }
    const text = textOf(renderWgQuick({ ...input, options }))
    expect(text).toContain('Address = 10.99.0.77/32\nDNS = 10.99.0.53, corp.example.com\nMTU = 1380\n')
    expect(text).toContain('AllowedIPs = 0.0.0.0/0, ::/0\nPersistentKeepalive = 25\n')
  })

  it('listens on the port that the gateway dials, and names the networks behind the peer', () => {
    const spec = {
      publicKey: PEER_PUBLIC_KEY,
      allowedIPs: ['10.99.0.3/32', '192.168.50.0/24'],
      endpoint: { host: '198.51.100.20', port: 51999 },
    }
    const text = textOf(renderWgQuick({ ...input, child: { name: 'site', spec } }))
    expect(text).toContain('ListenPort = 51999\n')
    expect(text).toContain('# Networks behind this peer, which it has to forward: 192.168.50.0/24\n')
    expect(text).toContain('Address = 10.99.0.3/32\n')
  })

  it('says which address it took when the peer has a range of the tunnel', () => {
    const spec = { publicKey: PEER_PUBLIC_KEY, allowedIPs: ['10.99.0.0/30'] }
    const rendered = renderWgQuick({ ...input, child: { name: 'range', spec } })
    expect(textOf(rendered)).toContain('Address = 10.99.0.2/32\n')
    expect(rendered.type === 'text' && rendered.notes).toEqual([
      '10.99.0.0/30 is a range, not an address: 10.99.0.2/32 was taken (--address to choose another)',
    ])
  })

  it.each([
    ['192.168.50.0/24'],
    ['10.99.0.0/24'],
    ['0.0.0.0/0'],
  ])('asks for the address when allowedIPs is only %s', (network) => {
    const child = { name: 'site', spec: { publicKey: PEER_PUBLIC_KEY, allowedIPs: [network] } }
    expect(problemsOf(renderWgQuick({ ...input, child }))).toEqual([expect.stringContaining('--address')])
    expect(textOf(renderWgQuick({ ...input, child, options: { addresses: ['10.99.0.9'] } }))).toContain(
      'Address = 10.99.0.9/32\n',
    )
  })

  it("refuses another one's private key without quoting it", () => {
    const other = Buffer.alloc(32, 3).toString('base64')
    const problems = problemsOf(renderWgQuick({ ...input, secret: new Secret(other) }))
    expect(problems).toEqual([expect.stringMatching(/another one's.*the peer's is/)])
    expect(problems.join()).not.toContain(other)
  })

  it('shows everything that is missing at once', () => {
    const { publicKey: _, ...gateway } = input.gateway
    const problems = problemsOf(
      renderWgQuick({
        gateway: { ...gateway, spec: { ...gateway.spec, listenPort: 0 } },
        child: { name: 'x', spec: { publicKey: 'no key', allowedIPs: ['not a network'] } },
        secret: new Secret('no key'),
        options: {
          dns: ['a b\nPostUp = touch /tmp/x'],
          mtu: 12,
          keepaliveSeconds: 1.5,
          addresses: ['nowhere'],
        },
      }),
    )
    expect(problems).toHaveLength(9)
    expect(problems.join('\n').split('\n')).toHaveLength(9)
  })

  it('keeps a hostile name from becoming a line of configuration', () => {
    const name = 'x\nPostUp = touch /tmp/pwned\r\u2028[Peer]'
    const text = textOf(renderWgQuick({ ...input, child: { ...input.child, name } }))
    expect(text.split(/[\n\r\u2028]/)[0]).toBe(
      '# Peer "x\\u{a}PostUp = touch /tmp/pwned\\u{d}\\u{2028}[Peer]" of WireGuard gateway "hq"',
    )
    expect(text).not.toMatch(/^PostUp/m)
  })

  it("has no networks of a family that the peer's addresses are not of", () => {
    const six = { publicKey: PEER_PUBLIC_KEY, allowedIPs: ['2001:db8:99::2/128', '10.99.0.2/32'] }
    const gateway = {
      ...input.gateway,
      spec: { ...input.gateway.spec, interfaceIPv6CIDR: '2001:db8:99::1/64' },
    }
    const dual = textOf(renderWgQuick({ ...input, gateway, child: { name: 'dual', spec: six } }))
    expect(dual).toContain('AllowedIPs = 10.99.0.0/24, 2001:db8:99::/64, 192.168.1.0/24, 2001:db8:1::/64\n')
    const four = textOf(renderWgQuick({ ...input, gateway }))
    expect(four).toContain('AllowedIPs = 10.99.0.0/24, 192.168.1.0/24\n')
    const only = { publicKey: PEER_PUBLIC_KEY, allowedIPs: ['2001:db8:99::2/128'] }
    const last = textOf(renderWgQuick({ ...input, gateway, child: { name: 'six', spec: only } }))
    expect(last).toContain('AllowedIPs = 2001:db8:99::/64, 2001:db8:1::/64\n')
  })

  const siblings = [
    { name: 'berlin', spec: { allowedIPs: ['10.99.0.3/32', '10.20.0.0/16', '2001:db8:20::/48'] } },
    { name: 'exit', spec: { allowedIPs: ['10.99.0.4/32', '0.0.0.0/0'] } },
  ]

  it('names what is behind other peers in a comment, and routes it with --via-hub', () => {
    const plain = textOf(renderWgQuick({ ...input, siblings }))
    expect(plain).toContain(
      '# Behind other peers of the gateway, reached with --via-hub: 10.20.0.0/16\n[Peer]',
    )
    expect(plain).toContain('AllowedIPs = 10.99.0.0/24, 192.168.1.0/24\n')
    const hub = textOf(renderWgQuick({ ...input, siblings, options: { viaHub: true } }))
    expect(hub).not.toContain('--via-hub')
    expect(hub).toContain('AllowedIPs = 10.99.0.0/24, 192.168.1.0/24, 10.20.0.0/16\n')
  })

  it.each([
    [['203.0.113.0/24'], '203.0.113.0/24'],
    [['0.0.0.0/1', '128.0.0.0/1'], '128.0.0.0/1'],
    [['0.0.0.0/0'], undefined],
    [['203.0.112.0/24'], undefined],
  ])('with --allowed-ips %s warns of the endpoint inside: %s', (allowedIPs, loop) => {
    const rendered = renderWgQuick({ ...input, options: { allowedIPs } })
    expect(rendered.type === 'text' && rendered.notes).toEqual(
      loop === undefined ? [] : [expect.stringContaining(`${loop} contains the endpoint 203.0.113.10`)],
    )
  })

  it.each([
    ['10.99.0.0/28', ['10.99.0.2/32', '10.99.0.3/32'], '10.99.0.4/32'],
    ['10.99.0.0/28', ['10.99.0.0/29'], '10.99.0.8/32'],
    ['10.99.0.254/31', [], '10.99.0.254/32'],
    ['10.99.0.254/31', ['10.99.0.254/32'], undefined],
    ['10.99.0.8/30', ['10.99.0.8/30'], '10.99.0.9/32'],
  ])('of the range %s next to %j takes %s', (range, others, address) => {
    const child = { name: 'range', spec: { publicKey: PEER_PUBLIC_KEY, allowedIPs: [range] } }
    const rendered = renderWgQuick({
      ...input,
      child,
      siblings: others.map((network) => ({ name: 'x', spec: { allowedIPs: [network] } })),
    })
    if (address === undefined) expect(problemsOf(rendered)).toEqual([expect.stringContaining('--address')])
    else expect(textOf(rendered)).toContain(`Address = ${address}\n`)
  })

  it('takes the first single address where the interface has one address only', () => {
    const gateway = {
      ...input.gateway,
      spec: { ...input.gateway.spec, interfaceIPv4CIDR: '172.16.0.1/32' },
    }
    const allowedIPs = ['172.16.0.2/32', '10.20.0.5/32', '10.20.0.0/16']
    const child = { name: 'anna', spec: { publicKey: PEER_PUBLIC_KEY, allowedIPs } }
    const text = textOf(renderWgQuick({ ...input, gateway, child }))
    expect(text).toContain('Address = 172.16.0.2/32\n')
    expect(text).toContain('which it has to forward: 10.20.0.5/32, 10.20.0.0/16\n')
    expect(text).toContain('AllowedIPs = 172.16.0.1/32, 192.168.1.0/24\n')
  })
})
