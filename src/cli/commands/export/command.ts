import { addRemoteOptions, collect, targetOption } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import type { ExportFlags } from './run.ts'

export const exportCommand: CommandDefinition = {
  name: 'export',
  group: GROUPS.write,
  summary: 'write a file of what is live',
  description:
    'Writes YAML of what is live: ids pinned, so that the next plan finds nothing to change, and secrets as references, which are listed on stderr. Sends reads only. Reads every location, or the one of a fixed endpoint.',
  examples: [
    ['vpnctl export --stack acme-prod --out vpn.yaml', 'put an estate that exists under management'],
    ['vpnctl export --location de/fra --gateway hq', 'one gateway with its peers, to stdout'],
    ['vpnctl export --target "*/peers/anna-*"', 'what matches, with the gateways around it'],
  ],
  configure: (command) => {
    command
      .optionsGroup('What:')
      .option('--location <location>', 'only this location; may be repeated', collect)
      .option('--gateway <name>', 'only this gateway, with what is below it; may be repeated', collect)
      .addOption(targetOption())
      .option('--stack <name>', 'the stack of the file', 'imported')
      .optionsGroup('Output:')
      .option('--out <file>', 'write it here instead of to stdout')
      .option('--force', 'replace the file of --out')
    addRemoteOptions(command)
  },
  run: async (context, flags: ExportFlags) => (await import('./run.ts')).exportLive(context, flags),
}
