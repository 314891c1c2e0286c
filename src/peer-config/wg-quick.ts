import { contains, parseIp, shortestInterface, shortestNetwork } from '../kinds/ip.ts'
import { texts } from '../kinds/texts.ts'
import { derivePublicKey, keyBytes } from '../kinds/wireguard/keys.ts'
import { wireguardPeer } from '../kinds/wireguard/peer.ts'
import { getPath } from '../model/json.ts'
import { Secret } from '../model/secret.ts'
import { networksOfOthers, ofFamilies, peerAddresses, reachableNetworks } from './networks.ts'
import { isHost, type OtherEnd, type OtherEndFormat, type OtherEndInput, oneLine } from './other-end.ts'

/** A peer's configuration in the form of wg-quick(8), which the WireGuard apps read too. */
export const wgQuick: OtherEndFormat = {
  name: 'wg-quick',
  kind: wireguardPeer,
  secret: 'given',
  options: ['addresses', 'allowedIPs', 'viaHub', 'dns', 'keepaliveSeconds', 'mtu'],
  lacks: ({ gateway }) => gateway.publicKey === undefined,
  render: renderWgQuick,
}

/** The client's end of a WireGuard peer, or everything that is missing for it. */
export function renderWgQuick(input: OtherEndInput): OtherEnd {
  const problems = [...keyProblems(input), ...endpointProblems(input), ...optionProblems(input)]
  const siblings = (input.siblings ?? []).map(({ spec }) => spec)
  const own = peerAddresses(input.gateway.spec, input.child.spec, siblings)
  const addresses = (input.options?.addresses ?? own.addresses).map((text) => shortestInterface(text) ?? text)
  if (addresses.length === 0)
    problems.push(
      "none of the peer's allowedIPs is an address in the gateway's interface network; say which address it has (--address)",
    )
  const others = ofFamilies(networksOfOthers(input.gateway.spec, siblings), addresses)
  const networks = routedNetworks(input, addresses, others)
  if (networks.length === 0 && addresses.some((address) => parseIp(address) !== undefined))
    problems.push(
      "the gateway's networks are all of the other family than the peer's addresses; say which go through the tunnel (--allowed-ips)",
    )
  if (problems.length > 0) return { type: 'refused', problems }
  const guesses = input.options?.addresses === undefined ? own.guessed : []
  const left = others.filter((network) => !networks.includes(network))
  return {
    type: 'text',
    parts: [
      ...interfaceSection(input, addresses, own.behind),
      '\n',
      ...(left.length === 0 || input.options?.allowedIPs !== undefined
        ? []
        : [`# Behind other peers of the gateway, reached with --via-hub: ${left.join(', ')}\n`]),
      ...peerSection(input, networks),
    ],
    notes: [
      ...guesses.map(
        ({ network, address }) =>
          `${network} is a range, not an address: ${address} was taken (--address to choose another)`,
      ),
      ...endpointNotes(input, networks),
    ],
  }
}

function routedNetworks(
  { gateway, options = {} }: OtherEndInput,
  addresses: readonly string[],
  others: readonly string[],
): readonly string[] {
  const given = options.allowedIPs?.map((text) => shortestNetwork(text) ?? text)
  const networks = given ?? ofFamilies(reachableNetworks(gateway.spec), addresses)
  return options.viaHub === true ? [...new Set([...networks, ...others])] : networks
}

// wg-quick keeps the tunnel's own packets out of the tunnel for 0.0.0.0/0 and ::/0, and for nothing else.
function endpointNotes({ gateway }: OtherEndInput, networks: readonly string[]): readonly string[] {
  const endpoint = parseIp(String(gateway.spec.gatewayIP))
  const loop = networks.find((network) => {
    const range = parseIp(network)
    return endpoint !== undefined && range !== undefined && range.prefix > 0 && contains(range, endpoint)
  })
  return loop === undefined
    ? []
    : [
        `${loop} contains the endpoint ${String(gateway.spec.gatewayIP)}: the tunnel's own packets would go into the tunnel; leave it out, or use 0.0.0.0/0`,
      ]
}

