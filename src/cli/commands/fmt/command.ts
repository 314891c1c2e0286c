import { collect } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import { FILES } from '../exits.ts'
import type { FmtFlags } from './run.ts'

export const fmtCommand: CommandDefinition = {
  name: 'fmt',
  group: GROUPS.write,
  summary: 'format files: canonical order of keys and form of values',
  description:
    'Formats vpnctl files: keys in the order of the schema, values in canonical form. Keeps comments, anchors, the order of lists and the meaning of the file. Offline. Without --check and --write it prints the formatted file; then only one file can be given.',
  examples: [
    ['vpnctl fmt --write', 'format vpn.yaml in place'],
    ['vpnctl fmt -f vpn/ --check', 'in a pipeline: exit 2 and list the files that are not formatted'],
    ['vpnctl fmt --write a.yaml b.yaml', 'in a commit hook'],
    ['vpnctl fmt -f - < vpn.yaml', 'as a filter, for editors'],
  ],
  exits: [...FILES, 'changes'],
  exitMeanings: { changes: 'a file is not formatted (with --check)' },
  configure: (command) => {
    command
      .argument('[files...]', 'files to format, as with -f')
      .optionsGroup('Files:')
      .option(
        '-f, --file <path>',
        'file, folder, glob or - for stdin; may be repeated (default: vpn.yaml)',
        collect,
      )
      .option('--check', 'write nothing; exit 2 when a file is not formatted')
      .option('--write', 'format the files in place')
  },
  run: async (context, flags: FmtFlags, [names = []]: readonly [(readonly string[])?]) => {
    const file = [...(flags.file ?? []), ...names]
    return (await import('./run.ts')).format(context, file.length === 0 ? flags : { ...flags, file })
  },
}
