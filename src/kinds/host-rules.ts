import { getPath } from '../model/json.ts'
import type { ResourceKind } from '../model/resource.ts'
import { type HostFault, hostFault } from './host-form.ts'
import { ipsecTunnel } from './ipsec/tunnel.ts'
import { type Finding, perEntry, type Rule } from './rule.ts'
import { wireguardPeer } from './wireguard/peer.ts'

// Fields that name one host, and what to do with a port that stands behind it.
const HOST_FIELDS: readonly {
  readonly kind: ResourceKind
  readonly path: readonly string[]
  readonly withoutPort: (host: string, port: string) => string
}[] = [
  {
    kind: ipsecTunnel,
    path: ['remoteHost'],
    withoutPort: (host) => `write ${host}: IKE has ports of its own, 500 and 4500`,
  },
  {
    kind: wireguardPeer,
    path: ['endpoint', 'host'],
    withoutPort: (host, port) => `write host: ${host}, and beside it port: ${port}`,
  },
]

const CODES: Readonly<Record<HostFault['type'], Pick<Finding, 'severity' | 'code'>>> = {
  ipv6: { severity: 'error', code: 'VPN330' },
  none: { severity: 'error', code: 'VPN331' },
  doubtful: { severity: 'warning', code: 'VPN332' },
}

const hostsAreHosts = perEntry(function* (entry) {
  if (entry.resource.ensure === 'absent') return
  for (const { kind, path, withoutPort } of HOST_FIELDS) {
    const text = kind === entry.resource.kind ? getPath(entry.written, path) : undefined
    // The schema has said that an empty text is none.
    const fault = typeof text !== 'string' || text === '' ? undefined : hostFault(text)
    if (fault === undefined) continue
    // A URL may hold a password: the value itself is in the frame only.
    const shown = fault.type === 'ipv6' ? `${String(text)} ` : ''
    yield {
      ...CODES[fault.type],
      message: `${path.at(-1)} ${shown}${fault.message}`,
      hint: fault.port === undefined ? fault.hint : withoutPort(fault.port.host, fault.port.number),
      on: entry,
      path,
    }
  }
})

/** Rules for every field that names a host. */
export const hostRules: readonly Rule[] = [hostsAreHosts]
