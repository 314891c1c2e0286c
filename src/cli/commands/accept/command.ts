import {
  addFileOptions,
  addRemoteOptions,
  appliedOption,
  locationOption,
  onlyLocationOption,
  someAddress,
} from '../../flags/options.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { PLANNING } from '../exits.ts'

export const acceptCommand: CommandDefinition = {
  name: 'accept',
  group: GROUPS.write,
  summary: 'accept drift: write live values into the files',
  description:
    'Shows how the files have to change so that they say what is live, and writes that with --write. Takes what "vpnctl drift" found: fields that differ are changed, a resource that is not live any more is removed, and one that is live only is added with its id. Keeps comments, order and layout. Unmanaged resources have to be named one by one, since an unknown peer may be an intruder. Secrets are never written. Changes nothing live.',
  examples: [
    ['vpnctl accept wireguardgateways/hq:tier', 'what would accepting this field change in the files?'],
    ['vpnctl accept wireguardgateways/hq/peers/anna --write', 'all that differs in one peer'],
    ['vpnctl accept --all-changed --write', 'all fields that differ: for a pull request about drift'],
  ],
  exits: [...PLANNING, 'partial'],
  exitMeanings: {
    invalid: 'the desired state is invalid, or a named value cannot be edited; nothing was written',
    refused:
      'ADDRESS names a secret, or an unmanaged resource that only a pattern names; nothing was written',
    partial: 'something of --all-changed cannot be accepted; the rest was, if there is any',
  },
  configure: (command) => {
    command.argument(
      '[address...]',
      'ADDRESS or ADDRESS:FIELD; * matches anything; children are not included',
      (value: string, before: readonly string[] | undefined) => [...(before ?? []), someAddress(value)],
    )
    addFileOptions(command)
      .optionsGroup('Accept:')
      .option('--all-changed', 'every field that differs; what is missing or unmanaged is left')
      .option('--write', 'write the files')
      .addOption(locationOption())
      .addOption(onlyLocationOption())
      .addOption(appliedOption('to separate drift from what is merged and not applied yet'))
    addRemoteOptions(command)
  },
  run: lazily(() => import('./run.ts')),
}
