import { expect, test } from 'vitest'
import type { Diagnostic } from '../../src/model/diagnostic.ts'
import { renderDiagnostics } from '../../src/report/diagnostics/text.ts'
import { range } from '../support/plan-builder.ts'

const PLAIN = { color: false }
// Throw-away key, made for tests.
const THROW_AWAY_KEY = 'yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk='

function error(more: Partial<Diagnostic>): Diagnostic {
  return { severity: 'error', code: 'VPN201', message: 'something is wrong', ...more }
}

/** The source line and the carets of a frame. */
function frame(text: string, line: number, column: number, length: number): readonly string[] {
  const at = range('vpn.yaml', line, column, length)
  const lines = renderDiagnostics([error({ at })], new Map([['vpn.yaml', text]]), PLAIN).split('\n')
  return lines.slice(3, 5).map((each) => each.slice(4))
}

test('a fault is reported with its code, place, line, carets, other places and what to do', () => {
  const text = 'version: 1\nwireguardGateways:\n  - name: hq\n    gatewayIp: 203.0.113.10\n'
  const diagnostics = [
    error({
      message: 'unknown field "gatewayIp" (did you mean "gatewayIP"?)',
      at: range('vpn.yaml', 4, 5, 9),
      hint: 'field names are those of the API',
      related: [{ at: range('vpn.yaml', 3, 5, 4), message: 'in this gateway' }],
      address: 'wireguardgateways/hq',
    }),
    error({ severity: 'warning', code: 'VPN312', message: 'no place' }),
  ]
  expect(renderDiagnostics(diagnostics, new Map([['vpn.yaml', text]]), PLAIN)).toBe(`\
error[VPN201]: vpn.yaml:4:5 unknown field "gatewayIp" (did you mean "gatewayIP"?)
 --> vpn.yaml:4:5  (wireguardgateways/hq)
  |
4 |     gatewayIp: 203.0.113.10
  |     ^^^^^^^^^
 ::: vpn.yaml:3:5
  |
3 |   - name: hq
  |     ^^^^ in this gateway
  = hint: field names are those of the API

warning[VPN312]: no place

1 error, 1 warning.
`)
})

test('carets stand under the fault behind tabs, wide characters and escapes', () => {
  expect(frame('a:\tb: c', 1, 4, 1)).toEqual(['a:  b: c', '    ^'])
  expect(frame('名: ключ 東京', 1, 9, 2)).toEqual(['名: ключ 東京', '         ^^^^'])
  expect(frame('😀: x', 1, 5, 1)).toEqual(['😀: x', '    ^'])
  expect(frame('a\u0007b: x', 1, 3, 1)).toEqual(['a\\x07b: x', '     ^'])
})

test('CR LF, a byte order mark and a missing final newline change nothing', () => {
  expect(frame('\ufeffa: 1\r\nbad: 2\r\n', 2, 1, 3)).toEqual(['bad: 2', '^^^'])
  expect(frame('\ufeffbad: 1', 1, 1, 3)).toEqual(['bad: 1', '^^^'])
})

test('a range that ends on a later line is marked to the end of its first', () => {
  const at = { ...range('f', 1, 4), end: { line: 3, column: 2, offset: 20 } }
  const text = renderDiagnostics([error({ at })], new Map([['f', 'a: [1,\n  2,\n]']]), PLAIN)
  expect(text).toContain('1 | a: [1,\n  |    ^^^\n')
})

test('a place at the very end of a line still has a caret', () => {
  expect(frame('name:', 1, 6, 1)).toEqual(['name:', '     ^'])
})

test('a very long line is shown around the place', () => {
  const [source = '', carets = ''] = frame(`${'x'.repeat(5000)}: bad${'y'.repeat(5000)}`, 1, 5003, 3)
  expect(source.length).toBeLessThan(170)
  expect(source.slice(carets.indexOf('^'), carets.indexOf('^') + 3)).toBe('bad')
  expect(carets.trim()).toBe('^^^')
})

test('a place that the file does not have gives no frame and no crash', () => {
  expect(
    renderDiagnostics([error({ at: range('vpn.yaml', 99, 1) })], new Map([['vpn.yaml', 'a: 1']]), PLAIN),
  ).toBe('error[VPN201]: vpn.yaml:99:1 something is wrong\n --> vpn.yaml:99:1\n\n1 error.\n')
})

test('literal secrets never show in a code frame', () => {
  const secret = 'throw-away, "psk" } # of tests'
  const files: readonly (readonly [string, number])[] = [
    [`privateKey: ${THROW_AWAY_KEY}`, 1],
    [`  - { name: x, privateKey: "${THROW_AWAY_KEY}" }`, 1],
    [`auth: { method: PSK, psk: { key: '${secret}' } }`, 1],
    [`auth: { psk: { "key": '${secret}', nmae: x } }`, 1],
    [`psk:\n  key: |\n    ${secret}\n    ${secret}`, 4],
    [`psk:\n  key: >-\n\n    ${secret}`, 4],
    [`psk:\n  key:\n    ${secret}`, 3],
    [`PSK_Secret: ${secret}`, 1],
    [`password : ${secret}`, 1],
    [`"privateKey" : ${secret}`, 1],
    [`privateKey: &a ${secret}`, 1],
    [`privateKey: !!str ${secret}`, 1],
    [`privateKey: { value: ${secret} }`, 1],
    [`privateKey:\n  value: ${secret}`, 2],
    [`privateKey: { env: HQ, key: ${secret} }`, 1],
  ]
  for (const [text, line] of files) {
    const last = text.split('\n')[line - 1] ?? ''
    for (const column of [1, last.length - 4]) {
      const shown = frame(text, line, column, 4).join('\n')
      expect(shown, text).toContain('(secret)')
      expect(shown, text).not.toMatch(/throw-away|yAnz5TF|fBmk|of tests/)
    }
  }
})

