import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { renderWgQuick } from '../../src/peer-config/wg-quick.ts'
import {
  faultsOf,
  GATEWAY_PUBLIC_KEY,
  PEER_PRIVATE_KEY,
  PEER_PUBLIC_KEY,
  peerInput,
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
AllowedIPs = 10.99.0.0/24, 192.168.1.0/24, 2001:db8:1::/64
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
    expect(faultsOf(renderWgQuick({ ...input, child }))).toEqual([expect.stringContaining('--address')])
    expect(textOf(renderWgQuick({ ...input, child, options: { addresses: ['10.99.0.9'] } }))).toContain(
      'Address = 10.99.0.9/32\n',
    )
  })

  it("refuses another one's private key without quoting it", () => {
    const other = Buffer.alloc(32, 3).toString('base64')
    const faults = faultsOf(renderWgQuick({ ...input, secret: new Secret(other) }))
    expect(faults).toEqual([expect.stringMatching(/another one's.*the peer's is/)])
    expect(faults.join()).not.toContain(other)
  })

  it('tells everything that is missing at once', () => {
    const { publicKey: _, ...gateway } = input.gateway
    const faults = faultsOf(
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
    expect(faults).toHaveLength(9)
    expect(faults.join('\n').split('\n')).toHaveLength(9)
  })

  it('keeps a hostile name from becoming a line of configuration', () => {
    const name = 'x\nPostUp = touch /tmp/pwned\r\u2028[Peer]'
    const text = textOf(renderWgQuick({ ...input, child: { ...input.child, name } }))
    expect(text.split(/[\n\r\u2028]/)[0]).toBe(
      '# Peer "x\\u{a}PostUp = touch /tmp/pwned\\u{d}\\u{2028}[Peer]" of WireGuard gateway "hq"',
    )
    expect(text).not.toMatch(/^PostUp/m)
  })

  it.runIf(existsSync('/usr/bin/wg-quick') && existsSync('/usr/bin/wg'))('is read by wg-quick itself', () => {
    const folder = mkdtempSync(join(tmpdir(), 'far-end-'))
    try {
      const file = join(folder, 'wg0.conf')
      const options = { dns: ['10.99.0.53'], keepaliveSeconds: 25, mtu: 1380 }
      const text = textOf(renderWgQuick({ ...input, options, secret: new Secret(PEER_PRIVATE_KEY) }))
      writeFileSync(file, text, { mode: 0o600 })
      const stripped = execFileSync('wg-quick', ['strip', file], { encoding: 'utf8' })
      // strip takes out what is wg-quick's and leaves what it does not know for wg to refuse.
      expect(stripped.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
        '[Interface]',
        `PrivateKey = ${PEER_PRIVATE_KEY}`,
        '[Peer]',
        `PublicKey = ${GATEWAY_PUBLIC_KEY}`,
        'Endpoint = 203.0.113.10:51820',
        'AllowedIPs = 10.99.0.0/24, 192.168.1.0/24, 2001:db8:1::/64',
        'PersistentKeepalive = 25',
      ])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
