import { outputFile } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { FILE_EXISTS, NEW_FILE } from '../exits.ts'

export const importTerraformCommand: CommandDefinition = {
  name: 'import-terraform',
  group: GROUPS.write,
  summary: 'write a file from a Terraform state',
  description:
    'Reads a Terraform state (version 4) with ionoscloud_vpn_* resources and prints the YAML for them: with their ids, so that the next plan shows no changes, and with secrets as references. With --write it writes the file and the keys, each to a file of mode 0600, and prints the commands that make Terraform forget the resources. Sends no request and does not change the state. The state has the keys in clear text: delete the copy afterwards.',
  examples: [
    [
      '(umask 077; terraform state pull > copy.tfstate)',
      'a copy of the state, from any backend; never to terraform.tfstate, which may be the state itself',
    ],
    ['vpnctl import-terraform copy.tfstate --stack acme-prod', 'print the YAML'],
    ['vpnctl import-terraform copy.tfstate --stack acme-prod --write', 'write vpn.yaml and keys/'],
    ['vpnctl import-terraform copy.tfstate --variables --write', 'no key files: variables alone'],
    [
      'vpnctl import-terraform copy.tfstate --removed-blocks',
      'blocks that make Terraform forget the resources',
    ],
  ],
  exits: [...NEW_FILE, 'invalid', 'sighup', 'sigint', 'sigterm'],
  exitMeanings: {
    invalid: 'the state cannot be imported, or the file that was written has errors',
    refused: FILE_EXISTS,
  },
  configure: (command) => {
    command
      .argument('<state>', 'state file, or - for stdin')
      .optionsGroup('Output:')
      .option('--stack <name>', 'name of the stack, written into the file', 'imported')
      .option('--write', 'write the file and the keys')
      .option('--out <file>', 'name of the file', outputFile(), 'vpn.yaml')
      .option('--keys <folder>', 'folder for the keys, next to the file', 'keys')
      .option('--variables', 'write no keys: refer to environment variables')
      .option(
        '--removed-blocks',
        'print "removed" blocks for the Terraform configuration, in place of the YAML and the commands',
      )
      .option('--force', 'replace existing files')
  },
  run: lazily(() => import('./run.ts')),
}
