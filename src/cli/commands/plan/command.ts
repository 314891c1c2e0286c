import { formatsOf } from '../../../report/formats.ts'
import { addFileOptions, addFormatOption, addPlanOptions, addRemoteOptions } from '../../flags/options.ts'
import { addMarkdownOptions, addReportOption } from '../../output/reports.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import type { PlanCommandFlags } from './run.ts'

export const planCommand: CommandDefinition = {
  name: 'plan',
  group: GROUPS.main,
  summary: 'show what would change; sends reads only',
  description:
    'Compares the files with what is live and shows what apply would do. Sends reads only, needs no secrets.',
  examples: [
    ['vpnctl plan', 'what would change?'],
    ['vpnctl plan --detailed-exitcode', 'exit 2 when something would'],
    ['vpnctl plan --out plan.json', 'save it, have it reviewed, then: vpnctl apply plan.json'],
    ['vpnctl plan --base git:origin/main', 'in a pull request: what it wants, and what it would undo'],
    ['vpnctl plan --report markdown=plan.md', 'a comment for a pull request beside the text'],
    ['vpnctl plan --target wireguardgateways/hq', 'one gateway with its peers'],
  ],
  configure: (command) => {
    addFileOptions(command)
    addPlanOptions(command).option(
      '--base <file|git:ref>',
      'the files before: tells what the change wants from what live drifted',
    )
    addRemoteOptions(command)
    addFormatOption(command, formatsOf('plan')).option(
      '--out <file>',
      'save the plan, for "apply FILE" and "show FILE"',
    )
    addReportOption(command, formatsOf('plan'))
    addMarkdownOptions(command).option('--detailed-exitcode', 'exit 2 when there are changes')
  },
  run: async (context, flags: PlanCommandFlags) => (await import('./run.ts')).showPlan(context, flags),
}
