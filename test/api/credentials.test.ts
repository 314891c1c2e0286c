import { describe, expect, test } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import { hastyClock } from '../support/virtual-clock.ts'
import { aRemote, failureOf, GATEWAY_ID, gateway, gatewayBody, ORIGIN, peer, wire } from './a-remote.ts'
import { answerByNock, nock } from './nock.ts'

const PATH = `/wireguardgateways/${GATEWAY_ID}`

answerByNock()

const jwt = (claims: unknown): string =>
  ['e30', Buffer.from(JSON.stringify(claims)).toString('base64url'), 'signature-for-tests'].join('.')

describe('a 401', () => {
  const clock = hastyClock({ start: Date.UTC(2030, 0, 2) })
  test.each([
    [
      'an expired token',
      jwt({ exp: Date.UTC(2030, 0, 1) / 1000, sub: 'someone' }),
      'expired on 2030-01-01T00:00:00.000Z',
    ],
    ['a token that is not expired', jwt({ exp: Date.UTC(2031, 0, 1) / 1000 }), 'is not valid here'],
    ['a token with a senseless expiry', jwt({ exp: 1e300 }), 'is not valid here'],
    ['a token that is not a JWT', 'plain-token-for-tests', 'is not valid here'],
    ['a token with a broken payload', 'a.b.c', 'is not valid here'],
  ])('for %s shows the likely cause', async (_what, token, message) => {
    nock(ORIGIN)
      .get(PATH)
      .reply(401, { messages: [{ errorCode: '315', message: 'Unauthorized' }] })
    const remote = aRemote({ clock, credentials: { type: 'token', token: new Secret(token) } })
    const error = await failureOf(remote.get(gateway), [token])
    expect(error).toMatchObject({ reason: 'unauthenticated', status: 401, attempts: 1 })
    expect(error.message).toContain(message)
    expect(error.message).toContain('Unauthorized (315)')
    expect(error.message).not.toContain('someone')
  })

  test('for user and password hints at two-factor authentication', async () => {
    const password = new Secret('test-password-only')
    const pair = Buffer.from('jo:test-password-only').toString('base64')
    nock(ORIGIN).get(PATH).reply(401, `you sent ${pair}`)
    const remote = aRemote({ credentials: { type: 'basic', username: 'jo', password } })
    const error = await failureOf(remote.get(gateway), [password.reveal(), pair])
    expect(error.message).toContain('two-factor')
  })
})

test('a 403 names the privilege', async () => {
  nock(ORIGIN).get(PATH).reply(403, '')
  const error = await failureOf(aRemote().get(gateway))
  expect(error).toMatchObject({ reason: 'forbidden', status: 403 })
  expect(error.message).toContain('accessAndManageVpn')
})

test.each([401, 403])('after a %i nothing more is sent', async (status) => {
  nock(ORIGIN).get(PATH).reply(status, '')
  nock(ORIGIN).put(PATH).reply(200, wire(GATEWAY_ID))
  nock(ORIGIN).delete(/peers/).reply(202)
  const remote = aRemote({ parallelism: 1 })
  const outcomes = await Promise.allSettled([
    remote.get(gateway),
    remote.put(gateway, gatewayBody()),
    remote.delete(peer),
  ])
  expect(outcomes).toMatchObject([
    { reason: { status } },
    { reason: { reason: 'aborted', attempts: 0 } },
    { reason: { reason: 'aborted', attempts: 0 } },
  ])
  await expect(failureOf(remote.delete(peer))).resolves.toMatchObject({ reason: 'aborted', method: 'DELETE' })
  expect(remote.counts().total).toBe(1)
})

test.each([
  '$(IONOS_TOKEN)',
  '$' + '{IONOS_TOKEN}',
  '$IONOS_TOKEN',
  '%IONOS_TOKEN%',
])('a placeholder that the pipeline did not replace is not sent: %s', async (text) => {
  for (const credentials of [
    { type: 'token', token: new Secret(text) },
    { type: 'basic', username: 'jo', password: new Secret(text) },
  ] as const) {
    const remote = aRemote({ credentials })
    const error = await failureOf(remote.get(gateway))
    expect(error.message).toContain('is a placeholder that the pipeline did not replace')
    expect(error).toMatchObject({ reason: 'unauthenticated', attempts: 0 })
    remote.close()
  }
})
