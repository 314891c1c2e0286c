import { addFileOptions, addRemoteOptions } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import type { AdoptFlags } from './run.ts'

export const adoptCommand: CommandDefinition = {
  name: 'adopt',
  group: GROUPS.write,
  summary: 'take over live resources by writing their ids into the files',
  description:
    'Shows which live resources have the name of an entry in the files without being of this stack, and with --write puts their ids into the files, where comments, order and layout stay. Changes nothing live: the next plan shows what would.',
  examples: [
    ['vpnctl adopt', 'what could be taken over?'],
    ['vpnctl adopt --write', 'write the ids into vpn.yaml; then look at vpnctl plan'],
  ],
  configure: (command) => {
    addFileOptions(command).option('--write', 'write the ids into the files')
    addRemoteOptions(command)
  },
  run: async (context, flags: AdoptFlags) => (await import('./run.ts')).adopt(context, flags),
}
