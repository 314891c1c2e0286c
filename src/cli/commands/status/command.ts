import { Option } from 'commander'
import {
  addFileOptions,
  addFormatOption,
  addRemoteOptions,
  duration,
  locationOption,
  onlyLocationOption,
  targetOption,
} from '../../flags/options.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { READING } from '../exits.ts'
import { SORTS, STATUS_FORMATS } from './choices.ts'

export const statusCommand: CommandDefinition = {
  name: 'status',
  group: GROUPS.look,
  summary: 'show live resources and their owners',
  description:
    'Shows the live gateways with their peers and tunnels, one line each: status, addresses, the stack that owns them, age, and the last change. Needs no file; a file gives the stack, its neighbours and the locations to read, and its variables need no values.',
  examples: [
    ['vpnctl status', 'all live resources in the locations of vpn.yaml, or in de/fra'],
    ['vpnctl status --location de/txl --location us/ewr', 'read these locations too'],
    ['vpnctl status --unhealthy --wide', 'resources that are not AVAILABLE, with ids and dates'],
    ['vpnctl status --watch', 'refresh until Ctrl-C'],
  ],
  exits: [...READING, 'invalid'],
  exitMeanings: {
    error: 'nothing live has this address, or any other error',
    invalid:
      'a file of -f does not exist, or (with --probe) the files are invalid; without --probe, invalid files are ignored with a warning',
    notConverged: 'the run took longer than --timeout, or a probe failed (with --probe)',
  },
  configure: (command) => {
    command
      .optionsGroup('Status:')
      .addOption(locationOption())
      .addOption(onlyLocationOption())
      .addOption(targetOption())
      .option('--owned', 'only resources that this stack owns or adopted')
      .option('--unhealthy', 'only resources that are not AVAILABLE')
      .addOption(
        new Option('--sort <column>', 'order of the rows (default: gateways with their children)').choices(
          SORTS,
        ),
      )
      .option('--wide', 'show ids, tiers and exact dates too')
      .addOption(new Option('--probe', 'also probe what the files declare').conflicts('watch'))
      .option(
        '--watch',
        'refresh repeatedly until it is stopped, and exit 0 then; without a terminal, print the table again when it changed',
      )
      .option('--interval <duration>', 'time between two refreshes of --watch', duration, 5_000)
    addFormatOption(command, STATUS_FORMATS)
    addFileOptions(command)
    addRemoteOptions(command)
  },
  run: lazily(() => import('./run.ts')),
}
