import { expect, test } from 'vitest'
import type { ApplyEvent } from '../../src/apply/events.ts'
import { Secret } from '../../src/model/secret.ts'
import { renderEventJson, renderResultJson } from '../../src/report/apply/json.ts'
import { diagnosticsReport } from '../../src/report/diagnostics/report.ts'
import { render } from '../../src/report/formats/json.ts'
import { planReport } from '../../src/report/plan/report.ts'
import { resultOf } from '../support/apply-builder.ts'
import {
  gateway,
  ipsecGatewayOf,
  liveOf,
  METADATA,
  peer,
  planOf,
  range,
  tunnelOf,
} from '../support/plan-builder.ts'
import { faultsOf } from '../support/report-schemas.ts'

const THROW_AWAY_PSK = 'throw-away-psk-for-tests-only'
const hq = gateway('hq')
const alice = peer(hq, 'alice', { allowedIPs: ['10.99.0.2/32', '192.168.10.0/24'] })
const branch = ipsecGatewayOf('branch')
const berlin = tunnelOf(branch, 'berlin', 'vpn.berlin.example.com', {
  variable: 'BERLIN_PSK',
  value: new Secret(THROW_AWAY_PSK),
})
const plan = planOf(
  [hq, alice, branch, berlin],
  [
    liveOf(hq, { tier: 'PREMIUM', description: 'set by hand', futureField: 'throw-away-unknown' }),
    liveOf(alice, { allowedIPs: ['10.99.0.2/32', '10.0.0.0/8'] }),
    liveOf(branch),
    liveOf(peer(hq, 'bob', { publicKey: 'Ym9i' }), {}, { metadata: METADATA }),
    liveOf(peer(hq, 'rogue', { publicKey: 'cm9ndWU=' }), {}, { id: '11111111-1111-4111-8111-111111111111' }),
  ],
)

test('a plan is one document of the published schema, without keeps and without secrets', () => {
  const text = render(planReport(plan))
  const document = JSON.parse(text)
  expect(faultsOf('plan', document)).toEqual([])
  expect(document).toMatchObject({
    format: 'vpnctl/plan',
    version: 1,
    stack: 'test',
    summary: { create: 1, update: 2, delete: 1, keep: 1, unmanaged: 1 },
  })
  const actions = document.changes.map((change: { action: string }) => change.action)
  expect(actions).toEqual(['delete', 'update', 'update', 'create', 'unmanaged'])
  expect(text).not.toMatch(/throw-away/)
})

test('fields show before and after, sets their members too, secrets only what happens', () => {
  const document = JSON.parse(render(planReport(plan)))
  const fieldsOf = (address: string) =>
    document.changes.find((change: { address: string }) => change.address === address)?.fields
  expect(fieldsOf('wireguardgateways/hq')).toEqual([
    { path: 'description', secret: false, before: 'set by hand' },
    { path: 'tier', secret: false, before: 'PREMIUM', after: 'STANDARD', from: 'default' },
  ])
  expect(fieldsOf('wireguardgateways/hq/peers/alice')).toEqual([
    {
      path: 'allowedIPs',
      secret: false,
      before: ['10.0.0.0/8', '10.99.0.2/32'],
      after: ['10.99.0.2/32', '192.168.10.0/24'],
      added: ['192.168.10.0/24'],
      removed: ['10.0.0.0/8'],
    },
  ])
  expect(fieldsOf('ipsecgateways/branch/tunnels/berlin')).toContainEqual({
    path: 'auth.psk.key',
    secret: true,
    change: 'new',
    source: 'env BERLIN_PSK',
  })
  expect(fieldsOf('wireguardgateways/hq/peers/bob')).toContainEqual({
    path: 'publicKey',
    secret: false,
    before: 'Ym9i',
  })
})

test('the schema of a plan refuses a secret that carries a value', () => {
  const document = JSON.parse(render(planReport(plan)))
  const leaked = { path: 'x', secret: true, change: 'new', source: 'env X', after: 'leak' }
  document.changes[0].fields.push(leaked)
  expect(faultsOf('plan', document)).not.toEqual([])
})

