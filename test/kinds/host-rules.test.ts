import { describe, expect, it } from 'vitest'
import type { Sample } from '../setup/sample-files.ts'
import { found } from './findings.ts'

const HOST_CODES = ['VPN330', 'VPN331', 'VPN332']
const remoteHost = (host: unknown) => (file: Sample) => {
  file.ipsecGateways[0].tunnels[0].remoteHost = host
}
const endpoint = (host: unknown) => (file: Sample) => {
  file.wireguardGateways[0].peers[0].endpoint = { host, port: 51820 }
}

describe('a field that names a host', () => {
  it('is reported by the name of the field and without its value, which may hold a password', async () => {
    expect(await found(HOST_CODES, remoteHost('https://me:word@vpn.example.com/'))).toEqual([
      'error VPN331 at https://me:word@vpn.example.com/: remoteHost is a URL',
      '  do: write vpn.example.com',
    ])
    expect(await found(HOST_CODES, endpoint('vpn'))).toEqual([
      'warning VPN332 at vpn: host has no domain',
      '  do: write the full name, such as vpn.example.com: it is looked up on the internet',
    ])
  })

  it('is reported with its value where that is an IPv6 address', async () => {
    expect(await found(HOST_CODES, endpoint('2001:db8::1'))).toEqual([
      'error VPN330 at 2001:db8::1: host 2001:db8::1 is an IPv6 address, which the service does not take',
      '  do: use an IPv4 address or a host name',
    ])
  })

  it('that has a port is reported where the port belongs', async () => {
    expect(await found(HOST_CODES, remoteHost('vpn.example.com:500'))).toEqual([
      'error VPN331 at vpn.example.com:500: remoteHost has a port',
      '  do: write vpn.example.com: IKE has ports of its own, 500 and 4500',
    ])
    expect(await found(HOST_CODES, endpoint('vpn.example.com:51820'))).toEqual([
      'error VPN331 at vpn.example.com:51820: host has a port',
      '  do: write host: vpn.example.com, and next to it port: 51820',
    ])
  })

  it('is left to the schema where it is empty or no text', async () => {
    for (const host of ['', 7, null, ['vpn']]) {
      expect(await found(HOST_CODES, remoteHost(host))).toEqual([])
      expect(await found(HOST_CODES, endpoint(host))).toEqual([])
    }
  })

  it('is looked at where the kind has it, and not where the resource goes', async () => {
    const elsewhere = (file: Sample) => {
      file.wireguardGateways[0].peers[0].remoteHost = 'vpn'
      file.wireguardGateways[0].remoteHost = 'vpn'
      file.ipsecGateways[0].tunnels[0].endpoint = { host: 'vpn' }
    }
    expect(await found(HOST_CODES, elsewhere)).toEqual([])
    const leaving = (file: Sample) => {
      remoteHost('vpn')(file)
      Object.assign(file.ipsecGateways[0].tunnels[0], {
        ensure: 'absent',
        id: '0b1f6e1c-3c0a-4c57-9e0b-1c5d2f3a4b5c',
      })
    }
    expect(await found(HOST_CODES, leaving)).toEqual([])
  })
})
