import { addFileOptions, addFormatOption, addRemoteOptions } from '../../flags/options.ts'
import { addWriteOptions } from '../apply/command.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { WRITING } from '../exits.ts'

export const revokeCommand: CommandDefinition = {
  name: 'revoke',
  group: GROUPS.write,
  writesLive: true,
  summary: 'revoke the access of a peer or tunnel, in the files and with --apply live',
  description:
    'Writes the files at once: removes the entry of a peer or tunnel, or marks it "ensure: absent" where the files adopted it by its id. Shows the difference, and lists every other place that uses the same key. With --apply it also deletes the peer or tunnel live and checks that the key is not in use anywhere else.',
  examples: [
    ['vpnctl revoke wireguardgateways/hq/peers/anna-laptop', 'edit the files; then review and apply'],
    ['vpnctl revoke anna-laptop --apply --yes', 'in an emergency: in the files and live, without a question'],
  ],
  exits: WRITING,
  exitMeanings: {
    invalid: 'the desired state is invalid',
    refused: 'refused by a safety rule, such as protect',
    notConverged: 'not done yet, or the key is in use elsewhere too',
  },
  configure: (command) => {
    command.argument('<address>', 'address or name of the peer or tunnel')
    addFileOptions(command).optionsGroup('Revoke:').option('--apply', 'delete it live as well')
    addWriteOptions(command, { heading: 'With --apply:' })
    addRemoteOptions(command)
    addFormatOption(command)
  },
  run: lazily(() => import('./run.ts')),
}
