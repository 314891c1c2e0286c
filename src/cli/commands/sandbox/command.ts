import { collect, DEFAULT_DATA, nonNegativeInteger, port, shortDuration } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { OFFLINE } from '../exits.ts'

export const sandboxCommand: CommandDefinition = {
  name: 'sandbox',
  group: GROUPS.setup,
  summary: 'serve the embedded API on loopback',
  description:
    'Serves the whole API on 127.0.0.1, to try vpnctl and to test a pipeline, also with injected faults. Accepts every token, user and password; a request without credentials is answered with 401. Use a token of 10 characters or more: vpnctl masks it wherever an answer contains it, and a short one may be a part of a name. The first path segment can select another location: /de-txl/wireguardgateways.',
  examples: [
    [
      'vpnctl sandbox --port 8080',
      'then: IONOS_TOKEN=throw-away vpnctl plan --endpoint http://127.0.0.1:8080',
    ],
    [
      'vpnctl sandbox',
      'several locations: IONOS_TOKEN=throw-away vpnctl plan --endpoint "http://127.0.0.1:8080/{location}"',
    ],
    [
      "vpnctl sandbox --fault '429:0.1,500:0.05,reset-after:0.02' --seed 7",
      'injected faults, reproducible by the seed',
    ],
  ],
  exits: OFFLINE,
  configure: (command) => {
    command
      .optionsGroup('Server:')
      .option('--port <port>', 'port on 127.0.0.1; 0 takes a free one', port, 8080)
      .option('--data <file>', 'file that keeps the state', DEFAULT_DATA)
      .option('--memory', 'keep the state in memory instead')
      .optionsGroup('Behaviour:')
      .option(
        '--latency <duration>',
        'delay of each response; a number without unit is milliseconds',
        shortDuration,
        0,
      )
      .option(
        '--provision <duration>',
        'time that a creation takes, from PROVISIONING to AVAILABLE; a number without unit is milliseconds',
        shortDuration,
        0,
      )
      .option(
        '--destroy-time <duration>',
        'time that a deletion takes, from DESTROYING to gone; a number without unit is milliseconds',
        shortDuration,
        0,
      )
      .option(
        '--strict-parent',
        'reject a write to a child while its gateway is busy; each such write makes the gateway busy',
      )
      .option('--hide-destroying', 'omit resources that are being destroyed from lists')
      .option(
        '--read-lag <duration>',
        'reads return the state of this long ago; a number without unit is milliseconds',
        shortDuration,
        0,
      )
      .optionsGroup('Faults:')
      .option(
        '--fault <kind:share,...>',
        'a status from 400 to 599, reset-before, reset-after, truncate, hang, html or empty, each with a share of the requests',
      )
      .option(
        '--seed <n>',
        'seed of the injected faults; the same seed gives the same faults',
        nonNegativeInteger,
        1,
      )
      .option('--rate <n/s>', 'answer 429 above this rate of requests per second')
      .option('--fail <name>', 'a resource with this name becomes FAILED; may be repeated', collect)
      .option(
        '--fail-first-get-after-delete',
        'answer 500 to the first GET after a DELETE, for 3 s; not for peers',
      )
  },
  run: lazily(() => import('./run.ts')),
}
