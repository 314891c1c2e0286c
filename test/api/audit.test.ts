import { expect, test } from 'vitest'
import { auditRequest, auditRetry } from '../../src/api/audit.ts'

test('an audit line shows when, what, how it ended, how long it took and what it was about', () => {
  const line = auditRequest({
    at: Date.UTC(2030, 0, 1, 12),
    method: 'PUT',
    path: '/wireguardgateways/0b5e7f6c-4f0e-5c1d-8a44-2b6f3f1d9e01',
    attempt: 2,
    durationMs: 57,
    status: 200,
    bytes: 812,
    address: 'wireguardgateways/hq',
  })
  expect(JSON.stringify(line)).toBe(
    '{"time":"2030-01-01T12:00:00.000Z","event":"request","method":"PUT",' +
      '"path":"/wireguardgateways/0b5e7f6c-4f0e-5c1d-8a44-2b6f3f1d9e01","attempt":2,"durationMs":57,' +
      '"status":200,"bytes":812,"address":"wireguardgateways/hq"}',
  )
})

test('an audit line of a retry shows why and how long it waits', () => {
  const line = auditRetry({
    at: Date.UTC(2030, 0, 1),
    method: 'GET',
    path: '/ipsecgateways',
    attempt: 1,
    because: 'ECONNRESET',
    delayMs: 120,
  })
  expect(line).toEqual({
    time: '2030-01-01T00:00:00.000Z',
    event: 'retry',
    method: 'GET',
    path: '/ipsecgateways',
    attempt: 1,
    because: 'ECONNRESET',
    delayMs: 120,
  })
})
