import { type Command, Option } from 'commander'
import { APPLY_DEFAULTS } from '../../../apply/options.ts'
import { formatsOf } from '../../../report/formats.ts'
import { Failure } from '../../failure.ts'
import {
  addBaselineOptions,
  addFileOptions,
  addFormatOption,
  addPlanOptions,
  addRemoteOptions,
  duration,
  positiveInteger,
} from '../../flags/options.ts'
import { addReportOption } from '../../output/reports.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import { WRITING } from '../exits.ts'
import type { ApplyFlags } from './run.ts'

/** The flags of {@link WriteFlags}. `yes`: what is done without a question; `heading`: when they mean something. */
export function addWriteOptions(
  command: Command,
  { yes = 'apply without asking', heading = 'Apply:' } = {},
): Command {
  return command
    .optionsGroup(heading)
    .option('-y, --yes', yes)
    .option('--no-wait', 'do not wait until the last written resources are available')
    .option('--wait-timeout <duration>', 'time for one resource to become available', duration, 1_800_000)
    .option('--no-verify', 'skip the verification plan')
}

function addRolloutOptions(command: Command): Command {
  return command
    .option(
      '--max-disruptive <n>',
      'how many gateways disruptive changes may interrupt at a time; the others wait',
      positiveInteger,
      APPLY_DEFAULTS.maxDisruptive,
    )
    .option(
      '--probe',
      'probe each gateway that was interrupted before the next one is, and at the end all that was applied',
    )
}

export const applyCommand: CommandDefinition = {
  name: 'apply',
  writesLive: true,
  group: GROUPS.main,
  summary: 'apply the changes',
  description:
    'Shows the plan, asks, and changes live resources to match the files. After an interruption or an error, run it again to complete it.',
  examples: [
    ['vpnctl apply', 'plan, ask, apply'],
    ['vpnctl apply --yes', 'in a pipeline'],
    ['vpnctl apply --base git:HEAD~1 --on-drift refuse', 'not if it would undo what someone changed live'],
    ['vpnctl apply plan.json', 'apply exactly what "plan --out plan.json" saved, or nothing'],
  ],
  exits: [...WRITING, 'stale'],
  exitMeanings: {
    notConverged:
      'not done yet: the run took longer than --timeout, a resource is FAILED or not ready, someone changed it during the run, the follow-up plan shows changes, or a probe failed (with --probe)',
  },
  configure: (command) => {
    command.argument(
      '[plan]',
      'apply this saved plan, without asking; plans again from its files and live, and refuses if the result would be other changes (exit code 7)',
    )
    addFileOptions(command)
    addBaselineOptions(addPlanOptions(command))
    addRolloutOptions(addWriteOptions(command)).addOption(
      new Option(
        '--on-stale <what>',
        'for a saved plan: if the files or live changed since then, "abort" (default) or "skip" the changed resources',
      ).choices(['abort', 'skip']),
    )
    addRemoteOptions(command)
    addReportOption(addFormatOption(command), formatsOf('apply'))
  },
  run: async (context, flags: ApplyFlags, [file]: readonly [string?]) => {
    if (file !== undefined) return (await import('./run-saved.ts')).applySavedPlan(context, flags, file)
    if (flags.onStale !== undefined) {
      throw new Failure('usage', '--on-stale is for a saved plan', {
        hint: 'name it: vpnctl apply FILE --on-stale skip',
      })
    }
    return (await import('./run.ts')).applyFiles(context, flags)
  },
}
