import type { Command } from 'commander'
import { InvalidArgumentError, Option } from 'commander'
import { formatsOf } from '../../../report/formats.ts'
import {
  addFileOptions,
  addFormatOption,
  addRemoteOptions,
  appliedOption,
  collectAddress,
  duration,
  locationOption,
  nonNegativeInteger,
  onlyLocationOption,
  outputFile,
  targetOption,
} from '../../flags/options.ts'
import { addMarkdownOptions, addReportOption } from '../../output/reports.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { PLANNING } from '../exits.ts'

const ONE_HOUR_MS = 3_600_000
const LARGEST_EXIT_CODE = 255

export const driftCommand: CommandDefinition = {
  name: 'drift',
  group: GROUPS.main,
  summary: 'show what differs from the files, since when and by whom; read-only',
  description:
    'Shows where live differs from the files: changed, missing, unmanaged, failed or stuck resources, with who changed them and when, and how severe it is. Exits 2 when there is drift. For scheduled runs; read-only, needs no secrets.',
  examples: [
    ['vpnctl drift', 'does live match the files?'],
    ['vpnctl drift --format json', 'the same for programs'],
    ['vpnctl drift --report junit=drift.xml', 'in addition to the text: one test case per resource'],
    ['vpnctl drift --ignore wireguardgateways/hq:tier', 'ignore one field of one gateway'],
    ['vpnctl drift --metrics-file vpnctl.prom', 'for Prometheus'],
  ],
  exits: [...PLANNING, 'changes'],
  exitMeanings: {
    ok: 'no drift',
    changes: 'there is drift (--drift-exit-code changes the number)',
    refused: 'a --target names nothing',
  },
  configure: (command) => {
    addFileOptions(command)
    addDriftOptions(command)
    addRemoteOptions(command)
    addFormatOption(command, formatsOf('drift'))
    addReportOption(command, formatsOf('drift'))
    addMarkdownOptions(command)
      .option('--drift-exit-code <n>', 'exit code when there is drift (default: 2)', smallExitCode)
      .option('--metrics-file <path>', 'write metrics in the Prometheus text format', outputFile())
    addWebhookOptions(command)
  },
  run: lazily(() => import('./run.ts')),
}

function addDriftOptions(command: Command): void {
  command
    .optionsGroup('Drift:')
    .addOption(targetOption())
    .addOption(locationOption())
    .addOption(onlyLocationOption())
    .addOption(appliedOption('to separate drift from what is merged and not applied yet'))
    .option(
      '--ignore <address[:field]>',
      'ignore this difference; * matches anything; children are not included; may be repeated',
      collectAddress,
    )
    .option(
      '--stuck-after <duration>',
      'a resource neither available nor failed for longer is drift',
      duration,
      ONE_HOUR_MS,
    )
}

function addWebhookOptions(command: Command): void {
  command
    .optionsGroup('Notification:')
    // Checked where the value cannot get into a message: it may contain a token.
    .option('--webhook <url>', 'post the report to this URL, once (default: VPNCTL_WEBHOOK)')
    .addOption(
      new Option('--webhook-format <format>', 'format of the posted report')
        .choices(['json', 'slack', 'teams'])
        .default('json'),
    )
    .addOption(
      new Option('--webhook-on <when>', 'when to post').choices(['drift', 'always']).default('drift'),
    )
}

function smallExitCode(text: string): number {
  const code = nonNegativeInteger(text)
  if (code > LARGEST_EXIT_CODE) throw new InvalidArgumentError('It must be a number from 0 to 255.')
  return code
}
