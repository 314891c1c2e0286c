import { formatsOf } from '../../../report/formats.ts'
import { addFormatOption } from '../../flags/options.ts'
import { addMarkdownOptions, addReportOption } from '../../output/reports.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { CHANGES, OFFLINE } from '../exits.ts'

export const showCommand: CommandDefinition = {
  name: 'show',
  group: GROUPS.main,
  summary: 'show a saved plan; offline',
  description:
    'Shows a plan that "plan --out" saved, in the same formats as plan. Offline; reads only that file.',
  examples: [
    ['vpnctl show plan.json', 'what would "apply plan.json" do?'],
    ['vpnctl show plan.json --format markdown', 'the comment for a pull request'],
  ],
  exits: [...OFFLINE, 'changes', 'refused'],
  exitMeanings: {
    ok: 'done, also with changes unless --detailed-exitcode',
    changes: CHANGES,
    refused: 'the plan was refused when it was saved, so it cannot be applied',
  },
  configure: (command) => {
    command.argument('<plan>', 'a saved plan')
    addFormatOption(command, formatsOf('plan'))
    addReportOption(command, formatsOf('plan'))
    addMarkdownOptions(command).option('--detailed-exitcode', 'exit 2 when there are changes')
  },
  run: lazily(() => import('./run.ts')),
}
