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
    story: 'Fields are case-sensitive, and an unknown field is an error.',
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
    story: 'The message does not repeat the value.',
    file: 'quickstart.yaml',
    edits: [['{ env: QUICKSTART_PRIVATE_KEY } # made with: wg genkey', WIREGUARD_KEY]],
    argv: validate,
    code: 3,
    says: ['VPN401'],
  },
  {
    title: 'A bracket is not closed',
    story: 'The message points to the bracket that was opened.',
    file: 'quickstart.yaml',
    edits: [['lanId: "2", ipv4CIDR: 192.168.1.100/24 }', 'lanId: "2", ipv4CIDR: 192.168.1.100/24']],
    argv: validate,
    code: 3,
    says: ['VPN105'],
  },
  {
    title: 'The indentation slipped',
    story: '`peers` is at the left margin, outside of its gateway.',
    file: 'quickstart.yaml',
    edits: [['    peers:\n      - name: anna', 'peers:\n      - name: anna']],
    argv: validate,
    code: 3,
    says: ['VPN201'],
  },
  {
    title: 'A peer was copied, and half of it was not changed',
    story: 'WireGuard would give the address to the last of the two peers. Both places are shown.',
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
    title: "The peer's own configuration was copied into the gateway's",
    story:
      'On a laptop, `AllowedIPs = 0.0.0.0/0` sends everything through the tunnel. Here it lets the laptop send from every address.',
    file: 'quickstart.yaml',
    edits: [['[10.99.0.2/32]', '[0.0.0.0/0]']],
    argv: validate,
    code: 0,
    says: ['VPN306'],
  },
  {
    title: 'A network in place of a host address',
    story:
      'The API accepts it, but the gateway cannot be reached. It is a warning; `--strict` makes it an error.',
    file: 'quickstart.yaml',
    edits: [['192.168.1.100/24', '192.168.1.0/24']],
    argv: ['validate', '--strict'],
    code: 3,
    says: ['VPN345'],
  },
  {
    title: 'A private key in place of a public key',
    story:
      '`plan`, `apply` and `validate --resolve-secrets` find it: they compare the key with those of all gateways.',
    file: 'quickstart.yaml',
    edits: [['SfwTrc5AWuqT5MS7wvXHB4hIVfCYzIOZ3oha4kt5cxs=', WIREGUARD_KEY]],
    argv: ['validate', '--resolve-secrets'],
    env: EXAMPLE_ENV,
    code: 3,
    says: ['VPN311'],
  },
  {
    title: 'Secrets of the pipeline are missing',
    story: 'One variable is not set, one is empty, and one has a weak value.',
    file: 'site-to-site.yaml',
    edits: [],
    argv: ['validate', '--resolve-secrets'],
    env: { SITE_HAMBURG_PSK: '', SITE_MUNICH_PSK: 'munich-2024' },
    code: 3,
    says: ['VPN403', 'VPN404', 'VPN327'],
  },
  {
    title: 'The remote host is more than a host',
    story: 'One was copied from a browser, one from a client that needs the port too.',
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
    title: 'Values have the form of another tool',
    story: 'All of them are reported at once, each with the value to write.',
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
    story: 'The markers of git are reported as such, once.',
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
