import { Argument } from 'commander'
import { type CommandDefinition, GROUPS } from '../command.ts'
import type { KeygenFlags } from './run.ts'

export const keygenCommand: CommandDefinition = {
  name: 'keygen',
  group: GROUPS.write,
  summary: 'make a WireGuard key pair or a pre-shared key',
  description:
    'Makes a WireGuard key pair, or a pre-shared key for a tunnel. The secret part goes to a file that its owner alone can read, or to stdout when asked; the public key is printed.',
  examples: [
    [
      'vpnctl keygen wireguard --out hq.key',
      'prints the public key; in the file: privateKey: { file: hq.key }',
    ],
    ['vpnctl keygen psk --stdout | pass insert -e berlin', 'straight into a secret store'],
  ],
  configure: (command) => {
    command
      .addArgument(new Argument('<what>', 'what to make').choices(['wireguard', 'psk']))
      .optionsGroup('Output:')
      .option('--out <file>', 'write the secret part here, mode 0600')
      .option('--stdout', 'print the secret part; the public key goes to stderr')
      .option('--force', 'replace an existing file')
  },
  run: async (context, flags: KeygenFlags, [what]) =>
    (await import('./run.ts')).keygen(context, what === 'psk' ? 'psk' : 'wireguard', flags),
}
