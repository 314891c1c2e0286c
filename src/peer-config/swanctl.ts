import { createHash } from 'node:crypto'
import { parseIp } from '../kinds/ip.ts'
import { ipsecTunnel } from '../kinds/ipsec/tunnel.ts'
import { texts } from '../kinds/texts.ts'
import { getPath } from '../model/json.ts'
import { Secret } from '../model/secret.ts'
import {
  isHost,
  type NamedSpec,
  type OtherEnd,
  type OtherEndFormat,
  type OtherEndInput,
  oneLine,
} from './other-end.ts'
import { type Proposal, proposalOf } from './proposals.ts'

const DIGEST_LENGTH = 6

/** A tunnel's other end for strongSwan, as a file for /etc/swanctl/conf.d. */
export const swanctl: OtherEndFormat = {
  name: 'strongswan',
  kind: ipsecTunnel,
  secret: 'shared',
  options: ['start'],
  lacks: lacksAlgorithms,
  render: renderSwanctl,
}

/** Whether the service chose an algorithm, which only the API knows. */
export function lacksAlgorithms({ child }: OtherEndInput): boolean {
  return ipsecTunnel.serverChosen.some((path) => getPath(child.spec, path) === undefined)
}

/** The remote site's end of an IPSec tunnel, or everything that is missing for it. */
export function renderSwanctl(input: OtherEndInput): OtherEnd {
  const { spec } = input.child
  const ike = proposalOf(spec, 'ike')
  const esp = proposalOf(spec, 'esp')
  const problems = [...hostProblems(input), ...networkProblems(input), ...problemsOf(ike), ...problemsOf(esp)]
  if (ike.type === 'refused' || esp.type === 'refused' || problems.length > 0)
    return { type: 'refused', problems }
  return {
    type: 'text',
    parts: [
      `# The other end of IPSec tunnel "${oneLine(input.child.name)}" of gateway "${oneLine(input.gateway.name)}"\n`,
      ...(input.options?.start === undefined
        ? ['# For strongSwan 5.9.6 or later; for an older one: --start start\n']
        : []),
      ...connection(input, ike.text, esp.text),
      ...secrets(input),
    ],
    notes: [],
  }
}

// How the tunnel starts, and restarts after the gateway closed it or was away. A trap alone waits for a packet of
// this side; close_action alone is not a guarantee, since it acts on messages of the gateway only.
const ACTIONS = {
  both: { start: 'trap|start', close: 'start', lost: 'restart' },
  start: { start: 'start', close: 'start', lost: 'restart' },
  trap: { start: 'trap', close: 'trap', lost: 'trap' },
  none: { start: 'none', close: 'none', lost: 'clear' },
} as const

function connection(
  { gateway, child, options = {} }: OtherEndInput,
  ike: string,
  esp: string,
): readonly string[] {
  const { spec } = child
  const name = uniqueName(gateway, child)
  const actions = ACTIONS[options.start ?? 'both']
  return [
    'connections {\n',
    `  ${name} {\n`,
    '    version = 2\n',
    '    # Any local address: the site may sit behind NAT.\n',
    '    local_addrs = %any\n',
    `    remote_addrs = ${String(gateway.spec.gatewayIP)}\n`,
    `    proposals = ${ike}\n`,
    ...lifetime('    ', getPath(spec, ['ike', 'lifetime']), 'over_time'),
    '    dpd_delay = 30s\n',
    '    # Try for ever; a new connection replaces the one before.\n',
    '    keyingtries = 0\n',
    '    unique = replace\n',
    '    local {\n      auth = psk\n',
    `      id = ${String(spec.remoteHost)}\n    }\n`,
    '    remote {\n      auth = psk\n',
    `      id = ${String(gateway.spec.gatewayIP)}\n    }\n`,
    '    children {\n',
    `      ${name} {\n`,
    `        local_ts = ${texts(spec.peerNetworkCIDRs).join(', ')}\n`,
    `        remote_ts = ${texts(spec.cloudNetworkCIDRs).join(', ')}\n`,
    `        esp_proposals = ${esp}\n`,
    ...lifetime('        ', getPath(spec, ['esp', 'lifetime']), 'life_time'),
    `        start_action = ${actions.start}\n`,
    `        close_action = ${actions.close}\n`,
    `        dpd_action = ${actions.lost}\n`,
    '      }\n    }\n  }\n}\n',
  ]
}

// Both ends let go after the same time; this one starts a tenth earlier, so that the new keys are there by then.
function lifetime(indent: string, seconds: unknown, end: 'over_time' | 'life_time'): readonly string[] {
  if (typeof seconds !== 'number') return []
  const rekey = Math.floor(seconds * 0.9)
  const limit = end === 'life_time' ? seconds : seconds - rekey
  return [`${indent}rekey_time = ${rekey}s\n`, `${indent}${end} = ${limit}s\n`]
}

function secrets({ gateway, child, secret }: OtherEndInput): readonly (string | Secret)[] {
  return [
    'secrets {\n',
    `  ike-${uniqueName(gateway, child)} {\n`,
    `    id-1 = ${String(gateway.spec.gatewayIP)}\n`,
    `    id-2 = ${String(child.spec.remoteHost)}\n`,
    ...(secret === undefined
      ? ['    # secret = "the pre-shared key of the tunnel"\n']
      : // In base64, since strongSwan reads a plain key that starts with 0x or 0s as a number, and ends it at a quote.
        ['    secret = 0s', base64(secret), '\n']),
    '  }\n}\n',
  ]
}

function base64(secret: Secret): Secret {
  return new Secret(Buffer.from(secret.reveal().trim()).toString('base64'))
}

function hostProblems({ gateway, child }: OtherEndInput): readonly string[] {
  const { gatewayIP } = gateway.spec
  const { remoteHost } = child.spec
  return [
    ...(typeof gatewayIP === 'string' && parseIp(gatewayIP) !== undefined
      ? []
      : ["the gateway's gatewayIP is not an IP address"]),
    ...(typeof remoteHost === 'string' && isHost(remoteHost)
      ? []
      : ["the tunnel's remoteHost is not a host name or address"]),
  ]
}

function networkProblems({ child }: OtherEndInput): readonly string[] {
  return ['cloudNetworkCIDRs', 'peerNetworkCIDRs'].flatMap((field) => {
    const networks = texts(child.spec[field])
    if (networks.length === 0) return [`the tunnel's ${field} is empty`]
    return networks
      .filter((network) => parseIp(network) === undefined)
      .map((network) => `not a network in the tunnel's ${field}: "${oneLine(network)}"`)
  })
}

function problemsOf(proposal: Proposal): readonly string[] {
  return proposal.type === 'refused' ? proposal.problems : []
}

/**
 * The name of the tunnel's sections: letters, digits, dash and underscore, since a dot or a brace would end it. With
 * the gateway, and a part of a digest, since swanctl keeps only the last of two sections with one name.
 */
function uniqueName(gateway: OtherEndInput['gateway'], child: NamedSpec): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([gateway.spec.gatewayIP, gateway.name, child.name]))
    .digest('hex')
  const words = [gateway.name, child.name, digest.slice(0, DIGEST_LENGTH)].map((word) =>
    word.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, ''),
  )
  return words.filter((word) => word !== '').join('-')
}
