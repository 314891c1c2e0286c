import { describe, expect, it } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { proposalOf } from '../../src/peer-config/proposals.ts'
import { renderSwanctl } from '../../src/peer-config/swanctl.ts'
import { phase, problemsOf, textOf, tunnelInput } from './fixtures.ts'

const input = tunnelInput()

describe("a tunnel's swanctl.conf", () => {
  it('is the mirror of the tunnel: networks swapped, ids and proposals the same', () => {
    expect(textOf(renderSwanctl(input))).toBe(`# The other end of IPSec tunnel "berlin" of gateway "branch"
# For strongSwan 5.9.6 or later; for an older one: --start start
connections {
  branch-berlin-73b39c {
    version = 2
    # Any local address: the site may sit behind NAT.
    local_addrs = %any
    remote_addrs = 203.0.113.11
    proposals = aes256gcm16-prfsha256-ecp256
    rekey_time = 77760s
    over_time = 8640s
    dpd_delay = 30s
    # Try for ever; a new connection replaces the one before.
    keyingtries = 0
    unique = replace
    local {
      auth = psk
      id = vpn.berlin.example.com
    }
    remote {
      auth = psk
      id = 203.0.113.11
    }
    children {
      branch-berlin-73b39c {
        local_ts = 10.20.0.0/16, 2001:db8:20::/48
        remote_ts = 192.168.1.0/24
        esp_proposals = aes256-sha512-modp4096
        rekey_time = 3240s
        life_time = 3600s
        start_action = trap|start
        close_action = start
        dpd_action = restart
      }
    }
  }
}
secrets {
  ike-branch-berlin-73b39c {
    id-1 = 203.0.113.11
    id-2 = vpn.berlin.example.com
    # secret = "the pre-shared key of the tunnel"
  }
}
`)
  })

  it('writes the key in base64, since strongSwan reads 0x and 0s as numbers and a quote as the end', () => {
    const secret = new Secret('0x"}#throw-away\n')
    expect(textOf(renderSwanctl({ ...input, secret }))).toContain(
      `    secret = 0s${Buffer.from('0x"}#throw-away').toString('base64')}\n`,
    )
  })

  it('cannot be joined by accident while the key is in it', () => {
    const rendered = renderSwanctl({ ...input, secret: new Secret('throw-away') })
    expect(rendered.type === 'text' && (() => rendered.parts.join(''))).toThrow(/secret/)
  })

  it('leaves integrity out of an ESP proposal whose cipher authenticates by itself', () => {
    expect(proposalOf({ esp: phase('AES128-CCM-12', 'SHA256', '28-ECP256BP', 1) }, 'esp')).toEqual({
      type: 'proposal',
      text: 'aes128ccm12-ecp256bp',
    })
  })

  it('needs the cipher and the group that the service chose, and says so for each', () => {
    const spec = {
      ...input.child.spec,
      ike: { lifetime: 86400 },
      esp: { encryptionAlgorithm: 'AES256-GCM-16' },
    }
    expect(problemsOf(renderSwanctl({ ...input, child: { name: 'berlin', spec } }))).toEqual([
      'ike.encryptionAlgorithm is left to the service, and what it chose is not known here',
      'ike.diffieHellmanGroup is left to the service, and what it chose is not known here',
      'ike.integrityAlgorithm is left to the service, and what it chose is not known here',
      'esp.diffieHellmanGroup is left to the service, and what it chose is not known here',
    ])
  })

  it('refuses values from the API that would be read as more than they are', () => {
    const spec = {
      ...input.child.spec,
      remoteHost: 'x\n} include /etc/passwd',
      cloudNetworkCIDRs: ['10.0.0.0/8 }'],
      peerNetworkCIDRs: [],
      ike: { ...phase('AES256', 'SHA256', '19-ECP256', 1), integrityAlgorithm: 'toString' },
    }
    const gateway = { name: 'g', spec: { gatewayIP: 'elsewhere' } }
    const problems = problemsOf(renderSwanctl({ gateway, child: { name: 'berlin', spec } }))
    expect(problems).toHaveLength(5)
    expect(problems.join('\n').split('\n')).toHaveLength(5)
  })

  it('keeps a hostile name inside its comment and its section', () => {
    const text = textOf(
      renderSwanctl({ ...input, child: { ...input.child, name: 'a.b {}\ninclude /etc/x' } }),
    )
    expect(text).toContain('IPSec tunnel "a.b {}\\u{a}include /etc/x"')
    expect(text).toMatch(/\n {2}branch-a-b-include-etc-x-[0-9a-f]{6} \{\n/)
    expect(text).not.toMatch(/^include/m)
  })

  it('has names of its own, whatever the names of gateway and tunnel are', () => {
    const section = (gatewayIP: string, gateway: string, name: string): string =>
      /\n {2}(\S+) \{/.exec(
        textOf(
          renderSwanctl({
            gateway: { name: gateway, spec: { gatewayIP } },
            child: { name, spec: input.child.spec },
          }),
        ),
      )?.[1] ?? ''
    const names = [
      section('203.0.113.11', 'fra-a', 'berlin'),
      section('203.0.113.12', 'fra-b', 'berlin'),
      section('203.0.113.12', 'fra', 'b-berlin'),
      section('203.0.113.13', 'fra-a', 'berlin'),
      section('203.0.113.11', 'fra-a', 'shop.1'),
      section('203.0.113.11', 'fra-a', 'shop-1'),
      section('203.0.113.11', 'fra-a', '東京'),
      section('203.0.113.11', 'fra-a', '大阪'),
    ]
    expect(new Set(names).size).toBe(names.length)
    expect(names[0]).toMatch(/^fra-a-berlin-[0-9a-f]{6}$/)
    for (const name of names) expect(name).toMatch(/^[A-Za-z0-9_-]+$/)
  })

  it.each([
    [undefined, 'trap|start', 'start', 'restart', true],
    ['start', 'start', 'start', 'restart', false],
    ['trap', 'trap', 'trap', 'trap', false],
    ['none', 'none', 'none', 'clear', false],
  ] as const)('with --start %s starts by %s, and says what it needs', (start, up, close, dpd, isNew) => {
    const options = start === undefined ? {} : { start }
    const text = textOf(renderSwanctl({ ...input, options }))
    expect(text).toContain(
      `        start_action = ${up}\n        close_action = ${close}\n        dpd_action = ${dpd}\n`,
    )
    expect(text).toContain('    keyingtries = 0\n    unique = replace\n')
    expect(text.includes('# For strongSwan 5.9.6 or later')).toBe(isNew)
  })
})
