import { Argument } from 'commander'
import { Failure } from '../../failure.ts'
import { addFileOptions, addRemoteOptions, collect, namesOfGiven, outputFile } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import { FILE_EXISTS, READING } from '../exits.ts'
import type { PeerAddFlags } from './run.ts'

export const peerCommand: CommandDefinition = {
  name: 'peer',
  group: GROUPS.write,
  summary: 'add a peer to a gateway, or many from a CSV file',
  description:
    "Adds a WireGuard peer to the files and writes them at once: an entry with the next free address of the gateway's interface network and a given or a new key. Keeps comments and layout, and shows the difference. With --out or --qr it writes the device's configuration as well, which needs the public key of the gateway: from its private key where that is set here, otherwise from the API. With --from it adds every peer of a CSV file, each to the gateway with the most free places; a second run adds nothing. Changes nothing live: review, then apply.",
  examples: [
    ['vpnctl peer add hq anna-phone --keygen --qr', 'new peer, new key, QR code'],
    ['vpnctl peer add hq ben-laptop --keygen --out ben.conf', 'a configuration for wg-quick, mode 0600'],
    ['vpnctl peer add hq carol --public-key K --description "Laptop"', 'the device keeps its own key'],
    ['vpnctl peer add hq site-b --public-key K --site 10.20.0.0/16', 'a site with a network behind it'],
    ['vpnctl peer add --from people.csv', 'many devices with their own keys, over all gateways'],
  ],
  exits: [...READING, 'invalid', 'refused'],
  exitMeanings: { refused: FILE_EXISTS },
  configure: (command) => {
    command
      .addArgument(new Argument('<action>', 'what to do').choices(['add']))
      .argument('[gateway]', 'name or address of the gateway')
      .argument('[name]', 'name of the new peer')
      .usage('add [options] [gateway] [name]')
    addFileOptions(command)
      .optionsGroup('Peer:')
      .option('--public-key <key>', "the device's public key")
      .option('--keygen', 'create a key pair; the private key is written only to the configuration')
      .option(
        '--allowed-ips <cidr>',
        'addresses of the peer, instead of the next free one; may be repeated',
        collect,
      )
      .option('--site <cidr>', 'a network behind the peer; may be repeated', collect)
      .option('--description <text>', 'description of the peer')
      .option('--expires <date>', 'last day of the peer, such as 2026-12-31')
      .option('--live', 'read the live peers of the gateway too, to avoid addresses that unmanaged peers use')
      .optionsGroup('Many peers:')
      .option(
        '--from <file>',
        'CSV file with the columns name, public key, description and addresses; the last two are optional',
      )
      .option(
        '--gateway <name>',
        'use this gateway only (default: all WireGuard gateways); may be repeated',
        collect,
      )
      .optionsGroup('Configuration of the device:')
      .option('--out <file>', 'write to this file, mode 0600', outputFile('--qr shows it'))
      .option('--qr', 'show it as a QR code')
      .option('--force', 'replace an existing file')
    addRemoteOptions(command)
  },
  run: async (context, flags: PeerAddFlags, [, gateway, name]: readonly [string, string?, string?]) => {
    if (flags.from !== undefined) {
      refuseForMany(flags, gateway)
      return (await import('./run-table.ts')).addPeersOf(context, flags.from, flags)
    }
    if (flags.gateway !== undefined) throw new Failure('usage', '--gateway needs --from')
    if (gateway === undefined || name === undefined)
      throw new Failure('usage', 'name a gateway and the new peer', {
        hint: 'vpnctl peer add GATEWAY NAME, or vpnctl peer add --from FILE for many peers',
      })
    return (await import('./run.ts')).addPeer(context, gateway, name, flags)
  },
}

function refuseForMany(flags: PeerAddFlags, gateway: string | undefined): void {
  if (gateway !== undefined)
    throw new Failure('usage', '--from takes no gateway and no name', {
      hint: 'limit it with --gateway NAME',
    })
  const given = namesOfGiven({
    '--public-key': flags.publicKey,
    '--keygen': flags.keygen,
    '--allowed-ips': flags.allowedIps,
    '--site': flags.site,
    '--description': flags.description,
    '--expires': flags.expires,
    '--out': flags.out,
    '--qr': flags.qr,
    '--force': flags.force,
  })
  if (given !== '')
    throw new Failure('usage', `${given} is for one peer, not for --from`, {
      hint: 'keys, descriptions and addresses are columns of the file',
    })
}
