import { DEFAULT_LOCATION } from '../kinds/locations.ts'
import { scalarText } from './canonical-form.ts'
import { literal } from './live-value.ts'
import type { TemplateName } from './template-names.ts'

/** Shows editors with a YAML language server what may be in the file. `vpnctl schema` writes that file. */
export const EDITOR_LINE = '# yaml-language-server: $schema=./vpn.schema.json\n'

/** What a template is filled in with; what is left out is an example that has to be changed. */
export interface TemplateAnswers {
  readonly stack?: string
  readonly location?: string
  readonly gatewayIP?: string
  readonly datacenterId?: string
  readonly lanId?: string
  /** The gateway's own address in the LAN, with the prefix length of the LAN. */
  readonly lanAddress?: string
}

/** All answers. */
export type Filled = Readonly<Record<keyof TemplateAnswers, string>>

/** What is in a template where there is no answer. */
export const TEMPLATE_EXAMPLES: Filled = {
  stack: 'acme-prod',
  location: DEFAULT_LOCATION,
  gatewayIP: '203.0.113.10',
  datacenterId: '5a029f4a-72e5-11ec-90d6-0242ac120003',
  lanId: '2',
  lanAddress: '192.168.1.100/24',
}

/** A commented file to start from. Valid as it is, with examples where there is no answer. */
export function renderTemplate(name: TemplateName, answers: TemplateAnswers = {}): string {
  const filled = { ...TEMPLATE_EXAMPLES, ...answers }
  const body = bodyOf(name, filled)
  return `${EDITOR_LINE}# The editor's schema: vpnctl schema > vpn.schema.json\n${head(filled)}${body}`
}

function bodyOf(name: TemplateName, filled: Filled): string {
  switch (name) {
    case 'road-warriors':
      return roadWarriors(filled)
    case 'site-to-site':
      return siteToSite(filled)
    case 'minimal':
      return '# Gateways come here: wireguardGateways and ipsecGateways.\n'
    default:
      return name satisfies never
  }
}

function head({ stack, location }: Filled): string {
  return `version: 1
# Whose resources these are. It is part of every id: choose it once.
stack: ${scalar(stack)}
location: ${scalar(location)}

`
}

function gatewayHead({ gatewayIP, datacenterId, lanId, lanAddress }: Filled): string {
  return `    # A free address of a reserved IP block in the location of the data center.
    gatewayIP: ${scalar(gatewayIP)}
    # The LANs that can be reached: up to 10, all in one data center. ipv4CIDR is the gateway's own address there.
    connections:
      - datacenterId: ${scalar(datacenterId)}
        lanId: ${scalar(lanId)}
        ipv4CIDR: ${scalar(lanAddress)}
    # STANDARD, ENHANCED or PREMIUM, each with _HA for high availability.
    tier: STANDARD_HA
`
}

function roadWarriors(filled: Filled): string {
  return `wireguardGateways:
  - name: hq
${gatewayHead(filled)}    # The network of the tunnel itself, with the gateway's address in it.
    interfaceIPv4CIDR: 10.99.0.1/24
    # The key stays out of the file. To make one, and to hand it over:
    #   vpnctl keygen wireguard --out hq.key
    #   export HQ_WIREGUARD_PRIVATE_KEY="$(cat hq.key)"
    privateKey: { env: HQ_WIREGUARD_PRIVATE_KEY }
    # One entry for each device that may dial in. The device makes its key; only the public half comes here. This one is an example.
    peers:
      - name: anna-laptop
        # The one address in the tunnel that this device may use.
        allowedIPs: [10.99.0.2/32]
        publicKey: UkVQTEFDRS1XSVRILVRIRS1LRVktT0YtQS1ERVZJQ0U=
`
}

function siteToSite(filled: Filled): string {
  return `ipsecGateways:
  - name: branch
${gatewayHead(filled)}    # One tunnel for each site. The other end needs the same key, algorithms and networks.
    tunnels:
      - name: berlin
        # Public IPv4 address or host name of the other end.
        remoteHost: vpn.berlin.example.com
        # The key stays out of the file. To make one, and to hand it over:
        #   vpnctl keygen psk --out berlin.key
        #   export BRANCH_BERLIN_PSK="$(cat berlin.key)"
        auth: { psk: { key: { env: BRANCH_BERLIN_PSK } } }
        ike: { diffieHellmanGroup: 19-ECP256, encryptionAlgorithm: AES256, integrityAlgorithm: SHA256 }
        esp: { diffieHellmanGroup: 19-ECP256, encryptionAlgorithm: AES256, integrityAlgorithm: SHA256 }
        # Which networks talk to each other: here, and behind the other end.
        cloudNetworkCIDRs: [192.168.1.0/24]
        peerNetworkCIDRs: [10.20.0.0/16]
`
}

function scalar(text: string): string {
  return scalarText(literal(text))
}
