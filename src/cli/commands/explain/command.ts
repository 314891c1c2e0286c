import { addFormatOption } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import type { ExplainFlags } from './run.ts'

export const explainCommand: CommandDefinition = {
  name: 'explain',
  group: GROUPS.look,
  summary: 'what a code or a field of the file means',
  description:
    'Tells what a code of a diagnostic means, why it matters and how to mend it; or what a field of the file is for, what it may hold and what is below it. Without a topic it lists both.',
  examples: [
    ['vpnctl explain VPN301', 'what the code in brackets behind error or warning means'],
    ['vpnctl explain peers.allowedIPs', 'a field; the end of its path is enough'],
    ['vpnctl explain ipsecGateways --recursive', 'all fields of a kind'],
  ],
  configure: (command) => {
    command
      .argument('[topic]', 'a code such as VPN301, or a field such as peers.allowedIPs')
      .optionsGroup('Output:')
      .option('--recursive', 'all fields below, not one level of them')
    addFormatOption(command)
  },
  run: async (context, flags: ExplainFlags, [topic]) =>
    (await import('./run.ts')).explainTopic(context, typeof topic === 'string' ? topic : undefined, flags),
}
