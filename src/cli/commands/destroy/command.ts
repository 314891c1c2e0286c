import { Option } from 'commander'
import { formatsOf } from '../../../report/formats.ts'
import {
  addFileOptions,
  addFormatOption,
  addRemoteOptions,
  locationOption,
  onlyLocationOption,
  outputFile,
  targetOption,
} from '../../flags/options.ts'
import { addReportOption } from '../../output/reports.ts'
import { addWriteOptions } from '../apply/command.ts'
import type { DestroyFlags } from '../apply/run.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import { WRITING } from '../exits.ts'
import type { PlanCommandFlags } from '../plan/run.ts'

export const destroyCommand: CommandDefinition = {
  name: 'destroy',
  writesLive: true,
  group: GROUPS.main,
  summary: 'delete everything that this stack owns or adopted',
  description:
    'Deletes what this stack owns and what the files adopted by id (the plan marks it ADOPTED), children first, and nothing else. If any of it is protected, or contains resources that this stack neither owns nor adopted, nothing is deleted (--prune all allows unmanaged ones). Asks for the name of the stack, since the wrong -f would delete another one; --yes skips the question. With --out it deletes nothing and saves the plan.',
  examples: [
    ['vpnctl destroy', 'show what is deleted, ask for the name of the stack'],
    ['vpnctl destroy --out destroy.json', 'delete nothing; save the plan for a review and "apply FILE"'],
    [
      'vpnctl destroy --prune all --target wireguardgateways/lab',
      'one gateway, including its unmanaged children',
    ],
  ],
  exits: WRITING,
  exitMeanings: {
    invalid: 'the desired state is invalid',
    refused: 'refused by a safety rule: protect, unmanaged children, --target that names nothing',
  },
  configure: (command) => {
    addFileOptions(command)
      .optionsGroup('Plan:')
      .addOption(targetOption())
      .addOption(
        new Option(
          '--prune <what>',
          'what to delete with a gateway: "owned" children only (default), or "all"',
        ).choices(['owned', 'all']),
      )
      .addOption(locationOption())
      .addOption(onlyLocationOption())
      .option(
        '--out <file>',
        'delete nothing; save the plan, for "show FILE" and "apply FILE"',
        outputFile('--format json prints the plan'),
      )
    addWriteOptions(command, { yes: 'delete without asking for the name of the stack', heading: 'Destroy:' })
    addRemoteOptions(command)
    addReportOption(addFormatOption(command), formatsOf('apply'))
  },
  run: async (context, flags: DestroyFlags & Pick<PlanCommandFlags, 'out' | 'format'>) =>
    flags.out === undefined
      ? (await import('../apply/run.ts')).destroyStack(context, flags)
      : (await import('../plan/run.ts')).showPlan(context, flags, true),
}
