import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { KINDS } from '../../src/kinds/index.ts'
import { derivePublicKey } from '../../src/kinds/wireguard/keys.ts'
import { isPlainObject } from '../../src/model/json.ts'
import type { ResourceKind } from '../../src/model/resource.ts'
import { type Loopback, loopback } from '../api/loopback.ts'
import { FakeNetwork } from '../probe/fake-network.ts'
import { EXAMPLE_ENV } from '../support/examples.ts'
import { runCli } from '../support/run-cli.ts'
import { terraformState } from '../support/terraform-state.ts'

// Sequences of terminals, commands of pipelines, characters that reorder or hide text, markup, line breaks.
const HOSTILE = [
  '\u001b]0;title\u0007\u001b[2J\u001b[31m',
  '\n::error file=a::injected\n',
  '\n  ::set-output name=a::b',
  '##vso[task.setvariable variable=a]b',
  '##[error]injected',
  "##teamcity[message text='a']",
  '\u202egnp.exe\u2066\u200b\u200d\ufeff\u2028::warning::injected\u0085',
  '\r\n| a | b |\n# [link](javascript:alert) <img src=x onerror=alert(1)> @all',
  '\u009b31m\u0000',
].join(' ')
const QUOTED = JSON.stringify(HOSTILE)
// What a file may hold in a description.
const DESCRIPTION = '::error::injected ##vso[task.setvariable variable=a]b ##[error]x \u202e\u200b'
const FILE = 'x\n::error::name\u001b[31m\u202e##vso[a]b.yaml'

const UNSAFE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u

let api: Loopback
let folder: string

beforeAll(async () => {
  api = await loopback(answer)
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-hostile-'))
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  write('vpn.yaml', estate(`description: ${JSON.stringify(DESCRIPTION)} # ::error::c ##vso[a]b`))
  write(
    'wrong.yaml',
    `# ##vso[a]b ::error::c\n${estate(`${QUOTED}: ${QUOTED} # ##vso[a]b ::error::c`)}${QUOTED}: 1\n`,
  )
  write('broken.yaml', `version: 1\n  ::error::x: [ ##vso[a]b\n\u202e::error::y\n##[error]z: "\n`)
  write(FILE, `${estate('description:      a')}wrong: 1\n`)
  write('canary.yaml', `${estate(`description: ${JSON.stringify(DESCRIPTION)}`)}${CANARY}`)
  for (const [name, spoiled] of Object.entries(SPOILED)) write(name, JSON.stringify(spoil(spoiled)))
  write('broken.tfstate', `{ ${HOSTILE}`)
})
afterAll(async () => {
  await api.close()
  rmSync(folder, { recursive: true })
})

function estate(line: string): string {
  return `version: 1
stack: acme-prod
location: de/fra
wireguardGateways:
  - name: hq
    ${line}
    gatewayIP: 203.0.113.10
    interfaceIPv4CIDR: 10.99.0.1/24
    privateKey: { env: QUICKSTART_PRIVATE_KEY }
    connections:
      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.100/24 }
`
}

const CANARY = `    peers:
      - name: canary
        description: ${JSON.stringify(DESCRIPTION)}
        publicKey: ${derivePublicKey(EXAMPLE_ENV.QUICKSTART_PRIVATE_KEY ?? '')}
        allowedIPs: [10.99.0.2/32]
        probe: { privateKey: { env: QUICKSTART_PRIVATE_KEY } }
`
// Terraform states in which these attributes of each resource are hostile.
const SPOILED: Readonly<Record<string, RegExp>> = {
  'description.tfstate': /^description$/,
  'name.tfstate': /^(?:name|module|index_key)$/,
  'all.tfstate': /^(?!version$|mode$|provider$|type$)/,
}

function spoil(keys: RegExp): unknown {
  return JSON.parse(JSON.stringify(terraformState()), (key, value) =>
    typeof value === 'string' && keys.test(key) ? HOSTILE : value,
  )
}

