import { describe, expect, it } from 'vitest'
import { type Sample, tunnel } from '../setup/sample-files.ts'
import { found } from './findings.ts'

type Bend = (file: Sample) => unknown

const tunnels = (file: Sample): Sample[] => file.ipsecGateways[0].tunnels
/** Members of the first tunnel; the second is left as it is. */
const berlin = (members: object): Bend => {
  return (file) => Object.assign(tunnels(file)[0], members)
}
const phases =
  (ike: object, esp: object): Bend =>
  (file) => {
    Object.assign(tunnels(file)[0].ike, ike)
    Object.assign(tunnels(file)[0].esp, esp)
  }
/** The first tunnel is on its way out: what is wrong with it is not worth a word. */
const absent =
  (bend: Bend): Bend =>
  (file) => {
    bend(file)
    Object.assign(tunnels(file)[0], { ensure: 'absent', id: '0b1f6e1c-3c0a-4c57-9e0b-1c5d2f3a4b5c' })
  }
/** The same members at a peer, which is not a tunnel. */
const atPeer =
  (members: object): Bend =>
  (file) =>
    Object.assign(file.wireguardGateways[0].peers[0], members)

describe('two tunnels', () => {
  const same: Bend = (file) =>
    Object.assign(tunnels(file)[1], {
      remoteHost: 'vpn.berlin.example.com',
      peerNetworkCIDRs: ['10.99.0.0/24', '10.20.7.0/24'],
    })

  it('to one remote host with overlapping networks are reported, the later one first', async () => {
    expect(await found('VPN320', same)).toEqual([
      'error VPN320 at vpn.berlin.example.com: tunnels "berlin" and "paris" go to one remote host with overlapping networks',
      '  do: the same traffic would match both: put the networks into one tunnel',
      '  see vpn.berlin.example.com: the other tunnel',
    ])
  })

  it('overlap on both sides or not at all', async () => {
    const cloud: Bend = (file) => {
      same(file)
      tunnels(file)[1].cloudNetworkCIDRs = ['192.168.2.0/24']
    }
    expect(await found('VPN320', cloud)).toEqual([])
    const peer: Bend = (file) => {
      same(file)
      tunnels(file)[1].peerNetworkCIDRs = ['10.21.0.0/16']
    }
    expect(await found('VPN320', peer)).toEqual([])
  })

  it('without a remote host are not compared', async () => {
    const bend: Bend = (file) => {
      for (const each of tunnels(file))
        Object.assign(each, { remoteHost: '', peerNetworkCIDRs: ['10.1.0.0/16'] })
    }
    expect(await found('VPN320', bend)).toEqual([])
    const none: Bend = (file) => {
      bend(file)
      for (const each of tunnels(file)) delete each.remoteHost
    }
    expect(await found('VPN320', none)).toEqual([])
  })

  it('are none where one of them goes', async () => {
    expect(await found('VPN320', absent(same))).toEqual([])
  })

  it('are found among many, each reported once', async () => {
    const bend: Bend = (file) => {
      file.ipsecGateways[0].tunnels = Array.from({ length: 4 }, (_, index) => ({
        ...tunnel(`t${index}`, 20),
        remoteHost: 'vpn.example.com',
      }))
    }
    const lines = await found('VPN320', bend)
    expect(lines.filter((line) => line.startsWith('error'))).toHaveLength(3)
    for (const line of lines.filter((each) => each.startsWith('error')))
      expect(line).toContain('tunnels "t0"')
  })
})

describe('the two sides of a tunnel', () => {
  const overlapping = {
    cloudNetworkCIDRs: ['192.168.1.0/24', '192.168.8.0/24'],
    peerNetworkCIDRs: ['10.20.0.0/16', 'TODO', '192.168.8.9/24'],
  }

  it('that overlap are reported with the networks that do', async () => {
    expect(await found('VPN321', berlin(overlapping))).toEqual([
      'warning VPN321 at 192.168.8.9/24: 192.168.8.9/24 is on the remote side and on the cloud side',
      '  do: addresses that are on both sides cannot be reached through the tunnel: check the networks',
      '  see 192.168.8.0/24: the cloud side',
    ])
    expect(await found('VPN321', absent(berlin(overlapping)))).toEqual([])
    expect(await found('VPN321', atPeer(overlapping))).toEqual([])
  })

  const mixed = {
    cloudNetworkCIDRs: ['192.168.1.0/24'],
    peerNetworkCIDRs: ['10.20.0.0/16', '2001:db8:20::/48'],
  }

  it('that are of two families are reported with the first of the other', async () => {
    expect(await found('VPN322', berlin(mixed))).toEqual([
      'warning VPN322 at 2001:db8:20::/48: "berlin" mixes IPv4 and IPv6 (192.168.1.0/24 and 2001:db8:20::/48)',
      '  do: many remote devices refuse both in one tunnel: check that the other end takes them',
      '  see 192.168.1.0/24: the other family',
    ])
    expect(await found('VPN322', absent(berlin(mixed)))).toEqual([])
    expect(await found('VPN322', atPeer(mixed))).toEqual([])
    expect(await found('VPN322', berlin({ cloudNetworkCIDRs: 'TODO', peerNetworkCIDRs: [] }))).toEqual([])
  })
})

