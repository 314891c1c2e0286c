import { EXAMPLE_ENV } from '../support/examples.ts'

/** A slip that people make, and how to make it. */
export interface Mistake {
  readonly title: string
  /** What leads to it. */
  readonly story: string
  readonly file: 'quickstart.yaml' | 'site-to-site.yaml'
  /** Text of the example, and what is written instead. */
  readonly edits: readonly (readonly [string, string])[]
  readonly argv: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** The exit code that it leads to. */
  readonly code: 0 | 3
  /** Codes of diagnostics that have to show. */
  readonly says: readonly string[]
}

const WIREGUARD_KEY = EXAMPLE_ENV.QUICKSTART_PRIVATE_KEY ?? ''
const validate = ['validate']

export const MISTAKES: readonly Mistake[] = [
  {
    title: 'A field is misspelled',
    story:
      'Capitals count. A tool that ignores what it does not know would have planned a gateway without an address.',
    file: 'quickstart.yaml',
    edits: [
      ['gatewayIP:', 'gatewayIp:'],
      ['allowedIPs: [10.99.0.3/32]', 'allowedIp: [10.99.0.3/32]'],
    ],
    argv: validate,
    code: 3,
    says: ['VPN201'],
  },
  {
    title: 'A key is in the file',
    story: 'The value is not repeated, neither here nor in a log: the frame is blotted.',
    file: 'quickstart.yaml',
    edits: [['{ env: QUICKSTART_PRIVATE_KEY } # made with: wg genkey', WIREGUARD_KEY]],
    argv: validate,
    code: 3,
    says: ['VPN401'],
  },
  {
    title: 'A bracket is not closed',
    story: 'The parser notices lines later; what is reported is where the bracket was opened.',
    file: 'quickstart.yaml',
    edits: [['lanId: "2", ipv4CIDR: 192.168.1.100/24 }', 'lanId: "2", ipv4CIDR: 192.168.1.100/24']],
    argv: validate,
    code: 3,
    says: ['VPN105'],
  },
  {
    title: 'The indentation slipped',
    story: '`peers` has moved to the left margin, out of its gateway.',
    file: 'quickstart.yaml',
    edits: [['    peers:\n      - name: anna', 'peers:\n      - name: anna']],
    argv: validate,
    code: 3,
    says: ['VPN201'],
  },
  {
    title: 'A peer was copied, and half of it left as it was',
    story:
      'Both peers would fight for one connection, and WireGuard would give the address to the last one. Both places are shown.',
    file: 'quickstart.yaml',
    edits: [
      ['AUZamfNQEsqO/M8dQQikOYVVHO/6RRyf9ZXK/86l3mc=', 'SfwTrc5AWuqT5MS7wvXHB4hIVfCYzIOZ3oha4kt5cxs='],
      ['[10.99.0.3/32]', '[10.99.0.2/32]'],
    ],
    argv: validate,
    code: 3,
    says: ['VPN301', 'VPN302'],
  },
  {
    title: "The peer's own configuration was taken for the gateway's",
    story:
      'On a laptop, `AllowedIPs = 0.0.0.0/0` means "everything through the tunnel". Here it means something else.',
    file: 'quickstart.yaml',
    edits: [['[10.99.0.2/32]', '[0.0.0.0/0]']],
    argv: validate,
    code: 0,
    says: ['VPN306'],
  },
  {
    title: 'A network in place of a host address',
    story:
      'The API takes it, and the gateway cannot be reached. So it is a warning; `--strict` makes it an error.',
    file: 'quickstart.yaml',
    edits: [['192.168.1.100/24', '192.168.1.0/24']],
    argv: ['validate', '--strict'],
    code: 3,
    says: ['VPN345'],
  },
  {
    title: 'A private key in place of a public key',
    story:
      'Seen when the secrets are read, by `validate --resolve-secrets`, `plan` or `apply`: the key is compared with all gateways.',
    file: 'quickstart.yaml',
    edits: [['SfwTrc5AWuqT5MS7wvXHB4hIVfCYzIOZ3oha4kt5cxs=', WIREGUARD_KEY]],
    argv: ['validate', '--resolve-secrets'],
    env: EXAMPLE_ENV,
    code: 3,
    says: ['VPN311'],
  },
  {
    title: 'The secrets of the pipeline are not there',
    story: 'One variable was forgotten, one is set to nothing, and one was made in a hurry.',
    file: 'site-to-site.yaml',
    edits: [],
    argv: ['validate', '--resolve-secrets'],
    env: { SITE_HAMBURG_PSK: '', SITE_MUNICH_PSK: 'munich-2024' },
    code: 3,
    says: ['VPN403', 'VPN404', 'VPN327'],
  },
  {
    title: 'The remote host is more than a host',
    story: 'Copied from a browser, and from a client that wants the port as well.',
    file: 'site-to-site.yaml',
    edits: [
      ['remoteHost: vpn.berlin.example.com', 'remoteHost: https://vpn.berlin.example.com/'],
      ['remoteHost: vpn.hamburg.example.com', 'remoteHost: vpn.hamburg.example.com:500'],
      ['remoteHost: vpn.munich.example.com', 'remoteHost: munich-router'],
    ],
    argv: validate,
    code: 3,
    says: ['VPN331', 'VPN332'],
  },
  {
    title: 'Values are spelt as another tool spells them',
    story: 'All of them at once, each with what to write.',
    file: 'site-to-site.yaml',
    edits: [
      ['tier: STANDARD_HA', 'tier: standard-ha'],
      [
        'diffieHellmanGroup: 19-ECP256, encryptionAlgorithm: AES256,',
        'diffieHellmanGroup: 19, encryptionAlgorithm: aes-256-gcm,',
      ],
      ['lanId: "3", ipv4CIDR: 192.168.30.5/24', 'lanId: "3", ipv4CIDR: 192.168.30.5'],
    ],
    argv: validate,
    code: 3,
    says: ['VPN204', 'VPN205'],
  },
  {
    title: 'A merge was left half done',
    story: 'The markers of git are reported as such, and once.',
    file: 'quickstart.yaml',
    edits: [
      [
        '    gatewayIP: 203.0.113.10 #',
        '<<<<<<< HEAD\n    gatewayIP: 203.0.113.10\n=======\n    gatewayIP: 203.0.113.12\n>>>>>>> topic\n    #',
      ],
    ],
    argv: validate,
    code: 3,
    says: ['VPN105'],
  },
]
