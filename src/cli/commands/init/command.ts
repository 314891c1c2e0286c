import { Option } from 'commander'
import { TEMPLATES } from '../../../rewrite/template-names.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { FILE_EXISTS, NEW_FILE } from '../exits.ts'

export const initCommand: CommandDefinition = {
  name: 'init',
  group: GROUPS.main,
  summary: 'write a vpn.yaml with comments, to start from',
  description: `Writes a file with comments and example values, to start from; offline. On a terminal it asks questions; otherwise it needs --template:\n${Object.entries(
    TEMPLATES,
  )
    .map(([name, what]) => `  ${name}: ${what}`)
    .join('\n')}`,
  examples: [
    ['vpnctl init', 'answer a few questions'],
    ['vpnctl init --template road-warriors', 'no questions: a WireGuard gateway with a laptop'],
    ['vpnctl init --template minimal --out - --stack acme-prod', 'to stdout'],
  ],
  exits: [...NEW_FILE, 'sighup', 'sigint', 'sigterm'],
  exitMeanings: {
    refused: FILE_EXISTS,
    usage: 'wrong usage, or no terminal to ask on (without --template)',
  },
  configure: (command) => {
    command
      .optionsGroup('File:')
      .addOption(new Option('--template <name>', 'template to start from').choices(Object.keys(TEMPLATES)))
      .option('--stack <name>', 'name of the stack, written into the file')
      .option('--location <location>', 'location of the gateways, written into the file')
      .option('--out <file>', 'write to this file; - for stdout', 'vpn.yaml')
      .option('--force', 'replace an existing file')
  },
  run: lazily(() => import('./run.ts')),
}