describe('the lifetimes of a tunnel', () => {
  const longer = phases({ lifetime: 3600 }, { lifetime: 7200 })

  it('are reported where that of ESP is the longer one', async () => {
    expect(await found('VPN323', longer)).toEqual([
      'warning VPN323 at 7200: the ESP lifetime (7200 s) is longer than the IKE lifetime (3600 s)',
      '  do: make it the shorter one, for instance a tenth',
    ])
    expect(await found('VPN323', phases({ lifetime: 3600 }, { lifetime: 3600 }))).toEqual([])
    expect(await found('VPN323', absent(longer))).toEqual([])
    expect(await found('VPN323', atPeer({ ike: { lifetime: 1 }, esp: { lifetime: 2 } }))).toEqual([])
  })

  it('are compared as numbers only', async () => {
    expect(await found('VPN323', phases({ lifetime: 'short' }, { lifetime: 7200 }))).toEqual([])
    expect(await found('VPN323', phases({ lifetime: 3600 }, { lifetime: '2 h' }))).toEqual([])
  })
})

describe('the ciphers of a tunnel', () => {
  const ciphers = (ike: unknown, esp: unknown): Bend =>
    phases({ encryptionAlgorithm: ike }, { encryptionAlgorithm: esp })

  it('are reported where the key of IKE is shorter than that of ESP', async () => {
    expect(await found('VPN324', ciphers('AES128-GCM-16', 'AES256'))).toEqual([
      'warning VPN324 at AES128-GCM-16: ike uses AES128-GCM-16, whose key is shorter than that of AES256 of esp',
      '  do: use a cipher with 256 bits under ike too',
      '  see AES256: the longer one',
    ])
  })

  it.each([
    ['AES256', 'AES128-CTR'],
    ['AES256', 'AES256-GCM-16'],
    ['AES256-GCM-16', 'AES256'],
    ['AES256', 'AES128'],
    ['AES128', 'AES128-CCM-12'],
    ['AES128', 7],
    ['3DES', 'AES256'],
  ])('%s of IKE and %s of ESP are not ranked', async (ike, esp) => {
    expect(await found('VPN324', ciphers(ike, esp))).toEqual([])
  })

  it('are not reported of a tunnel that is to be absent, nor of a peer', async () => {
    expect(await found('VPN324', absent(ciphers('AES128', 'AES256')))).toEqual([])
    const [ike, esp] = [{ encryptionAlgorithm: 'AES128' }, { encryptionAlgorithm: 'AES256' }]
    expect(await found('VPN324', atPeer({ ike, esp }))).toEqual([])
  })
})

describe('the groups of a tunnel', () => {
  const groups = (ike: unknown, esp: unknown): Bend =>
    phases({ diffieHellmanGroup: ike }, { diffieHellmanGroup: esp })

  it('are reported where ESP has the weaker one', async () => {
    expect(await found('VPN325', groups('20-ECP384', '19-ECP256'))).toEqual([
      'warning VPN325 at 19-ECP256: esp uses 19-ECP256, which is weaker than 20-ECP384 of ike',
      '  do: write diffieHellmanGroup: 20-ECP384 under esp',
      '  see 20-ECP384: the group of ike',
    ])
  })

  it('are reported where ESP has none, at its name', async () => {
    expect(await found('VPN325', groups('20-ECP384', undefined))).toEqual([
      'warning VPN325 at esp: esp names no diffieHellmanGroup, so that keys may be renewed without forward secrecy',
      '  do: write diffieHellmanGroup: 20-ECP384 under esp',
      '  see 20-ECP384: the group of ike',
    ])
  })

  it.each([
    ['19-ECP256', '15-MODP3072', 0],
    ['15-MODP3072', '19-ECP256', 0],
    ['16-MODP4096', '28-ECP256BP', 0],
    ['16-MODP4096', '19-ECP256', 0],
    ['29-ECP384BP', '16-MODP4096', 1],
    ['21-ECP521', '29-ECP384BP', 1],
    ['30-ECP512BP', '21-ECP521', 0],
    // Of a group that nobody knows nothing is said, but what is known is better.
    ['no-group', 'other-group', 0],
    ['19-ECP256', 'no-group', 1],
    ['no-group', '19-ECP256', 0],
    [19, '19-ECP256', 0],
    [undefined, undefined, 0],
  ])('of IKE %s and ESP %s are reported %d times', async (ike, esp, times) => {
    const lines = await found('VPN325', groups(ike, esp))
    expect(lines.filter((line) => line.startsWith('warning'))).toHaveLength(times)
  })

  it('are not of a tunnel that goes, nor of a peer', async () => {
    expect(await found('VPN325', absent(groups('20-ECP384', '19-ECP256')))).toEqual([])
    const [ike, esp] = [{ diffieHellmanGroup: '20-ECP384' }, { diffieHellmanGroup: '19-ECP256' }]
    expect(await found('VPN325', atPeer({ ike, esp }))).toEqual([])
  })
})

