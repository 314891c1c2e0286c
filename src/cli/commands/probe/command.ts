import { addFileOptions, addFormatOption, addRemoteOptions, positiveDuration } from '../../flags/options.ts'
import { type CommandDefinition, GROUPS, lazily } from '../command.ts'
import { READING } from '../exits.ts'

export const probeCommand: CommandDefinition = {
  name: 'probe',
  group: GROUPS.look,
  summary: 'check that gateways answer',
  description:
    'Sends a WireGuard handshake to each gateway that has a canary (a peer with "probe"), and the first message of IKE to the gateway of each tunnel, from this machine; resolves the host names of peers and tunnels. Reads the API only where the files lack the key of a gateway. Exits 9 when something that should answer does not.',
  examples: [
    ['vpnctl probe', 'everything in vpn.yaml that can be probed'],
    ['vpnctl probe wireguardgateways/hq', 'one gateway'],
    ['vpnctl probe --format json', 'for a program'],
  ],
  exits: [...READING, 'invalid'],
  exitMeanings: {
    ok: 'everything that was probed answers, or the files have nothing to probe',
    invalid: 'the desired state is invalid, a canary has no key, or ADDRESS has nothing to probe',
    notConverged: 'something that should answer does not, or the run took longer than --timeout',
  },
  configure: (command) => {
    command
      .argument('[address]', 'only this gateway, canary or tunnel, with everything below it')
      .optionsGroup('Probe:')
      .option('--wait <duration>', 'time for an answer', positiveDuration, 1_800)
    addFileOptions(command)
    addRemoteOptions(command)
    addFormatOption(command)
  },
  run: lazily(() => import('./run.ts')),
}
