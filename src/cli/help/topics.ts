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
          'The exit codes of all commands. A code changes its meaning in a new major version only (before 1.0.0 in a new minor version), and the changelog says so.',
          width,
        ),
        '',
        twoColumns(
          Object.values(EXIT_CODES).map(({ code, meaning }) => [String(code).padStart(3), meaning]),
          width,
        ),
        '',
        wrap('5 and 9 are safe to try again as they are; after 8 the same apply does the rest.', width),
        '',
      ].join('\n'),
  },
  {
    name: 'environment',
    summary: 'variables, configuration file, and what wins over what',
    text: (width) =>
      [
        wrap(
          'What is given in several places is taken from the first: a flag; VPNCTL_*; IONOS_*; the configuration file; the default.',
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
          "The configuration file is that of the vendor's CLI and SDKs, and is optional. Without --config, VPNCTL_CONFIG or IONOS_CONFIG_FILE it is looked for at ~/.config/ionosctl/config.yaml (or where XDG_CONFIG_HOME says, or where macOS and Windows keep such files), then at ~/.ionos/config and ~/.ionos/config.yaml. Its profile gives credentials; its endpoints for the product vpn give a URL, skipTlsVerify and certificateAuthData for each location.",
          width,
        ),
        '',
        wrap('vpnctl doctor tells what a run would use, and from where.', width),
        '',
      ].join('\n'),
  },
  {
    name: 'secrets',
    summary: 'where keys come from, and where they never go',
    text: (width) =>
      [
        wrap(
          'A key never stands in the file. It is a reference to a variable of the environment or to a file:',
          width,
        ),
        '',
        '  privateKey: { env: HQ_WIREGUARD_PRIVATE_KEY }',
        '  privateKey: { file: hq.key }',
        '',
        paragraphs(width, [
          'The path of a file is counted from the folder of the YAML file. A key that is written out is refused unless --allow-plaintext-secrets is given.',
          'plan, drift and validate work without the keys, so that a pull request from a fork can be planned: what cannot be read is a warning, and its field is not compared. apply checks every reference before its first write.',
          "The API does not return keys. A gateway's private key is compared through its public key. A pre-shared key has no such witness: it is sent along with every other update of its tunnel, and by itself with --resend-secrets ADDRESS (or all).",
          'No key is ever printed, logged, or kept in a saved plan. keygen makes keys; peer-config writes the other end.',
        ]),
      ].join('\n'),
  },
  {
    name: 'ownership',
    summary: 'whose a resource is, and what may be deleted',
    text: (width) =>
      paragraphs(width, [
        'There is no state file. The id of everything that apply creates is made from the name of the stack, the location and the address, and begins with 12 digits that are the same for all of one stack. Whose a resource is can be read from its id alone; vpnctl status does so. To change the name of a stack is to orphan what it made.',
        'What this stack made and the files no longer name is deleted (--prune owned, the default). What somebody else made is never touched: it is shown in every plan, counts as drift, and is deleted under --prune all alone. --prune none deletes nothing. A gateway that goes, whether the files no longer name it, say "ensure: absent" or destroy takes it, takes along all that is on it: with things of others there it is refused until --prune all says so too.',
        '"neighbours:" in the file names other stacks of the contract: their resources are one line, no drift and never deleted. "released:" names resources of this stack that it no longer manages: nothing changes or deletes them.',
        'A live resource of another owner with the name of one in the file is an error, never a take-over. Write its id beside its name to adopt it: vpnctl adopt does that.',
        '"protect: true" on a resource, or a pattern in "protected:" of the file, refuses its deletion and replacement. A plan that deletes more than --max-deletes (half of what is managed, once that is more than 3) is refused.',
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
          'A / or % in a name is written %2F or %25. Where two locations have gateways of one name, the location stands in front: de/txl:wireguardgateways/hq. In patterns * stands for any run of characters. What is below counts too for --target and protected:, not for --ignore.',
          width,
        ),
        '',
      ].join('\n'),
  },
]

function paragraphs(width: number, texts: readonly string[]): string {
  return `${texts.map((text) => wrap(text, width)).join('\n\n')}\n`
}
