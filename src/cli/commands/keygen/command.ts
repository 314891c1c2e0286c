import { Argument } from 'commander'
import { outputFile } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { FILE_EXISTS, NEW_FILE } from '../exits.ts'

export const keygenCommand: CommandDefinition = {
  name: 'keygen',
  group: GROUPS.write,
  summary: 'create a WireGuard key pair or a pre-shared key',
  description:
    'Creates a WireGuard key pair, or a pre-shared key for a tunnel. Writes the secret part to a file that only its owner can read, or to stdout with --stdout, and prints the public key.',
  examples: [
    [
      'vpnctl keygen wireguard --out hq.key',
      'prints the public key; in the file: privateKey: { file: hq.key }',
    ],
    ['vpnctl keygen psk --stdout | pass insert -e berlin', 'directly into a secret store'],
  ],
  exits: NEW_FILE,
  exitMeanings: { refused: FILE_EXISTS },
  configure: (command) => {
    command
      .addArgument(new Argument('<what>', 'what to create').choices(['wireguard', 'psk']))
      .optionsGroup('Output:')
      .option(
        '--out <file>',
        'write the secret part to this file, mode 0600',
        outputFile('--stdout prints it'),
      )
      .option('--stdout', 'print the secret part; the public key goes to stderr')
      .option('--force', 'replace an existing file')
  },
  run: lazily(() => import('./run.ts')),
}
