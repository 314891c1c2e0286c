import { EXIT_CODES } from '../exit-codes.ts'
import { ENVIRONMENT } from '../session/environment.ts'
import { twoColumns, wrap } from './help-text.ts'

/** A page of help that is about no single command. */
export interface Topic {
  readonly name: string
  readonly summary: string
  /** No line is wider than `width`, but for words that are. */
  readonly text: (width: number) => string
}

/** Every topic of `vpnctl help`. */
export const TOPICS: readonly Topic[] = [
  {
    name: 'exit-codes',
    summary: 'how a run can end, for scripts and pipelines',
    text: (width) =>
      [
        wrap(
          'The exit codes of all commands. The meaning of a code changes only in a new major version (before 1.0.0: in a new minor version), and the changelog lists the change.',
          width,
        ),
        '',
        twoColumns(
          [
            ['code  retry', 'meaning'],
            ...Object.values(EXIT_CODES).map(
              ({ code, retry, meaning }) => [`${String(code).padStart(4)}  ${retry}`, meaning] as const,
            ),
          ],
          width,
        ),
        '',
        wrap(
          'It is safe to run any command again. "retry": may the same command succeed with nothing changed? "yes": after a pause; "once": a part may have failed for good; "no": first change what the message says. Do not retry 9 of apply --probe by itself: the next run does not wait for the gateway that is silent.',
          width,
        ),
        '',
      ].join('\n'),
  },
  {
    name: 'environment',
    summary: 'variables, configuration file, and order of precedence',
    text: (width) =>
      [
        wrap(
          'Order of precedence of one setting, highest first: a flag; VPNCTL_*; IONOS_*; the configuration file; the default.',
          width,
        ),
        '',
        twoColumns(
          ENVIRONMENT.map(({ name, flag, meaning }) => [
            name,
            flag === undefined ? meaning : `${flag}: ${meaning}`,
          ]),
          width,
        ),
        '',
        wrap(
          'The configuration file is the one of ionosctl and the IONOS SDKs, and is optional. Without --config, VPNCTL_CONFIG or IONOS_CONFIG_FILE vpnctl searches ~/.config/ionosctl/config.yaml (or the folder of XDG_CONFIG_HOME, or the standard folder of macOS and Windows), then ~/.ionos/config and ~/.ionos/config.yaml. Its profile contains credentials; its endpoints for the product vpn contain a URL, skipTlsVerify and certificateAuthData per location.',
          width,
        ),
        '',
        wrap('vpnctl doctor shows the values that a run uses, and their source.', width),
        '',
      ].join('\n'),
  },
  {
    name: 'secrets',
    summary: 'where keys come from, and where they are never written',
    text: (width) =>
      [
        wrap(
          'The file does not contain keys. It contains references to environment variables or files:',
          width,
        ),
        '',
        '  privateKey: { env: HQ_WIREGUARD_PRIVATE_KEY }',
        '  privateKey: { file: hq.key }',
        '',
        paragraphs(width, [
          'A public key is not a secret: the publicKey of a peer is written in the file, and plans show it. The public key of a gateway is not written: it follows from the private key.',
          'File paths are relative to the YAML file. A key in plain text is refused unless --allow-plaintext-secrets is given.',
          'plan and drift work without the keys, so that the job of a pull request needs only the token: a key that is not set, or whose file does not exist, is a warning, and its field is not compared. validate reads no key, unless --resolve-secrets is given: then a missing one is an error. apply needs the keys that its plan sends, and checks them before its first write.',
          'The API does not return keys. A gateway\'s private key is compared through its public key. A pre-shared key has no such verifiable field: it is sent with each update of its tunnel, and alone after "rotatedAt" changes or with --resend-secrets ADDRESS (or all).',
          'No key is printed, logged, or written to a saved plan, unless you ask for it: with keygen --stdout, with peer add --qr, or with peer-config and --private-key-file, --show-secrets or --qr. keygen creates keys; peer-config writes the configuration of the other end.',
        ]),
      ].join('\n'),
  },
  {
    name: 'ownership',
    summary: 'who owns a resource, and what may be deleted',
    text: (width) =>
      paragraphs(width, [
        'There is no state file. apply derives the id of each resource that it creates from the name of the stack, the location and the address. The first 12 digits are the same for all resources of a stack, so the id alone shows the owner (see vpnctl status). Renaming a stack orphans its resources.',
        'Resources that this stack owns and that are no longer in the files are deleted (--prune owned, the default). Unmanaged resources are shown in every plan, count as drift, and are left as they are; only --prune all, or an entry with their id and "ensure: absent", deletes them. --prune none deletes only what "ensure: absent" names. Deleting a gateway deletes all its children. If some of them are neither owned nor adopted by this stack, the deletion is refused; --prune all allows it for unmanaged ones, and nothing for those of a neighbour or in released:. This applies to a gateway that is no longer in the files, that has "ensure: absent", or that destroy deletes.',
        '"neighbours:" in the file names other stacks of the contract: their resources are summarized in one line, are not drift, and are not deleted unless an entry has the id of one. "released:" names resources that this stack no longer manages: they are not changed and not deleted.',
        'A live resource that has the name of one in the files and is not owned by this stack is an error; it is not adopted automatically. To adopt it, add its id to the entry; vpnctl adopt --write does that.',
        '"protect: true" on a resource, or a pattern in "protected:" of the file, refuses its deletion and replacement. "protect: true" ends when its entry is removed, "protected:" does not. A plan that deletes more than --max-deletes is refused (default: 3 resources, or half of the managed ones if that is more).',
      ]),
  },
  {
    name: 'addresses',
    summary: 'how resources are named on the command line',
    text: (width) =>
      [
        wrap("An address is the API's path with names in place of ids:", width),
        '',
        '  wireguardgateways/hq',
        '  wireguardgateways/hq/peers/anna-laptop',
        '  ipsecgateways/branch/tunnels/berlin',
        '',
        wrap(
          'A / or % in a name is written %2F or %25. If two locations have gateways with the same name, put the location in front: de/txl:wireguardgateways/hq. In patterns, * matches any characters. Does an address include the children of the resource?',
          width,
        ),
        '',
        twoColumns(
          [
            ['yes', '--target, --resend-secrets, adopt, probe; released: in the file'],
            ['no', '--ignore, accept; ignore: and protected: in the file. The children are ADDRESS/*'],
          ],
          width,
        ),
        '',
      ].join('\n'),
  },
]

function paragraphs(width: number, texts: readonly string[]): string {
  return `${texts.map((text) => wrap(text, width)).join('\n\n')}\n`
}