function interfaceSection(
  { gateway, child, secret, options = {} }: OtherEndInput,
  addresses: readonly string[],
  behind: readonly string[],
): readonly (string | Secret)[] {
  const port = getPath(child.spec, ['endpoint', 'port'])
  return [
    `# Peer "${oneLine(child.name)}" of WireGuard gateway "${oneLine(gateway.name)}"\n`,
    ...(behind.length === 0
      ? []
      : [`# Networks behind this peer, which it has to forward: ${behind.join(', ')}\n`]),
    '[Interface]\n',
    ...(secret === undefined
      ? [`# PrivateKey = the private key that belongs to ${String(child.spec.publicKey)}\n`]
      : ['PrivateKey = ', new Secret(secret.reveal().trim()), '\n']),
    `Address = ${addresses.join(', ')}\n`,
    // The gateway dials this port; a random one would not be found.
    ...(typeof port === 'number' ? [`ListenPort = ${port}\n`] : []),
    ...(options.dns === undefined ? [] : [`DNS = ${options.dns.join(', ')}\n`]),
    ...(options.mtu === undefined ? [] : [`MTU = ${options.mtu}\n`]),
  ]
}

function peerSection(
  { gateway, options = {} }: OtherEndInput,
  networks: readonly string[],
): readonly string[] {
  const { gatewayIP, listenPort } = gateway.spec
  const host = String(gatewayIP).includes(':') ? `[${String(gatewayIP)}]` : String(gatewayIP)
  const keepalive = options.keepaliveSeconds
  return [
    '[Peer]\n',
    `PublicKey = ${gateway.publicKey}\n`,
    `Endpoint = ${host}:${String(listenPort)}\n`,
    `AllowedIPs = ${networks.join(', ')}\n`,
    ...(keepalive === undefined ? [] : [`PersistentKeepalive = ${keepalive}\n`]),
  ]
}

function keyProblems({ gateway, child, secret }: OtherEndInput): string[] {
  const problems: string[] = []
  if (gateway.publicKey === undefined || keyBytes(gateway.publicKey) === undefined)
    problems.push(
      `the public key of gateway ${quoted(gateway.name)} is not known: set its private key here, or apply it first, so that the API returns the public key`,
    )
  const wanted = child.spec.publicKey
  if (typeof wanted !== 'string' || keyBytes(wanted) === undefined)
    problems.push("the peer's publicKey is not a key")
  if (secret === undefined) return problems
  const derived = derivePublicKey(secret.reveal())
  if (derived === undefined)
    problems.push(
      'the private key is not a WireGuard key: 32 bytes of base64 (44 characters), as `wg genkey` prints them',
    )
  else if (derived !== wanted)
    problems.push(
      `the private key is another one's: its public key is ${derived}, the peer's is ${oneLine(String(wanted))}`,
    )
  return problems
}

function endpointProblems({ gateway, child }: OtherEndInput): string[] {
  const { gatewayIP, listenPort } = gateway.spec
  const problems: string[] = []
  if (typeof gatewayIP !== 'string' || parseIp(gatewayIP) === undefined)
    problems.push("the gateway's gatewayIP is not an IP address")
  if (!isPort(listenPort)) problems.push("the gateway's listenPort is not a port that can be dialled")
  const invalid = texts(child.spec.allowedIPs).filter((network) => parseIp(network) === undefined)
  if (invalid.length > 0)
    problems.push(`not a network in the peer's allowedIPs: ${invalid.map(quoted).join(', ')}`)
  return problems
}

function optionProblems({ options = {} }: OtherEndInput): string[] {
  const notNetworks = [...(options.addresses ?? []), ...(options.allowedIPs ?? [])].filter(
    (text) => parseIp(text) === undefined,
  )
  const notHosts = (options.dns ?? []).filter((text) => !isHost(text))
  return [
    ...notNetworks.map((text) => `${quoted(text)} is not an IP address or network`),
    ...notHosts.map((text) => `${quoted(text)} is not a resolver or search domain`),
    ...outside('the keepalive', options.keepaliveSeconds, 1, 65535),
    ...outside('the MTU', options.mtu, 576, 65535),
  ]
}

function outside(what: string, value: number | undefined, least: number, most: number): string[] {
  if (value === undefined || (Number.isInteger(value) && value >= least && value <= most)) return []
  return [`${what} must be a whole number from ${least} to ${most}`]
}

function isPort(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 65536
}

function quoted(text: string): string {
  return `"${oneLine(text)}"`
}
