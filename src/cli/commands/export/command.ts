import { addRemoteOptions, collect, ON_STDOUT, outputFile, targetOption } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { FILE_EXISTS, READING } from '../exits.ts'

export const exportCommand: CommandDefinition = {
  name: 'export',
  group: GROUPS.write,
  summary: 'write a file from live resources',
  description:
    'Writes live resources as YAML: with their ids, so that the next plan shows no changes, and with secrets as references, which are listed on stderr. Read-only. Reads every location. With an endpoint for one location, give --location as well: otherwise the resources count as those of de/fra.',
  examples: [
    ['vpnctl export --stack acme-prod --out vpn.yaml', 'start to manage what exists'],
    ['vpnctl export --location de/fra --gateway hq', 'one gateway with its peers, to stdout'],
    ['vpnctl export --target "*/peers/anna-*"', 'the matching resources, with their gateways'],
  ],
  exits: [...READING, 'invalid', 'refused'],
  exitMeanings: {
    error: 'nothing live has this address, or any other error',
    invalid: 'the file was written, and it has errors',
    refused: FILE_EXISTS,
  },
  configure: (command) => {
    command
      .optionsGroup('Selection:')
      .option('--location <location>', 'export this location only; may be repeated', collect)
      .option('--gateway <name>', 'only this gateway and its children; may be repeated', collect)
      .addOption(targetOption())
      .option('--stack <name>', 'name of the stack, written into the file', 'imported')
      .optionsGroup('Output:')
      .option('--out <file>', 'write to this file instead of stdout', outputFile(ON_STDOUT))
      .option('--force', 'replace an existing file')
    addRemoteOptions(command)
  },
  run: lazily(() => import('./run.ts')),
}
