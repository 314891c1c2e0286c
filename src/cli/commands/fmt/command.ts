import { collect } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import type { FmtFlags } from './run.ts'

export const fmtCommand: CommandDefinition = {
  name: 'fmt',
  group: GROUPS.write,
  summary: 'put files in canonical order and spelling',
  description:
    'Puts members in the order of the schema and values in their one spelling. Comments, anchors, the order of lists and what the file says stay. Offline. Without --check and --write it prints the one file that is named.',
  examples: [
    ['vpnctl fmt --write', 'format vpn.yaml in place'],
    ['vpnctl fmt -f vpn/ --check', 'in a pipeline: exit 2 and name the files that are not formatted'],
    ['vpnctl fmt --write a.yaml b.yaml', 'what a commit hook runs'],
    ['vpnctl fmt -f - < vpn.yaml', 'as a filter, for editors'],
  ],
  configure: (command) => {
    command
      .argument('[files...]', 'as with -f')
      .optionsGroup('Files:')
      .option(
        '-f, --file <path>',
        'file, folder, glob or - for stdin; may be repeated (default: vpn.yaml)',
        collect,
      )
      .option('--check', 'write nothing; exit 2 when a file is not formatted')
      .option('--write', 'format the files in place')
  },
  run: async (context, flags: FmtFlags, [names]) => {
    const file = [...(flags.file ?? []), ...(Array.isArray(names) ? names : [])]
    return (await import('./run.ts')).format(context, file.length === 0 ? flags : { ...flags, file })
  },
}
