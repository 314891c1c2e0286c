import { formatsOf } from '../../../report/formats.ts'
import { addFileOptions, addFormatOption } from '../../flags/options.ts'
import { addReportOption } from '../../output/reports.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { FILES } from '../exits.ts'

export const validateCommand: CommandDefinition = {
  name: 'validate',
  group: GROUPS.main,
  summary: 'check the files, offline',
  description:
    'Checks the files and reports all errors that it finds, with their positions. After a syntax error nothing else is checked, and the value of an unknown field is checked once the field has a known name. Offline; needs no account and no secrets.',
  examples: [
    ['vpnctl validate', 'check vpn.yaml'],
    ['vpnctl validate -f vpn/ --strict', 'a folder; warnings count as errors'],
    ['vpnctl validate --report sarif=vpn.sarif', 'in addition to the text: a report for code scanning'],
  ],
  exits: FILES,
  exitMeanings: { ok: 'the files are valid, also with warnings unless --strict' },
  configure: (command) => {
    addFileOptions(command)
      .optionsGroup('Checks:')
      .option('--strict', 'warnings count as errors')
      .option('--resolve-secrets', 'read the secrets too, and check their format')
    addFormatOption(command, formatsOf('diagnostics'))
    addReportOption(command, formatsOf('diagnostics'))
  },
  run: lazily(() => import('./run.ts')),
}
