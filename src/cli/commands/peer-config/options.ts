import { type Command, InvalidArgumentError, Option } from 'commander'
import { parseIp } from '../../../kinds/ip.ts'
import { collect, type FileFlags, nonNegativeInteger, type RemoteFlags } from '../../flags/options.ts'

/** Flags that say what the other end's configuration is to contain. */
export interface OtherEndFlags {
  readonly as?: string
  readonly privateKeyFile?: string
  readonly showSecrets?: boolean
  readonly qr?: boolean
  readonly address?: readonly string[]
  readonly allowedIps?: readonly string[]
  readonly dns?: readonly string[]
  readonly keepalive?: number
  readonly mtu?: number
  readonly viaHub?: boolean
  readonly start?: 'none' | 'trap' | 'start'
}

/** Flags of `peer-config`. */
export interface PeerConfigFlags extends FileFlags, RemoteFlags, OtherEndFlags {
  readonly out?: string
  readonly force?: boolean
  readonly all?: boolean
  readonly outDir?: string
  readonly gateway?: string
  readonly changedSince?: string
}

/** Which program, which secrets, and what the files do not say. */
export function addOtherEndOptions(command: Command): Command {
  return command
    .optionsGroup('The other end:')
    .addOption(
      new Option(
        '--as <format>',
        'format of the configuration (default: wg-quick for a peer, strongswan for a tunnel); sheet is for any other device at the end of a tunnel',
      ).choices(['wg-quick', 'strongswan', 'sheet', 'sheet-json']),
    )
    .option('--private-key-file <file>', "the peer's own private key; - for stdin")
    .option('--show-secrets', "include the tunnel's pre-shared key")
    .option('--qr', 'a QR code for the WireGuard app; needs --private-key-file')
    .optionsGroup('WireGuard:')
    .option(
      '--address <address>',
      "the peer's address, if allowedIPs does not show it; may be repeated",
      networks,
    )
    .option(
      '--allowed-ips <networks>',
      "networks routed through the tunnel (default: the gateway's networks)",
      networks,
    )
    .option('--via-hub', 'route the networks behind the other peers through the tunnel too')
    .option('--dns <servers>', 'resolvers and search domains', list)
    .option('--keepalive <seconds>', 'keep a NAT open', between(1, 65_535))
    .option('--mtu <bytes>', 'MTU of the interface', between(576, 65_535))
    .optionsGroup('strongSwan:')
    .addOption(
      new Option(
        '--start <when>',
        'when strongSwan starts the tunnel: none (by hand), trap (at the first packet) or start (at once); left out: both trap and start, which needs strongSwan 5.9.6',
      ).choices(['none', 'trap', 'start']),
    )
}

function between(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = nonNegativeInteger(text)
    if (value < least || value > most)
      throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`)
    return value
  }
}

function networks(value: string, before: readonly string[] | undefined): readonly string[] {
  const all = list(value, before)
  const unknown = all.find((text) => parseIp(text) === undefined)
  if (unknown !== undefined) throw new InvalidArgumentError(`"${unknown}" is not an IP address or network.`)
  return all
}

// `a,b` and the flag twice mean the same.
function list(value: string, before: readonly string[] | undefined): readonly string[] {
  const parts = value.split(',').map((part) => part.trim())
  if (parts.includes('')) throw new InvalidArgumentError('It must be one value, or several with commas.')
  return parts.reduce<readonly string[]>((all, part) => collect(part, all), before ?? [])
}
