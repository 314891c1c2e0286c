import { readFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import fc from 'fast-check'

const EXAMPLE = readFileSync('examples/quickstart.yaml', 'utf8')

const PIECES = [
  '${',
  '$${',
  '!a ',
  '&a ',
  '*a',
  '[',
  ']',
  '{',
  '"',
  "'",
  ': ',
  '- ',
  '---\n',
  '\t',
  '\u0000',
  '\ufeff',
  '\ud800',
  '\u202e',
  '\u001b[31m',
  '::error::',
  '##vso[',
  '<<: *a',
  '# vpnctl-ignore VPN201',
  '%',
  '?',
  '|',
  '0x10',
  '__proto__',
] as const

/** Text of a file, spoiled in places. */
const files = fc
  .array(
    fc.record({ at: fc.nat(2_000), piece: fc.constantFrom(...PIECES), times: fc.constantFrom(1, 2, 500) }),
    {
      maxLength: 4,
    },
  )
  .map((edits) =>
    edits.reduce((text, { at, piece, times }) => {
      const start = at % (text.length + 1)
      return text.slice(0, start) + piece.repeat(times) + text.slice(start)
    }, EXAMPLE),
  )

/** What a server does with every request; `authorization` is what was sent, which hostile servers give back. */
export type Behaviour = (response: ServerResponse, authorization: string) => void

const json =
  (status: number, body: string, headers = {}): Behaviour =>
  (response) =>
    void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body)

const deep = (depth: number): string => `{"items":${'['.repeat(depth)}${']'.repeat(depth)}}`

/** By name, so that a failing case says what it met. */
export const BEHAVIOURS: Readonly<Record<string, Behaviour>> = {
  silent: () => undefined,
  closing: (response) => void response.destroy(),
  half: (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' })
    response.write('{"items":[')
    setTimeout(() => response.destroy(), 20)
  },
  slow: (response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const timer = setInterval(() => response.write(' '), 10)
    response.on('close', () => clearInterval(timer))
  },
  garbage: json(200, '\u0000\ufffd{]'),
  empty: json(200, ''),
  list: json(200, '{"items":[]}'),
  wrongList: json(200, '{"items":[{"id":1},null,[],{"id":"x","properties":[]}]}'),
  deep: json(200, deep(6_000)),
  huge: json(200, `{"items":["${'x'.repeat(2_000_000)}"]}`),
  echo: (response, authorization) =>
    json(400, JSON.stringify({ messages: [{ message: `${authorization} \u001b[31m ::error::` }] }))(
      response,
      authorization,
    ),
  echo500: (response, authorization) => json(500, authorization)(response, authorization),
  page: (response) => void response.writeHead(403, { 'content-type': 'text/html' }).end('<p>no</p>'),
  unauthorized: json(401, '{}'),
  redirect: json(302, '', { location: 'https://192.0.2.1/' }),
  busy: json(429, '{}', { 'retry-after': '3600' }),
  gone: json(404, '{}'),
}

/** One case: a command line, its file, the API, and what goes wrong around it. */
export interface Case {
  readonly argv: readonly string[]
  readonly file: string
  readonly behaviour: string
  readonly around: 'nothing' | 'pipe for input' | 'pipe for output' | 'full disk' | 'silent proxy' | 'signal'
  readonly signalAfterMs: number
}

const COMMANDS = [
  ['validate'],
  ['plan'],
  ['plan', '--format', 'json'],
  ['plan', '--out', 'OUT'],
  ['plan', '--report', 'markdown=OUT'],
  ['plan', '--log-file', 'OUT'],
  ['apply', '--yes'],
  ['apply', '--yes', '--format', 'json'],
  ['destroy', '--yes'],
  ['drift'],
  ['drift', '--format', 'github'],
  ['drift', '--metrics-file', 'OUT'],
  ['status'],
  ['export'],
  ['doctor'],
  ['fmt'],
  ['get', 'wireguardgateways/hq'],
  ['graph'],
  ['adopt'],
  ['accept', '--all-changed'],
  ['access'],
  ['access', '--live'],
  ['import-terraform', 'vpn.yaml'],
  ['rotate', 'hq', '--out-dir', 'OUT'],
  ['doctor', '--contract'],
  ['apply', 'vpn.yaml'],
  ['show', 'vpn.yaml'],
] as const

/** All cases. */
export const CASES: fc.Arbitrary<Case> = fc.record({
  argv: fc.constantFrom(...COMMANDS),
  file: files,
  behaviour: fc.constantFrom(...Object.keys(BEHAVIOURS)),
  around: fc.constantFrom<Case['around']>(
    'nothing',
    'nothing',
    'pipe for input',
    'pipe for output',
    'full disk',
    'silent proxy',
    'signal',
  ),
  signalAfterMs: fc.nat(200),
})
