import { formatsOf } from '../../../report/formats.ts'
import {
  addBaselineOptions,
  addFileOptions,
  addFormatOption,
  addPlanOptions,
  addRemoteOptions,
  outputFile,
} from '../../flags/options.ts'
import { addMarkdownOptions, addReportOption } from '../../output/reports.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import { CHANGES, PLANNING } from '../exits.ts'
import type { PlanCommandFlags } from './run.ts'

export const planCommand: CommandDefinition = {
  name: 'plan',
  group: GROUPS.main,
  summary: 'show what would change; read-only',
  description:
    'Compares the files with live resources and shows what apply would do. Read-only, needs no secrets.',
  examples: [
    ['vpnctl plan', 'what would change?'],
    ['vpnctl plan --detailed-exitcode', 'exit 2 when there are changes'],
    ['vpnctl plan --out plan.json', 'save it, have it reviewed, then: vpnctl apply plan.json'],
    [
      'vpnctl plan --base git:origin/main',
      'in a pull request: its own changes, and the drift that apply would revert',
    ],
    ['vpnctl plan --report markdown=plan.md', 'in addition to the text: a comment for a pull request'],
    ['vpnctl plan --target wireguardgateways/hq', 'one gateway with its peers'],
  ],
  exits: [...PLANNING, 'changes'],
  exitMeanings: { ok: 'done, also with changes unless --detailed-exitcode', changes: CHANGES },
  configure: (command) => {
    addFileOptions(command)
    addBaselineOptions(addPlanOptions(command))
    addRemoteOptions(command)
    addFormatOption(command, formatsOf('plan')).option(
      '--out <file>',
      'save the plan, for "apply FILE" and "show FILE"',
      outputFile('--format json prints the plan'),
    )
    command.option('--reviewed <file>', 'saved plan that was reviewed: shows what is different now')
    addReportOption(command, formatsOf('plan'))
    addMarkdownOptions(command).option('--detailed-exitcode', 'exit 2 when there are changes')
  },
  run: async (context, flags: PlanCommandFlags) => (await import('./run.ts')).showPlan(context, flags),
}
