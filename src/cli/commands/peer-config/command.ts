import { addFileOptions, addRemoteOptions, ON_STDOUT, outputFile } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { FILE_EXISTS, READING } from '../exits.ts'
import { addOtherEndOptions } from './options.ts'

export const peerConfigCommand: CommandDefinition = {
  name: 'peer-config',
  group: GROUPS.write,
  summary: "write the other end's configuration",
  description:
    'Writes the configuration of the other end: of a WireGuard peer for wg-quick and the apps, of an IPSec tunnel for strongSwan. Offline if the files and their secrets contain everything; otherwise it reads the missing values from the API. Secrets are replaced by a comment unless a flag gives them or asks for them.',
  examples: [
    ['vpnctl peer-config hq anna', 'of the peer anna of hq, with a placeholder for the private key'],
    ['vpnctl peer-config wireguardgateways/hq/peers/anna', 'the same, by its address'],
    ['vpnctl peer-config hq anna --private-key-file anna.key --out wg0.conf', 'for wg-quick'],
    ['vpnctl peer-config hq anna --private-key-file anna.key --qr', 'for the app'],
    ['vpnctl peer-config branch berlin --show-secrets --out berlin.conf', 'for strongSwan'],
    ['vpnctl peer-config branch berlin --as sheet', 'parameters for any other device at its end'],
    ['vpnctl peer-config --changed-since git:HEAD~1 --out-dir ends', 'the ends that a change made outdated'],
  ],
  exits: [...READING, 'invalid', 'refused'],
  exitMeanings: { refused: FILE_EXISTS },
  configure: (command) => {
    command
      .argument(
        '[gateway]',
        'name or address of the gateway; left out where the peer or tunnel is named by its address',
      )
      .argument('[child]', 'name or address of the peer or tunnel')
      .optionsGroup('Output:')
      .option('--out <file>', 'write to this file instead of stdout, mode 0600', outputFile(ON_STDOUT))
      .option('--force', 'replace existing files')
      .optionsGroup('Several ends:')
      .option('--all', 'write every end, or every end of --gateway')
      .option(
        '--changed-since <git:ref|file>',
        'only ends that changed since then, or that a saved plan changes',
      )
      .option('--gateway <gateway>', 'limit to this gateway')
      .option('--out-dir <folder>', 'one file per end: LOCATION/GATEWAY/NAME.conf in it, mode 0600')
    addOtherEndOptions(command)
    addFileOptions(command)
    addRemoteOptions(command)
  },
  run: lazily(() => import('./run.ts')),
}
