import type { Row } from './explanation.ts'

/** VPN7xx: the embedded sandbox of the API. */
export const SANDBOX_CODES: readonly Row[] = [
  [
    'VPN701',
    'Unknown fault',
    'The sandbox was asked for a fault that it does not know, or for more faults than requests.',
    'The test would run in better weather than meant.',
    'See the names that --fault accepts; the maximum sum of the probabilities is 1.',
    'vpnctl sandbox --fault rain:1',
    'vpnctl sandbox --help',
  ],
  [
    'VPN702',
    'No rate',
    'The rate limit of the sandbox cannot be read.',
    'Requests would not be slowed.',
    'See the form that --help shows.',
    'vpnctl sandbox --rate fast',
    'vpnctl sandbox --rate 5/s',
  ],
  [
    'VPN703',
    'No sandbox state',
    'The state file holds something else.',
    'It would be overwritten.',
    'Name another file with --data, or remove it.',
    'vpnctl sandbox --data vpn.yaml',
    'vpnctl sandbox --data .vpnctl/sandbox.json',
  ],
  [
    'VPN704',
    'State file cannot be used',
    'The state file of the sandbox may not be read or written, or another process uses it.',
    'What the sandbox holds would be lost: of two processes, the one that ends last would overwrite the work of the other.',
    'Check the path and its permissions; wait until the other process ends, or name another file with --data.',
    'vpnctl sandbox --data /nowhere/sandbox.json',
    'vpnctl sandbox --data .vpnctl/sandbox.json',
  ],
  [
    'VPN705',
    'Port cannot be used',
    'The port is taken, or needs more rights.',
    'The sandbox cannot listen.',
    'Choose another port; 0 takes a free one.',
    'vpnctl sandbox --port 80',
    'vpnctl sandbox --port 8080',
  ],
]
