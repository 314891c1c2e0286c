import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { TOPICS } from '../../src/cli/help/topics.ts'
import { ENVIRONMENT } from '../../src/cli/session/environment.ts'
import { expectPage } from '../support/docs-page.ts'
import { runCli } from '../support/run-cli.ts'

const PAGES = ['', ...COMMANDS.map(({ name }) => name), 'help', ...TOPICS.map(({ name }) => name)]

async function help(page: string, columns = 80): Promise<string> {
  const { code, stdout, stderr } = await runCli(page === '' ? ['help'] : ['help', page], { tty: { columns } })
  expect(stderr).toBe('')
  expect(code).toBe(0)
  return stdout
}

describe('help', () => {
  test.each(PAGES)('on %j is the text that was read', async (page) => {
    expectPage(`test/help/texts/${page === '' ? 'vpnctl' : page}.txt`, await help(page))
  })

  test('there is no text of a page that is gone', () => {
    const files = PAGES.map((page) => `${page === '' ? 'vpnctl' : page}.txt`)
    expect(readdirSync('test/help/texts').sort()).toEqual(files.sort())
  })

  test.each([60, 80, 200])('fits %i columns', async (columns) => {
    for (const page of PAGES) {
      const lines = (await help(page, columns)).split('\n')
      // A line of an example is one to copy, and is not broken.
      const wide = lines.filter((line) => line.length > columns && !/^ {2}(vpnctl|source) /.test(line))
      expect(wide, page).toEqual([])
    }
  })

  test.each(COMMANDS.map(({ name }) => name))('of %s is the same by --help and by help', async (name) => {
    const { stdout, code } = await runCli([name, '--help'], { tty: { columns: 80 } })
    expect(code).toBe(0)
    expect(stdout).toBe(await help(name))
  })

  test.each([
    ['peer', 'add'],
    ['keygen', 'psk'],
  ])('of %s %s is that of the command', async (name, action) => {
    expect((await runCli(['help', name, action], { tty: { columns: 80 } })).stdout).toBe(await help(name))
    expect((await runCli(['help', name, 'nonsense'])).code).toBe(64)
  })

  test('every command says what it is for, shows examples, and how it can end', () => {
    for (const { name, examples, description, exits } of COMMANDS) {
      expect(examples.length, name).toBeGreaterThan(0)
      expect(description.length, name).toBeGreaterThan(20)
      expect(exits, name).toContain('ok')
    }
  })

  test.each([
    [['help', 'ownershp'], 'did you mean "ownership"?'],
    [['help', 'aply'], 'did you mean "apply"?'],
    [['staus'], 'Did you mean status?'],
    [['plan', '--locaton', 'x'], 'Did you mean --location?'],
  ])('%j gets a did-you-mean', async (argv, words) => {
    const { code, stderr } = await runCli(argv)
    expect(stderr).toContain(words)
    expect(code).toBe(64)
  })
})

describe('what the help says', () => {
  test('of an exit code is what it means for the command', async () => {
    expect(await help('fmt')).toContain('    2  a file is not formatted (with --check)\n')
    expect(await help('drift')).toContain('    2  there is drift (--drift-exit-code changes the number)\n')
    expect(await help('keygen')).toContain('    6  refused: the file already exists (--force replaces it)\n')
    expect(await help('keygen')).not.toContain('--detailed-exitcode')
  })

  test('first is the main commands, and the options of the program last', async () => {
    const text = await help('')
    expect(text.indexOf('Main commands:')).toBeLessThan(text.indexOf('Setup:'))
    expect(text.indexOf('Setup:')).toBeLessThan(text.indexOf('Options:'))
    expect(text).toContain('  -V, --version  print the version\n')
  })

  test('of the stability of exit codes is one promise, there and in the docs', async () => {
    const promise = 'only in a new major version (before 1.0.0: in a new minor version)'
    expect((await help('exit-codes', 200)).replaceAll('\n', ' ')).toContain(promise)
    expect(readFileSync('docs/stability.md', 'utf8')).toContain(promise)
  })
})

