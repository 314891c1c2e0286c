import { Option } from 'commander'
import { addFileOptions, addPlanOptions, addRemoteOptions } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import type { GraphFlags } from './run.ts'

export const graphCommand: CommandDefinition = {
  name: 'graph',
  group: GROUPS.look,
  summary: 'draw gateways, LANs, peers and tunnels',
  description:
    'Draws the gateways of the files with their LANs, peers and tunnels. Offline; with --plan it reads what is live and colours each resource by what apply would do to it.',
  examples: [
    ['vpnctl graph', 'Mermaid, for a README or a pull request'],
    ['vpnctl graph --format html --out vpn.html', 'a page to look at'],
    ['vpnctl graph --plan --format svg --out plan.svg', 'coloured by what apply would do'],
  ],
  configure: (command) => {
    addFileOptions(command)
    command
      .optionsGroup('Picture:')
      .addOption(
        new Option('--format <format>', 'form of the picture')
          .choices(['mermaid', 'dot', 'svg', 'html'])
          .default('mermaid'),
      )
      .option('--plan', 'compare with what is live; the options below are for this')
      .option('--out <file>', 'write it here instead of to stdout')
    addPlanOptions(command)
    addRemoteOptions(command)
  },
  run: async (context, flags: GraphFlags) => (await import('./run.ts')).drawGraph(context, flags),
}
