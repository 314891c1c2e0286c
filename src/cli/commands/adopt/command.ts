import { addFileOptions, addRemoteOptions } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import type { AdoptFlags } from './run.ts'

export const adoptCommand: CommandDefinition = {
  name: 'adopt',
  group: GROUPS.write,
  summary: 'adopt live resources by writing their ids into the files',
  description:
    'Shows live resources that have the name of an entry in the files and are not owned by this stack. With --write it adds their ids to the files and keeps comments, order and layout. Changes nothing live: the next plan shows what would change.',
  examples: [
    ['vpnctl adopt', 'what can be adopted?'],
    ['vpnctl adopt --write', 'write the ids into vpn.yaml; then run vpnctl plan'],
  ],
  configure: (command) => {
    addFileOptions(command).option('--write', 'write the ids into the files')
    addRemoteOptions(command)
  },
  run: async (context, flags: AdoptFlags) => (await import('./run.ts')).adopt(context, flags),
}
