import { addFileOptions, addRemoteOptions, someAddress } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { PLANNING } from '../exits.ts'

export const adoptCommand: CommandDefinition = {
  name: 'adopt',
  group: GROUPS.write,
  summary: 'adopt live resources by writing their ids into the files',
  description:
    'Shows the ids that the files need to manage live resources that this stack does not own, and writes them with --write. Without addresses: for each entry of the files, the live resource of the same name. With addresses: these live resources alone, with their children; one without an entry gets one, below its gateway. Keeps comments, order and layout. Changes nothing live: the next plan shows what would change.',
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
    addFileOptions(command).optionsGroup('Adopt:').option('--write', 'write the files')
    addRemoteOptions(command)
  },
  run: lazily(() => import('./run.ts')),
}
