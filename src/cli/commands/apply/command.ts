import { type Command, Option } from 'commander'
import {
  addFileOptions,
  addFormatOption,
  addPlanOptions,
  addRemoteOptions,
  duration,
} from '../../flags/options.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import type { ApplyFlags } from './run.ts'

/** The flags of {@link WriteFlags}. */
export function addWriteOptions(command: Command): Command {
  return command
    .optionsGroup('Apply:')
    .option('-y, --yes', 'do not ask')
    .option('--no-wait', 'do not wait until what was written last is available')
    .option('--wait-timeout <duration>', 'time for one resource to become available', duration, 1_800_000)
    .option('--no-verify', 'do not plan once more after the writes')
}

export const applyCommand: CommandDefinition = {
  name: 'apply',
  writesLive: true,
  group: GROUPS.main,
  summary: 'make it so',
  description:
    'Shows the plan, asks, and makes live what the files say. Whatever happens on the way, running it again repairs it.',
  examples: [
    ['vpnctl apply', 'plan, ask, apply'],
    ['vpnctl apply --yes', 'in a pipeline'],
    ['vpnctl apply plan.json', 'exactly what "plan --out plan.json" saved, or nothing'],
  ],
  configure: (command) => {
    command.argument('[plan]', 'a saved plan: exactly that, without a question')
    addFileOptions(command)
    addPlanOptions(command)
    addWriteOptions(command).addOption(
      new Option(
        '--on-stale <what>',
        'with a saved plan, when something live moved: apply nothing (the default), or the rest',
      ).choices(['abort', 'skip']),
    )
    addRemoteOptions(command)
    addFormatOption(command)
  },
  run: async (context, flags: ApplyFlags, [file]) =>
    typeof file === 'string'
      ? (await import('./run-saved.ts')).applySavedPlan(context, flags, file)
      : (await import('./run.ts')).applyFiles(context, flags),
}
