import { Argument } from 'commander'
import { escapedDocument } from '../../../model/safe-text.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import { OFFLINE } from '../exits.ts'
import { COMPLETION_SCRIPTS, SHELLS } from './scripts.ts'

export const completionCommand: CommandDefinition = {
  name: 'completion',
  group: GROUPS.setup,
  summary: 'print the completion script of a shell',
  description:
    'Prints a script that makes the shell complete commands, flags, their values, locations, and the addresses of the files.',
  examples: [
    ['source <(vpnctl completion bash)', 'for ~/.bashrc; the same for zsh, after compinit'],
    ['vpnctl completion fish > ~/.config/fish/completions/vpnctl.fish', 'once'],
  ],
  exits: OFFLINE,
  configure: (command) => {
    command.addArgument(new Argument('<shell>', 'the shell').choices(SHELLS))
  },
  run: async (context, _flags, [shell]: readonly [(typeof SHELLS)[number]]) => {
    context.document(escapedDocument(COMPLETION_SCRIPTS[shell]))
    return 0
  },
}
