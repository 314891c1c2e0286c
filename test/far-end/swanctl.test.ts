import { describe, expect, it } from 'vitest'
import { ipsecTunnel } from '../../src/kinds/ipsec/tunnel.ts'
import { getPath } from '../../src/model/json.ts'
import { Secret } from '../../src/model/secret.ts'
import { proposalOf } from '../../src/peer-config/proposals.ts'
import { renderSwanctl } from '../../src/peer-config/swanctl.ts'
import { hasCharon, withCharon } from './charon.ts'
import { faultsOf, phase, textOf, tunnelInput } from './fixtures.ts'

const input = tunnelInput()

describe("a tunnel's swanctl.conf", () => {
  it('is the mirror of the tunnel: networks swapped, ids and proposals the same', () => {
    expect(textOf(renderSwanctl(input))).toBe(`# The other end of IPSec tunnel "berlin" of gateway "branch"
connections {
  berlin {
    version = 2
    # Any local address: the site may sit behind NAT.
    local_addrs = %any
    remote_addrs = 203.0.113.11
    proposals = aes256gcm16-prfsha256-ecp256
    rekey_time = 77760s
    over_time = 8640s
    dpd_delay = 30s
    local {
      auth = psk
      id = vpn.berlin.example.com
    }
    remote {
      auth = psk
      id = 203.0.113.11
    }
    children {
      berlin {
        local_ts = 10.20.0.0/16, 2001:db8:20::/48
        remote_ts = 192.168.1.0/24
        esp_proposals = aes256-sha512-modp4096
        rekey_time = 3240s
        life_time = 3600s
        start_action = start
        dpd_action = restart
      }
    }
  }
}
secrets {
  ike-berlin {
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
    expect(faultsOf(renderSwanctl({ ...input, child: { name: 'berlin', spec } }))).toEqual([
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
    const faults = faultsOf(renderSwanctl({ gateway, child: { name: 'berlin', spec } }))
    expect(faults).toHaveLength(5)
    expect(faults.join('\n').split('\n')).toHaveLength(5)
  })

  it('keeps a hostile name inside its comment and its section', () => {
    const text = textOf(
      renderSwanctl({ ...input, child: { ...input.child, name: 'a.b {}\ninclude /etc/x' } }),
    )
    expect(text).toContain('IPSec tunnel "a.b {}\\u{a}include /etc/x"')
    expect(text).toContain('\n  a-b-include-etc-x {\n')
    expect(text).not.toMatch(/^include/m)
  })

  it.runIf(hasCharon)('is loaded by charon, for every combination of algorithms', async () => {
    const allowed = (field: string): readonly string[] =>
      getPath(ipsecTunnel.schema, ['properties', 'ike', 'properties', field, 'enum']) as string[]
    const phases = allowed('encryptionAlgorithm').flatMap((cipher) =>
      allowed('integrityAlgorithm').flatMap((integrity) =>
        allowed('diffieHellmanGroup').map((group) => phase(cipher, integrity, group, 3600)),
      ),
    )
    expect(phases).toHaveLength(320)
    const config = phases
      .map((both, index) => {
        const child = { name: `t${index}`, spec: { ...input.child.spec, ike: both, esp: both } }
        return textOf(
          renderSwanctl({
            ...input,
            child,
            secret: new Secret(`throw-away-${index}`),
            options: { start: 'none' },
          }),
        )
      })
      .join('')
    await withCharon((load) => {
      const loaded = load(config)
      for (const index of phases.keys()) expect(loaded).toContain(`list-conn event {t${index} {`)
      expect(loaded).toContain('local-ts=[10.20.0.0/16 2001:db8:20::/48] remote-ts=[192.168.1.0/24]')
      expect(loaded).toContain('id=vpn.berlin.example.com class=pre-shared key')
      // charon refuses what it does not know, so that the loop above can fail.
      expect(() => load(config.replaceAll('aes128ccm12', 'aes128ccm13'))).toThrow(
        /invalid value for: proposals/,
      )
    })
  })
})