describe('docs/configuration.md', () => {
  test('has the table of the program', () => {
    const rows = ENVIRONMENT.map(
      ({ name, flag, meaning }) =>
        `| \`${name}\` | ${flag === undefined ? '' : `\`${flag}\``} | ${meaning} |`,
    )
    expectPage(
      'docs/configuration.md',
      `${CONFIGURATION.replace('TABLE', ['| variable | flag | meaning |', '|---|---|---|', ...rows].join('\n'))}`,
    )
  })

  test('every flag of the table is one of a command', async () => {
    const all = (await Promise.all(COMMANDS.map(({ name }) => help(name, 200)))).join('\n')
    for (const { flag } of ENVIRONMENT) if (flag !== undefined) expect(all).toContain(`${flag} <`)
  })
})

const CONFIGURATION = `<!-- Made by npm run docs; the text is in test/help/help.test.ts, the table in src/cli/session/environment.ts. -->
# Configuration

The [glossary](glossary.md) explains *stack*, *drift* and other terms.

Order of precedence of one setting, highest first:

1. a flag
2. \`VPNCTL_*\`
3. \`IONOS_*\`
4. the configuration file of ionosctl and the IONOS SDKs
5. the default

\`vpnctl doctor\` shows the values that a run uses, and their source; it never shows a secret value.

Colour has its own order: the last of \`--color\` and \`--no-color\`; \`NO_COLOR\`; \`FORCE_COLOR\`; then only on a
terminal, and not if \`CI\` is set or \`TERM\` is \`dumb\`.

## Variables

TABLE

Flags that loosen a safety rule (\`--yes\`, \`--prune\`, \`--max-deletes\`, \`--allow-plaintext-secrets\`) have no variable on
purpose: what is deleted must be seen where it is run. \`vpnctl doctor\` reports unknown
variables that begin with \`VPNCTL_\`.

## Credentials

\`IONOS_TOKEN\`, else \`IONOS_USERNAME\` with \`IONOS_PASSWORD\`, else the token of the profile, else its user and password.
So \`--profile\` does not take precedence over \`IONOS_TOKEN\`: it only chooses the profile.
Users with two-factor authentication need a token. A user who is not the owner of the contract needs the privilege
\`accessAndManageVpn\`.

## Endpoints

Each location has an endpoint of its own, and an endpoint lists only its own resources. In this order: \`--endpoint\`,
\`VPNCTL_ENDPOINT\`, \`IONOS_API_URL_VPN\`, \`IONOS_API_URL\`, the file's endpoint of the product \`vpn\` for the location, the
file's endpoint without a location, the built-in one. \`{location}\` in a URL is replaced by the location, such as \`de-fra\`;
a URL without it serves one location, and a run with several is refused. Plain http is allowed only for loopback.

All IONOS tools read \`IONOS_API_URL\`, for every product. If it is set for another IONOS API,
set \`VPNCTL_ENDPOINT=https://vpn.{location}.ionos.com\`.

## Locations

A run reads in full the locations that the files name, and those of \`--location\`. Of all other locations of the service it
reads the two lists of gateways, to find what the stack left there: a gateway that was removed from the file, or moved to
another location, is shown as \`de/txl:wireguardgateways/hq\` and deleted under the same rules as any other. What the stack does
not own there is not listed, not drift and not pruned. This costs two requests per location, in parallel with the rest; each ends
after 3 s, and a location that does not answer is named in the result (VPN520).

| to | write |
|---|---|
| read only some locations | \`locations: [de/fra, de/txl]\` in the file, or \`--only-location de/fra\` |
| read another location in full | \`--location us/ewr\` |

Other locations are read at the built-in endpoints, and where the endpoint has \`{location}\` in it. They are not read, and are
named in the result, where the configuration file has an endpoint for this API, or a certificate is pinned or not checked:
the credentials may be for another host. One endpoint without \`{location}\` is one location.

## The configuration file

The first of these that exists: \`--config\`, \`VPNCTL_CONFIG\`, \`IONOS_CONFIG_FILE\`; \`ionosctl/config.yaml\` in
\`$XDG_CONFIG_HOME\` or \`~/.config\`, in \`~/Library/Application Support\`, in \`%APPDATA%\`; \`~/.ionos/config\`;
\`~/.ionos/config.yaml\`. The IONOS tools do not agree on one location. A file that is given and does not exist is an error;
a file that cannot be parsed is an error with its position, and its content is not quoted.

\`\`\`yaml
version: 1.0
currentProfile: work            # --profile, VPNCTL_PROFILE and IONOS_CURRENT_PROFILE come before it
profiles:
  - name: work
    environment: prod
    credentials: { token: "..." }   # or username and password
environments:
  - name: prod
    certificateAuthData: ""     # PEM of your own authority, trusted in addition to the known ones
    products:
      - name: vpn
        endpoints:
          - location: de/fra
            name: https://vpn.de-fra.ionos.com   # "name" contains the URL
            skipTlsVerify: false
            certificateAuthData: ""
\`\`\`

Profiles, products and locations are compared without regard to case and surrounding whitespace, environments exactly; \`de-fra\` is
\`de/fra\`. Without a profile, the first environment that has the product is used. A profile that is
selected and does not exist is an error: requests must not go to the default endpoint instead. So is an environment in a file that has
\`environments\`; without them the default endpoint is used.

## Certificates

\`IONOS_PINNED_CERT\` contains the SHA-256 fingerprint of the server's certificate (64 hex digits, with or without colons). It
is required in addition to a valid chain, not instead of it. \`IONOS_ALLOW_INSECURE=true\` and \`skipTlsVerify\` are respected, and every
run warns about them on stderr; neither can be combined with a pin. \`NODE_EXTRA_CA_CERTS\` is read by Node.js itself; it is
ignored if the file gives certificateAuthData for the endpoint.

## Proxies

\`HTTPS_PROXY\` (else \`ALL_PROXY\`, both also in lowercase) is used for https, by CONNECT: the proxy sees the name of
the host and nothing else. Its URL may contain user and password. \`NO_PROXY\` lists hosts that are reached directly. An
empty variable counts as unset. If the proxy is down, unknown or refuses, the message names it and its variable. All of this is true
for the webhook of \`drift\` too. SOCKS and proxy configuration scripts are not supported.

## Concurrent requests

A run starts with 10 requests at a time. Every third answer allows one more while requests wait, up to 50 requests and
connections. A 429 leads back to 10, as if the run had never tried more. The number is halved, but never below 10, when the
service answers 503 and the like or nothing, and falls when answers take twice as long as before. After any of these it does
not grow again. Locations take turns. \`--parallelism N\` fixes the number, and \`--max-rps N\` limits the requests per second of
the run. After a 429 with 10 requests at a time, the run sends at the rate that the service accepted.
`