/** A service whose every text is hostile. It refuses each write. */
function answer({ method, url = '' }: IncomingMessage, response: ServerResponse): void {
  const path = url.split('?')[0]?.split('/') ?? []
  const kind = KINDS.find(({ collection }) => collection === path.at(-1))
  const one = KINDS.find(({ collection }) => collection === path.at(-2))
  const isWrite = method !== 'GET'
  const body =
    kind !== undefined
      ? {
          type: 'collection',
          limit: 1000,
          offset: 0,
          items: ['a', 'b'].map((letter) => hostile(kind, letter)),
        }
      : one === undefined || isWrite
        ? { httpStatus: 422, messages: [{ errorCode: HOSTILE, message: HOSTILE }] }
        : hostile(one, 'a')
  response.writeHead(isWrite ? 422 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function hostile({ collection, schema }: ResourceKind, letter: string): unknown {
  const text = (value: unknown): unknown =>
    typeof value === 'string'
      ? HOSTILE
      : Array.isArray(value)
        ? value.map(text)
        : isPlainObject(value)
          ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, text(inner)]))
          : value
  const { properties = {} } = schema as { properties?: Record<string, { examples?: readonly unknown[] }> }
  const fields = Object.entries(properties).map(([key, field]) => [key, text(field.examples?.[0] ?? 'x')])
  const names = [
    'status',
    'statusMessage',
    'createdBy',
    'lastModifiedBy',
    'createdDate',
    'lastModifiedDate',
    'publicKey',
  ]
  return {
    id: `${collection}-${letter}${HOSTILE}`,
    type: HOSTILE,
    href: HOSTILE,
    metadata: Object.fromEntries([...names, HOSTILE].map((name) => [name, HOSTILE])),
    properties: { ...Object.fromEntries(fields), name: `${letter}${HOSTILE}`, [HOSTILE]: [HOSTILE] },
  }
}

const FORMATS = {
  validate: ['text', 'json', 'github', 'gitlab', 'sarif', 'azure'],
  plan: ['text', 'json', 'markdown', 'github', 'gitlab', 'sarif', 'azure', 'tfjson', 'dotenv'],
  drift: ['text', 'json', 'markdown', 'junit', 'github', 'gitlab', 'sarif', 'azure', 'dotenv'],
  apply: ['text', 'json'],
  destroy: ['text', 'json'],
  status: ['text', 'json'],
  graph: ['mermaid', 'dot', 'svg', 'html'],
} as const

const LINES: readonly (readonly string[])[] = [
  ...Object.entries(FORMATS).flatMap(([command, formats]) =>
    formats.flatMap((format) => {
      const yes = command === 'apply' || command === 'destroy' ? ['--yes', '--max-deletes', '100%'] : []
      const line = [command, '--format', format, ...yes]
      const files =
        command === 'status' ? [] : ['wrong.yaml', 'broken.yaml', FILE, HOSTILE.replaceAll('\0', '')]
      return [line, ...files.map((file) => [...line, '-f', file])]
    }),
  ),
  ['plan', '--verbose'],
  ['diff', 'wrong.yaml', FILE],
  ['diff', 'broken.yaml', HOSTILE.replaceAll('\0', '')],
  ['diff', `git:${HOSTILE}`],
  ['plan', '--target', HOSTILE],
  ['plan', '--var', HOSTILE],
  ['plan', '--prune', 'all', '--color'],
  ['plan', '--base', 'git:HEAD\u202e##vso[a]'],
  ['graph', '--plan'],
  ['get', `wireguardgateways/a${HOSTILE}`],
  ['get', `ipsecgateways-a${HOSTILE}`.toLowerCase()],
  ['get', `ipsecgateways-a${HOSTILE}`.toLowerCase(), '--format', 'json'],
  ['get', HOSTILE],
  ['export', '--stack', 'acme-prod'],
  ['export', '--stack', HOSTILE],
  ['export', '--stack', 'a', '--gateway', HOSTILE],
  ['adopt'],
  ['accept', '--all-changed'],
  ['accept', 'wireguardgateways/*'],
  ['accept', `wireguardgateways/a${HOSTILE}`],
  ['accept', HOSTILE],
  ['accept', '--all-changed', '-f', 'wrong.yaml'],
  ...['text', 'json', 'mermaid'].flatMap((format) => [
    ['access', '--format', format],
    ['access', '--live', '--format', format],
    ['access', HOSTILE, '--format', format],
    ['access', '-', HOSTILE, '--live', '--format', format],
    ['access', '--format', format, '-f', 'wrong.yaml'],
  ]),
  ['import', HOSTILE],
  ...[...Object.keys(SPOILED), 'broken.tfstate', HOSTILE.replaceAll('\0', '')].flatMap((state) => [
    ['import-terraform', state],
    ['import-terraform', state, '--variables'],
    ['import-terraform', state, '--removed-blocks'],
    ['import-terraform', state, '--write', '--force', '--out', 'imported.yaml'],
  ]),
  ['import-terraform', 'description.tfstate', '--stack', HOSTILE],
  [
    'import-terraform',
    'description.tfstate',
    '--write',
    '--out',
    'b.yaml',
    '--keys',
    HOSTILE.replaceAll('\0', ''),
  ],
  ...['text', 'json'].flatMap((format) => [
    ['probe', '--format', format, '-f', 'canary.yaml'],
    ['probe', HOSTILE, '--format', format],
    ['probe', '--format', format, '-f', 'wrong.yaml'],
    ['rotate', HOSTILE, '--format', format],
    ['rotate', 'hq', '--format', format],
    ['rotate', 'hq', '--format', format, '--out-dir', FILE.replace('.yaml', '')],
    ['rotate', 'hq', '--format', format, '-f', 'wrong.yaml'],
    ['rotate', 'hq', '--switch', '--apply', '--yes', '--format', format, '-f', 'canary.yaml'],
  ]),
  ['rotate', 'hq', '--switch', '--public-key', HOSTILE],
  ['doctor', '--contract'],
  ['status', '--wide', '--unhealthy'],
  ['peer', 'add', HOSTILE, 'x', '--keygen'],
  ['peer', 'add', 'hq', HOSTILE, '--keygen', '--description', HOSTILE],
  ['revoke', HOSTILE],
  ['fmt', '--check', '-f', FILE, '-f', 'vpn.yaml'],
  ['fmt', '--check', '-f', 'broken.yaml'],
  ['fmt', '--write', '-f', FILE],
  ['explain', HOSTILE],
  ['explain', HOSTILE, '--format', 'json'],
  ['peer-config', HOSTILE],
  ['keygen', 'psk', '--out', join(HOSTILE.replaceAll('\0', ''), 'x')],
  ['init', '--template', 'minimal', '--stack', HOSTILE, '--out', '-'],
  ['init', '--template', 'minimal', '--out', FILE],
  ['show', FILE],
  ['apply', FILE],
  ['doctor', '--config', FILE],
  ['doctor'],
  ['help', HOSTILE],
  [HOSTILE],
  ['plan', HOSTILE],
  [`--${HOSTILE}`],
]

