import { addFileOptions, addFormatOption, addRemoteOptions } from '../../flags/options.ts'
import { addWriteOptions } from '../apply/command.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { WRITING } from '../exits.ts'
import { DEFAULT_FOLDER } from './task.ts'

export const rotateCommand: CommandDefinition = {
  name: 'rotate',
  group: GROUPS.write,
  writesLive: true,
  summary: 'replace the key of a gateway, peer or tunnel in two steps',
  description:
    'Replaces a WireGuard private key, the key pair of a peer, or a pre-shared key. The first step creates the new key and the configurations of all other ends, in files that only their owner can read, and changes nothing else; run again, it keeps that key. The second step, --switch, writes at once: the new key into the key file that the reference names, and publicKey (of a peer) or rotatedAt (of a tunnel) into the YAML. Where the reference names a variable, set it to the new key first.',
  examples: [
    ['vpnctl rotate ipsecgateways/branch/tunnels/berlin', 'new key, new configuration of the other end'],
    ['vpnctl rotate ipsecgateways/branch/tunnels/berlin --switch', 'set rotatedAt; then review and apply'],
    ['vpnctl rotate wireguardgateways/hq --switch --apply', 'switch and apply at once'],
    ['vpnctl rotate anna-laptop --switch --public-key K', 'the device made its new key itself'],
  ],
  exits: WRITING,
  exitMeanings: {
    invalid: 'the desired state is invalid, or the variable of the key does not have the new one',
    refused:
      'refused: the key is written in the file itself, or the folder has the key of the last rotation (without --switch)',
  },
  configure: (command) => {
    command.argument('<address>', 'address or name of the gateway, peer or tunnel')
    addFileOptions(command)
      .optionsGroup('Rotate:')
      .option('--switch', 'second step: use the key that was prepared')
      .option(
        '--apply',
        'with --switch: apply the resource and what is below it, with all that is pending there',
      )
      .option('--public-key <key>', 'with --switch, for a peer: the public key that the device made')
      .option('--out-dir <folder>', 'folder for new keys and configurations', DEFAULT_FOLDER)
    addWriteOptions(command, { heading: 'With --apply:' })
    addRemoteOptions(command)
    addFormatOption(command)
  },
  run: lazily(() => import('./run.ts')),
}
