import { describe, expect, it } from 'vitest'
import { jsonSheet, sheet } from '../../src/peer-config/sheet.ts'
import { problemsOf, textOf, tunnelInput } from './fixtures.ts'

const input = tunnelInput()

describe("a tunnel's parameter sheet", () => {
  it('says every parameter in words, as a table', () => {
    const text = textOf(sheet.render(input))
    expect(text).toContain('# Tunnel berlin to gateway branch\n')
    expect(text).toContain('| Address of the cloud gateway | 203.0.113.11 |')
    expect(text).toContain('| Own identity | vpn.berlin.example.com |')
    expect(text).toContain('| Phase 1 (IKE): encryption | AES256-GCM-16 |')
    expect(text).toContain('| Phase 1 (IKE): PRF | SHA256 |')
    expect(text).not.toContain('Phase 1 (IKE): integrity')
    expect(text).toContain('| Phase 2 (ESP): integrity | SHA512 |')
    expect(text).toContain('| Phase 2 (ESP): Diffie-Hellman group | 16-MODP4096 |')
    expect(text).toContain('| Own networks | 10.20.0.0/16<br>2001:db8:20::/48 |')
    expect(text).toContain('| Networks of the cloud | 192.168.1.0/24 |')
  })

  it('is the same as JSON, by stable keys', () => {
    const { format, version, parameters } = JSON.parse(textOf(jsonSheet.render(input)))
    expect([format, version]).toEqual(['vpnctl/sheet', 1])
    const values = Object.fromEntries(
      parameters.map(({ key, value }: { key: string; value: unknown }) => [key, value]),
    )
    expect(values).toMatchObject({
      peerAddress: '203.0.113.11',
      ikeVersion: 'IKEv2',
      localIdentity: 'vpn.berlin.example.com',
      remoteIdentity: '203.0.113.11',
      'ike.lifetimeSeconds': 86400,
      'esp.lifetimeSeconds': 3600,
      localNetworks: ['10.20.0.0/16', '2001:db8:20::/48'],
    })
  })

  it('keeps a hostile name inside its heading', () => {
    const text = textOf(sheet.render({ ...input, child: { ...input.child, name: 'x\n| <b> |' } }))
    expect(text.split('\n')[0]).toBe('# Tunnel x &#124; &#60;b&#62; &#124; to gateway branch')
  })

  it('needs what the service chose, and says so', () => {
    const spec = { ...input.child.spec, esp: { lifetime: 3600 } }
    const child = { name: 'berlin', spec }
    expect(sheet.lacks({ ...input, child })).toBe(true)
    expect(problemsOf(sheet.render({ ...input, child }))).toContain('Phase 2 (ESP): encryption is not known')
  })
})
