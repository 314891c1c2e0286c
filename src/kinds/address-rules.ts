import { isDocumentation, isExampleState } from './example-addresses.ts'
import { isGateway } from './gateway-rules.ts'
import { contains, type IpRange, parseIps } from './ip.ts'
import { isTunnel } from './ipsec/network-rules.ts'
import type { Entry, Finding, Rule } from './rule.ts'
import { claimsOf, interfacesOf } from './wireguard/claims.ts'
import { lanAddresses, networksOf, type WrittenNetwork } from './written-networks.ts'

const SPECIAL: readonly { readonly what: string; readonly ranges: readonly IpRange[] }[] = [
  { what: 'a loopback range', ranges: parseIps(['127.0.0.0/8', '::1/128']) },
  { what: 'a link-local range', ranges: parseIps(['169.254.0.0/16', 'fe80::/10']) },
  { what: 'a multicast range', ranges: parseIps(['224.0.0.0/4', 'ff00::/8']) },
  { what: 'no range of hosts', ranges: parseIps(['0.0.0.0/8', '255.255.255.255/32']) },
]
const LINK_LOCAL = 1
const MULTICAST = 2

// The networks of a resource, and which special ranges are in use there: routing protocols speak link-local and
// multicast inside a WireGuard tunnel.
function networksAt(entry: Entry): {
  readonly networks: readonly WrittenNetwork[]
  readonly usual: readonly number[]
} {
  if (isGateway(entry)) return { networks: lanAddresses(entry), usual: [] }
  if (isTunnel(entry)) {
    const fields = ['cloudNetworkCIDRs', 'peerNetworkCIDRs']
    return { networks: fields.flatMap((field) => networksOf(entry, field)), usual: [] }
  }
  return { networks: claimsOf(entry), usual: [LINK_LOCAL, MULTICAST] }
}

const rangesAreRouted: Rule = function* (entries) {
  const isExample = isExampleState(entries)
  for (const entry of entries.filter(({ resource }) => resource.ensure === 'present')) {
    const { networks, usual } = networksAt(entry)
    for (const network of networks) yield* special(entry, network, usual, isExample)
    for (const network of interfacesOf(entry)) yield* special(entry, network, [LINK_LOCAL], isExample)
  }
}

function* special(
  entry: Entry,
  { text, path, range }: WrittenNetwork,
  usual: readonly number[],
  isExample: boolean,
): Iterable<Finding> {
  // 0.0.0.0/0 and ::/0 mean everything.
  if (range.prefix === 0) return
  const found = SPECIAL.find(
    ({ ranges }, index) => !usual.includes(index) && ranges.some((each) => contains(each, range)),
  )
  const what = found?.what ?? (!isExample && isDocumentation(range) ? 'a range for documentation' : undefined)
  if (what === undefined) return
  yield {
    severity: 'warning',
    code: 'VPN381',
    message: `${text} is ${what}`,
    hint: 'write the network that the hosts really have',
    on: entry,
    path,
  }
}

/** Rules for every field that contains an address or a network. */
export const addressRules: readonly Rule[] = [rangesAreRouted]