// Commands of our own: for GitHub with a title, the fence around the text; for Azure at the start of a line.
const OWN: Readonly<Record<string, RegExp>> = {
  github: /^::(?:(?:error|warning|notice) (?:[^:]*,)?title=[^:]*::|stop-commands::vpnctl_\w+$|vpnctl_\w+::$)/,
  azure: /^##vso\[task\.(?:logissue type=|setvariable variable=[\w-]+;isoutput=true\])/,
}

/** Why a line would be obeyed by a terminal or a pipeline; undefined when it would not. */
function faultOf(line: string, argv: readonly string[]): string | undefined {
  const format = argv[argv.indexOf('--format') + 1] ?? ''
  const own = OWN[format]?.exec(line)?.[0].length ?? 0
  // Markdown breaks mentions and links with a zero-width space; colours of our own are asked for by --color.
  const text = format === 'markdown' ? line.replaceAll('\u200b', '') : line
  // biome-ignore lint/suspicious/noControlCharactersInRegex: colours begin with one
  const plain = argv.includes('--color') ? text.replace(/\u001b\[\d{1,2}m/g, '') : text
  if (UNSAFE.test(plain)) return 'a character'
  return /##[a-z]*\[/i.test(plain.slice(own)) || (own === 0 && /^\s*::[a-z]/i.test(plain))
    ? 'a command'
    : undefined
}

test('every command that reads files or live is among those that are tried', () => {
  const tried = new Set(LINES.map(([name]) => name))
  const reading = COMMANDS.filter(({ exits }) => exits.includes('invalid') || exits.includes('unreachable'))
  expect(reading.length).toBeGreaterThan(15)
  expect(reading.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([])
})

test('no command obeys, or lets a terminal or a pipeline obey, text of others', async () => {
  const faults: unknown[] = []
  let reached = 0
  for (const argv of [...LINES, ...COMMANDS.map(({ name }) => [name, HOSTILE, HOSTILE, HOSTILE])]) {
    const env = {
      ...EXAMPLE_ENV,
      IONOS_TOKEN: 'throw-away-token',
      VPNCTL_ENDPOINT: api.origin,
      PATH: process.env.PATH,
    }
    const { stdout, stderr } = await runCli(argv, {
      cwd: folder,
      env,
      probeNetwork: new FakeNetwork(() => [], {}),
    })
    if (/injected/.test(stdout + stderr)) reached += 1
    expect(stderr, JSON.stringify(argv)).not.toContain('fault of vpnctl')
    for (const [stream, output] of Object.entries({ stdout, stderr })) {
      for (const line of output.split('\n')) {
        const fault = faultOf(line, argv)
        if (fault !== undefined) faults.push([argv.join(' ').slice(0, 80), stream, fault, line.slice(0, 200)])
      }
    }
  }
  expect(faults).toEqual([])
  // A good part of the outputs had hostile text to show.
  expect(reached / LINES.length).toBeGreaterThan(0.3)
}, 120_000)
