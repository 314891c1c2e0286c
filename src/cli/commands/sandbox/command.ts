import { collect, nonNegativeInteger, port, shortDuration } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS } from '../command.ts'
import type { SandboxFlags } from './run.ts'

export const sandboxCommand: CommandDefinition = {
  name: 'sandbox',
  group: GROUPS.setup,
  summary: 'serve the embedded API on loopback',
  description:
    'Serves the whole API on 127.0.0.1, for trying things out and for rehearsing a pipeline, faults among them. Any credentials do. A first segment of the path is another location: /de-txl/wireguardgateways.',
  examples: [
    ['vpnctl sandbox --port 8080', 'then: vpnctl plan --endpoint http://127.0.0.1:8080'],
    ['vpnctl sandbox', 'several locations: vpnctl plan --endpoint "http://127.0.0.1:8080/{location}"'],
    ["vpnctl sandbox --fault '429:0.1,500:0.05,reset-after:0.02' --seed 7", 'a bad day, the same every time'],
  ],
  configure: (command) => {
    command
      .optionsGroup('Server:')
      .option('--port <port>', 'port on 127.0.0.1; 0 takes a free one', port, 8080)
      .option('--data <file>', 'where the state is kept', '.vpnctl/sandbox.json')
      .option('--memory', 'keep the state in memory instead')
      .optionsGroup('Behaviour:')
      .option(
        '--latency <duration>',
        'time before each answer; a bare number is milliseconds',
        shortDuration,
        0,
      )
      .option('--provision <duration>', 'time from PROVISIONING to AVAILABLE', shortDuration, 0)
      .option('--destroy <duration>', 'time from DESTROYING to gone', shortDuration, 0)
      .option('--strict-parent', "refuse a child's write while its gateway is busy, and make it busy by each")
      .option('--hide-destroying', 'leave out of lists what is being destroyed')
      .option('--read-lag <duration>', 'reads show what was there so long ago', shortDuration, 0)
      .optionsGroup('Faults:')
      .option(
        '--fault <kind:share,...>',
        '429, 500, 503, reset-before, reset-after, truncate, hang, html, empty',
      )
      .option('--seed <n>', 'the same faults each time', nonNegativeInteger, 1)
      .option('--rate <n/s>', 'requests a second before it answers 429')
      .option('--fail <name>', 'a resource of this name ends FAILED; may be repeated', collect)
      .option(
        '--fail-first-get-after-delete',
        'answer 500 to the first GET after a DELETE, for 3 s; not for peers',
      )
  },
  run: async (context, flags: SandboxFlags) => (await import('./run.ts')).serve(context, flags),
}