test('a public key shows its first characters only, since it may be a private one by mistake', () => {
  for (const [before, after] of [
    ['publicKey: ', ''],
    ['- { name: x, "public_key": "', '", y: 1 }'],
    ['publicKey: &anna ', ''],
  ] as const) {
    const line = frame(`${before}${THROW_AWAY_KEY}${after}`, 1, before.length + 1, THROW_AWAY_KEY.length)
    expect(line).toEqual([`${before}yAnz5T…${after}`, `${' '.repeat(before.length)}^^^^^^^`])
  }
})

test('references to secrets and public facts stay readable', () => {
  for (const text of [
    'privateKey: { env: HQ_KEY }',
    'psk: { key: { file: keys/psk } }',
    'allowedIPs: [10.99.0.2/32]',
    'publicKey: short',
  ]) {
    expect(frame(text, 1, 1, 3)[0]).toBe(text)
  }
  expect(frame('privateKey:\n  env: HQ_KEY', 2, 3, 3)[0]).toBe('  env: HQ_KEY')
})

test('50 are shown, the rest is counted', () => {
  const many = Array.from({ length: 60 }, (_, index) =>
    error({ message: `fault ${index}`, code: `VPN${index}`, severity: index < 55 ? 'error' : 'warning' }),
  )
  const text = renderDiagnostics(many, new Map(), PLAIN)
  expect(text.match(/fault \d+/g)).toHaveLength(50)
  expect(text).toContain('... and 5 errors, 5 warnings more, not shown')
  expect(text.endsWith('55 errors, 5 warnings.\n')).toBe(true)
})

test('a limit shows as many as it says, and counts the rest', () => {
  const faults = [1, 2, 3].map((number) => error({ message: `fault ${number}` }))
  const text = renderDiagnostics(faults, new Map(), { color: false, limit: 2 })
  expect(text.match(/fault \d+/g)).toEqual(['fault 1', 'fault 2'])
  expect(text).toContain('... and 1 more VPN201')
})

test('of one code 20 errors or 5 warnings are shown, the rest is counted', () => {
  const repeated = (severity: 'error' | 'warning', code: string) =>
    Array.from({ length: 1000 }, () => error({ code, severity }))
  const all = [...repeated('warning', 'VPN301'), ...repeated('error', 'VPN201')]
  const text = renderDiagnostics(all, new Map(), PLAIN)
  expect(text.match(/warning\[VPN301\]/g)).toHaveLength(5)
  expect(text).toContain('\n... and 995 more VPN301\n')
  expect(text.match(/error\[VPN201\]/g)).toHaveLength(20)
  expect(text).toContain('\n... and 980 more VPN201\n')
  expect(text).not.toContain('not shown')
  expect(text.endsWith('1000 errors, 1000 warnings.\n')).toBe(true)
})

test('hostile messages and file names stay on their line', () => {
  const at = range('a\n::error::b.yaml', 1, 1)
  const text = renderDiagnostics([error({ at, message: 'x\u001b[2J\ny', hint: 'p\nq' })], new Map(), PLAIN)
  expect(text.split('\n')).toHaveLength(6)
  expect(text).not.toContain('\u001b')
})

test('nothing to report gives no output', () => {
  expect(renderDiagnostics([], new Map(), PLAIN)).toBe('')
})

test('on a narrow terminal messages and hints are folded, and a long line is shown around its place', () => {
  const line = `  connections: [{ datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: 4, ipv4CIDR: 192.168.40.5/33 }]`
  const column = line.indexOf('192.168') + 1
  const diagnostic = error({
    message: 'ipv4CIDR must be an IPv4 address with a prefix length, such as 192.168.1.100/24',
    at: range('vpn.yaml', 1, column, '192.168.40.5/33'.length),
    related: [
      { at: range('vpn.yaml', 1, column, 3), message: 'a remark that has no room next to the carets' },
    ],
    hint: 'the prefix length of an IPv4 network is a number from 0 to 32',
  })
  const text = renderDiagnostics([diagnostic], new Map([['vpn.yaml', line]]), { ...PLAIN, width: 60 })
  const lines = text.split('\n')
  expect(Math.max(...lines.map((each) => each.length))).toBeLessThanOrEqual(60)
  const carets = lines.findIndex((each) => each.includes('^'))
  const at = lines[carets]?.indexOf('^') ?? 0
  expect(lines[carets - 1]?.slice(at)).toMatch(/^192\.168\.40\.5\/33/)
  expect(text).toContain('  = a remark that has no room next to the carets\n')
  expect(text).toMatch(/ = hint: the prefix .*\n {4}\S/)
})