describe('the remote host of a tunnel', () => {
  it.each([
    ['10.1.2.3', 'a private address'],
    ['169.254.1.1', 'a link-local address'],
  ])('%s is %s', async (remoteHost, what) => {
    expect(await found('VPN329', berlin({ remoteHost }))).toEqual([
      `warning VPN329 at ${remoteHost}: remoteHost ${remoteHost} is ${what}`,
      '  do: use the public address or the host name of the other end',
    ])
  })

  it.each([
    '192.0.3.1',
    'fd00::1',
    '10.1.2.0/24',
    'vpn.example.com',
    7,
  ])('%s is not such an address', async (remoteHost) => {
    expect(await found('VPN329', berlin({ remoteHost }))).toEqual([])
  })

  it.each([
    '192.0.2.7',
    '198.51.100.7',
    '203.0.113.7',
  ])('%s is left over from an example where another address is a real one', async (remoteHost) => {
    expect(await found('VPN329', berlin({ remoteHost }))).toEqual([])
    const real: Bend = (file) => {
      berlin({ remoteHost })(file)
      tunnels(file)[1].remoteHost = '198.51.101.7'
    }
    expect(await found('VPN329', real)).toEqual([
      `warning VPN329 at ${remoteHost}: remoteHost ${remoteHost} is an address for documentation`,
      '  do: use the public address or the host name of the other end',
    ])
  })

  it('is of no interest where the tunnel goes, or where it is not one', async () => {
    expect(await found('VPN329', absent(berlin({ remoteHost: '10.1.2.3' })))).toEqual([])
    expect(await found('VPN329', atPeer({ remoteHost: '10.1.2.3' }))).toEqual([])
  })
})

describe('the pre-shared key of a tunnel', () => {
  const STRONG = 'dGhyb3ctYXdheSBrZXkgZm9yIHRlc3RzIG9ubHk='
  const KEY_CODES = ['VPN327', 'VPN328']
  const keyed = (BERLIN_PSK: string) => ({ BERLIN_PSK, PARIS_PSK: STRONG })
  const asIs: Bend = () => undefined

  it('that is short is reported, without the key', async () => {
    expect(await found(KEY_CODES, asIs, keyed('x7#kQ2!pL9@wZ4^mB6&'))).toEqual([
      'warning VPN327 at env: BERLIN_PSK: the pre-shared key of "berlin" is shorter than 20 characters',
      '  do: make one with: openssl rand -base64 32',
    ])
  })

  it('that repeats itself is reported as easy to guess', async () => {
    expect(await found(KEY_CODES, asIs, keyed('password'.repeat(4)))).toEqual([
      'warning VPN328 at env: BERLIN_PSK: the pre-shared key of "berlin" is easy to guess',
      '  do: make one with: openssl rand -base64 32',
    ])
  })

  it.each([
    ['password1234567890ab', false],
    ['changeme-changeme-please', false],
    ['0123456789abcdef'.repeat(2), false],
    [`${'0'.repeat(25)}${'1'.repeat(25)}`, false],
    ['a0'.repeat(25), false],
    ['fd7c1f2a9b3e5d60c84a', true],
    ['k3J9sPq0ZbT7xLw2VnEa', true],
    // The first characters are weak, the rest is not.
    [`${'a'.repeat(20)}k3J9sPq0ZbT7xLw2VnEa`, true],
  ])('%s is strong: %s', async (key, isStrong) => {
    expect((await found(KEY_CODES, asIs, keyed(key))).length === 0).toBe(isStrong)
  })

  it('that gave no value is not judged', async () => {
    expect(await found(KEY_CODES, asIs, { PARIS_PSK: STRONG })).toEqual([])
    expect(await found(KEY_CODES, asIs, keyed(''))).toEqual([])
  })

  it('is not judged where the tunnel goes, nor is the private key of a gateway', async () => {
    expect(await found(KEY_CODES, absent(asIs), keyed('short'))).toEqual([])
    expect(await found(KEY_CODES, asIs, { ...keyed(STRONG), HQ_KEY: 'short' })).toEqual([])
  })
})