test('a refused plan carries its refusals', () => {
  const unowned = liveOf(hq, {}, { id: '22222222-2222-4222-8222-222222222222' })
  const document = JSON.parse(render(planReport(planOf([hq], [unowned]))))
  expect(faultsOf('plan', document)).toEqual([])
  expect(document.refusals).toMatchObject([{ severity: 'error', code: 'VPN501', file: 'vpn.yaml', line: 5 }])
})

test('diagnostics are one document of the published schema, all of them', () => {
  const at = range('vpn.yaml', 4, 5, 9)
  const many = Array.from({ length: 70 }, () => ({
    severity: 'error' as const,
    code: 'VPN201',
    message: 'x',
    at,
    related: [{ at, message: 'y' }],
  }))
  const document = JSON.parse(
    render(diagnosticsReport([...many, { severity: 'warning', code: 'VPN312', message: 'z' }])),
  )
  expect(faultsOf('diagnostics', document)).toEqual([])
  expect(document.summary).toEqual({ errors: 70, warnings: 1 })
  expect(document.diagnostics[0]).toEqual({
    severity: 'error',
    code: 'VPN201',
    message: 'x',
    file: 'vpn.yaml',
    line: 4,
    column: 5,
    endLine: 4,
    endColumn: 14,
    related: [{ file: 'vpn.yaml', line: 4, column: 5, endLine: 4, endColumn: 14, message: 'y' }],
  })
})

test('every event of an apply and its result are one line each of the published schema', () => {
  const change = plan.changes[0]
  if (change === undefined) throw new Error('the plan is empty')
  const events: readonly ApplyEvent[] = [
    { type: 'started', change, at: 0 },
    { type: 'waiting', change, at: 0, for: 'gone', on: 'wireguardgateways/hq', elapsedMs: 5 },
    { type: 'retrying', change, at: 0, because: 'a\nb', attempt: 2 },
    { type: 'finished', change, at: 0, outcome: { status: 'applied' }, elapsedMs: 7 },
  ]
  for (const event of events) {
    const line = renderEventJson(event)
    expect(line.indexOf('\n')).toBe(line.length - 1)
    expect(faultsOf('apply', JSON.parse(line))).toEqual([])
  }
  expect(JSON.parse(renderEventJson(events[0] as ApplyEvent))).toEqual({
    type: 'started',
    address: 'wireguardgateways/hq/peers/bob',
    kind: 'wireguard-peer',
    id: change.target.id,
    location: 'de/fra',
    action: 'delete',
    at: '1970-01-01T00:00:00.000Z',
  })
})

test('the result of an apply counts all and lists what was not kept', () => {
  const error = { message: 'no', reason: 'conflict', status: 422, requestId: '7d1' } as const
  const result = resultOf(
    plan,
    {
      'wireguardgateways/hq': { status: 'failed', error },
      'wireguardgateways/hq/peers/alice': { status: 'blocked', by: 'wireguardgateways/hq' },
      'wireguardgateways/hq/peers/bob': { status: 'applied', unconfirmed: 'no-wait' },
    },
    { writes: 3, stopped: { type: 'error', error } },
  )
  const document = JSON.parse(renderResultJson(result))
  expect(faultsOf('apply', document)).toEqual([])
  expect(document).toMatchObject({
    type: 'result',
    format: 'vpnctl/apply',
    version: 1,
    writes: 3,
    stopped: { type: 'error', error },
    summary: { applied: 2, failed: 1, blocked: 1, cancelled: 0, kept: 1 },
  })
  expect(document.outcomes.map((entry: { outcome: unknown }) => entry.outcome)).toEqual([
    { status: 'applied', unconfirmed: 'no-wait' },
    { status: 'failed', error },
    { status: 'blocked', by: 'wireguardgateways/hq' },
    { status: 'applied' },
  ])
})
