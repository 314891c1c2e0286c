import { Option } from 'commander'
import {
  addFileOptions,
  addPlanOptions,
  addRemoteOptions,
  ON_STDOUT,
  outputFile,
} from '../../flags/options.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { PLANNING } from '../exits.ts'

export const graphCommand: CommandDefinition = {
  name: 'graph',
  group: GROUPS.look,
  summary: 'draw gateways, LANs, peers and tunnels',
  description:
    'Draws the gateways of the files with their LANs, peers and tunnels. Offline; with --plan it reads live resources and colours each resource by its planned action.',
  examples: [
    ['vpnctl graph', 'Mermaid, for a README or a pull request'],
    ['vpnctl graph --format html --out vpn.html', 'a page for the browser'],
    ['vpnctl graph --plan --format svg --out plan.svg', 'coloured by planned action'],
  ],
  exits: PLANNING,
  exitMeanings: { refused: 'refused: the file of --out already exists, and is not a diagram' },
  configure: (command) => {
    addFileOptions(command)
    command
      .optionsGroup('Diagram:')
      .addOption(
        new Option('--format <format>', 'format of the diagram')
          .choices(['mermaid', 'dot', 'svg', 'html'])
          .default('mermaid'),
      )
      .option('--plan', 'compare with live; the options under Plan and API are for this')
      .option('--out <file>', 'write to this file instead of stdout', outputFile(ON_STDOUT))
    addPlanOptions(command)
    addRemoteOptions(command)
  },
  run: lazily(() => import('./run.ts')),
}
