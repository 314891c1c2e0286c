import { Option } from 'commander'
import { TEMPLATES } from '../../../rewrite/template-names.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { FILE_IS_THERE, NEW_FILE } from '../exits.ts'

export const initCommand: CommandDefinition = {
  name: 'init',
  group: GROUPS.main,
  summary: 'write a commented vpn.yaml to start from',
  description: `Writes a commented file to start from; offline. On a terminal it asks questions; otherwise it needs --template:\n${Object.entries(
    TEMPLATES,
  )
    .map(([name, what]) => `  ${name}: ${what}`)
    .join('\n')}`,
  examples: [
    ['vpnctl init', 'answer a few questions'],
    ['vpnctl init --template road-warriors', 'a WireGuard gateway with a laptop, without questions'],
    ['vpnctl init --template minimal --out - --stack acme-prod', 'to stdout'],
  ],
  exits: [...NEW_FILE, 'sighup', 'sigint', 'sigterm'],
  exitMeanings: { refused: FILE_IS_THERE },
  configure: (command) => {
    command
      .optionsGroup('File:')
      .addOption(new Option('--template <name>', 'template to start from').choices(Object.keys(TEMPLATES)))
      .option('--stack <name>', 'the stack of the file')
      .option('--location <location>', 'the location of the file')
      .option('--out <file>', 'write to this file; - for stdout', 'vpn.yaml')
      .option('--force', 'replace an existing file')
  },
  run: lazily(() => import('./run.ts')),
}
