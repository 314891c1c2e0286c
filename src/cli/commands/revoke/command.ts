import { addFileOptions, addFormatOption, addRemoteOptions } from '../../flags/options.ts'
import { addWriteOptions } from '../apply/command.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import type { RevokeFlags } from './run.ts'

export const revokeCommand: CommandDefinition = {
  name: 'revoke',
  group: GROUPS.write,
  writesLive: true,
  summary: 'take the access of a peer or tunnel away, in the files and with --apply live',
  description:
    'Removes the entry of a peer or tunnel from the files, or marks it "ensure: absent" where the files adopted it by its id, and names every other place that has the same key. With --apply it deletes it live at once, and checks that the key opens nothing any more.',
  examples: [
    ['vpnctl revoke wireguardgateways/hq/peers/anna-laptop', 'edits the files; review and apply follow'],
    ['vpnctl revoke anna-laptop --apply --yes', 'at 3 a.m.: files and live'],
  ],
  configure: (command) => {
    command.argument('<address>', 'address or name of the peer or tunnel')
    addFileOptions(command).optionsGroup('Revoke:').option('--apply', 'delete it live as well')
    addWriteOptions(command)
    addRemoteOptions(command)
    addFormatOption(command)
  },
  run: async (context, flags: RevokeFlags, [word]) =>
    (await import('./run.ts')).revoke(context, String(word), flags),
}
