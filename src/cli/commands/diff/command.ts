import { formatsOf } from '../../../report/formats.ts'
import { addFileOptions, addFormatOption, targetOption } from '../../flags/options.ts'
import { addMarkdownOptions, addReportOption } from '../../output/reports.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { FILES } from '../exits.ts'

export const diffCommand: CommandDefinition = {
  name: 'diff',
  group: GROUPS.main,
  summary: 'compare two versions of the files; offline',
  description:
    'Shows what changes from one version of the files to another, as plan shows changes. A version is a file, a folder, git:REF for the files of -f at a commit, or git:REF:PATH. Offline: needs no account, reads no secrets, and knows nothing about live resources. Secrets are compared by their references and rotatedAt.',
  examples: [
    ['vpnctl diff git:origin/main', 'from the main branch to vpn.yaml'],
    ['vpnctl diff git:v1 git:v2 -f vpn/', 'a folder at two commits'],
    ['vpnctl diff old.yaml new.yaml --format markdown', 'the comment for a pull request without credentials'],
  ],
  exits: [...FILES, 'changes', 'refused'],
  exitMeanings: {
    ok: 'done, also with differences unless --detailed-exitcode',
    changes: 'there are differences (with --detailed-exitcode)',
    refused: 'a plan of the later version would be refused',
  },
  configure: (command) => {
    command
      .argument('<before>', 'the earlier version')
      .argument('[after]', 'the later version (default: the files of -f)')
      .optionsGroup('Diff:')
      .addOption(targetOption())
    addFileOptions(command)
    addFormatOption(command, formatsOf('plan'))
    addReportOption(command, formatsOf('plan'))
    addMarkdownOptions(command).option('--detailed-exitcode', 'exit 2 when there are differences')
  },
  run: lazily(() => import('./run.ts')),
}
