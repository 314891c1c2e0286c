import { addFileOptions, addRemoteOptions, someAddress } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { PLANNING } from '../exits.ts'

export const adoptCommand: CommandDefinition = {
  name: 'adopt',
  group: GROUPS.write,
  summary: 'adopt live resources by writing their ids into the files',
  description:
    'Without addresses: shows live resources that have the name of an entry in the files and are not owned by this stack, and adds their ids to these entries. With addresses: the named ones alone; a live resource without an entry gets one, below its gateway, with its id. Keeps comments, order and layout, prints the change, and writes it with --write. Changes nothing live: the next plan shows what would change.',
  examples: [
    ['vpnctl adopt', 'what can be adopted?'],
    ['vpnctl adopt --write', 'write the ids into vpn.yaml; then run vpnctl plan'],
    ['vpnctl adopt wireguardgateways/hq/peers/anna --write', 'one peer that the plan lists as unmanaged'],
  ],
  exits: PLANNING,
  exitMeanings: { refused: 'several live resources have the name of one in the files' },
  configure: (command) => {
    command.argument(
      '[address...]',
      'address or id of a live resource; its children are included',
      (value: string, before: readonly string[] | undefined) => [...(before ?? []), someAddress(value)],
    )
    addFileOptions(command).option('--write', 'write the files')
    addRemoteOptions(command)
  },
  run: lazily(() => import('./run.ts')),
}
