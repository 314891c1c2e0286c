import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import { formatsOf } from '../../../report/formats.ts'
import {
  addFileOptions,
  addFormatOption,
  addRemoteOptions,
  collectAddress,
  duration,
  locationOption,
  nonNegativeInteger,
  onlyLocationOption,
  targetOption,
} from '../../flags/options.ts'
import { addMarkdownOptions, addReportOption } from '../../output/reports.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import type { DriftFlags } from './run.ts'

const ONE_HOUR_MS = 3_600_000
const LARGEST_EXIT_CODE = 255

export const driftCommand: CommandDefinition = {
  name: 'drift',
  group: GROUPS.main,
  summary: 'tell what differs from the file, since when and by whom; sends reads only',
  description:
    'Tells what is live and not as the files say: changed, missing, unmanaged, failed or stuck, with who did it and when, and how bad it is. Exits 2 when there is any. For schedules; sends reads only, needs no secrets.',
  examples: [
    ['vpnctl drift', 'is everything as it should be?'],
    ['vpnctl drift --format json', 'the same for programs'],
    ['vpnctl drift --report junit=drift.xml', 'a test case for each resource beside the text'],
    ['vpnctl drift --ignore wireguardgateways/hq:tier', 'accept one field of one gateway'],
    ['vpnctl drift --metrics-file vpnctl.prom', 'for Prometheus'],
  ],
  configure: (command) => {
    addFileOptions(command)
    addDriftOptions(command)
    addRemoteOptions(command)
    addFormatOption(command, formatsOf('drift'))
    addReportOption(command, formatsOf('drift'))
    addMarkdownOptions(command)
      .option('--drift-exit-code <n>', 'exit code when there is drift (default: 2)', smallExitCode)
      .option('--metrics-file <path>', 'write metrics in the text format of Prometheus')
    addWebhookOptions(command)
  },
  run: async (context, flags: DriftFlags) => (await import('./run.ts')).showDrift(context, flags),
}

function addDriftOptions(command: Command): void {
  command
    .optionsGroup('Drift:')
    .addOption(targetOption())
    .addOption(locationOption())
    .addOption(onlyLocationOption())
    .option(
      '--ignore <address[:field]>',
      'accept this difference; * is a wildcard; what is below is not meant; may be repeated',
      collectAddress,
    )
    .option('--stuck-after <duration>', 'neither ready nor failed for longer is drift', duration, ONE_HOUR_MS)
}

function addWebhookOptions(command: Command): void {
  command
    .optionsGroup('Notification:')
    // Checked where the value cannot get into a message: it may hold a token.
    .option('--webhook <url>', 'post the report there, once (default: VPNCTL_WEBHOOK)')
    .addOption(
      new Option('--webhook-format <format>', 'what the receiver understands')
        .choices(['json', 'slack', 'teams'])
        .default('json'),
    )
    .addOption(
      new Option('--webhook-on <when>', 'when to post').choices(['drift', 'always']).default('drift'),
    )
}

function smallExitCode(text: string): number {
  const code = nonNegativeInteger(text)
  if (code > LARGEST_EXIT_CODE) throw new InvalidArgumentError('It has to be a number from 0 to 255.')
  return code
}
