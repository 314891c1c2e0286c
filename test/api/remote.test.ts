import { afterEach, describe, expect, test } from 'vitest'
import { Secret } from '../../src/model/secret.ts'
import {
  aRemote,
  failureOf,
  GATEWAY_ID,
  gateway,
  gatewayBody,
  gateways,
  ORIGIN,
  PEER_ID,
  PRIVATE_KEY,
  page,
  peer,
  peers,
  readAll,
  TOKEN,
  wire,
} from './a-remote.ts'
import { answerByNock, nock } from './nock.ts'

const GATEWAY_PATH = `/wireguardgateways/${GATEWAY_ID}`
const PEER_PATH = `${GATEWAY_PATH}/peers/${PEER_ID}`

answerByNock()
afterEach(() => expect(nock.pendingMocks()).toEqual([]))

describe('a request', () => {
  test('carries token, user agent and contract, and asks for JSON', async () => {
    nock(ORIGIN, {
      reqheaders: {
        authorization: `Bearer ${TOKEN}`,
        'user-agent': 'vpnctl/test',
        accept: 'application/json',
        'x-contract-number': '12345',
      },
    })
      .get(GATEWAY_PATH)
      .reply(200, wire(GATEWAY_ID))
    await expect(aRemote({ contractNumber: '12345' }).get(gateway)).resolves.toMatchObject({ id: GATEWAY_ID })
  })

  test('carries user and password when there is no token', async () => {
    nock(ORIGIN)
      .get(GATEWAY_PATH)
      .basicAuth({ user: 'jo@example.com', pass: 'p:ss wörd' })
      .reply(200, wire(GATEWAY_ID))
    const credentials = {
      type: 'basic',
      username: 'jo@example.com',
      password: new Secret('p:ss wörd'),
    } as const
    await expect(aRemote({ credentials }).get(gateway)).resolves.toMatchObject({ id: GATEWAY_ID })
  })

  test('keeps the path of the base URL, and neither its user nor its query', async () => {
    nock(ORIGIN, { reqheaders: { authorization: `Bearer ${TOKEN}` } })
      .get(`/proxy/vpn${PEER_PATH}`)
      .reply(200, wire(PEER_ID))
    const remote = aRemote({ baseUrl: () => 'https://who:what@vpn.example.com/proxy/vpn/?x=1#y' })
    await expect(remote.get(peer)).resolves.toMatchObject({ id: PEER_ID })
  })

  test('is not sent with a token that no header can hold', async () => {
    const token = 'line\nbreak-in-a-token'
    const remote = aRemote({ credentials: { type: 'token', token: new Secret(token) } })
    const error = await failureOf(remote.get(gateway), [token])
    expect(error).toMatchObject({ reason: 'unauthenticated', attempts: 0 })
    expect(error.message).toContain('line break')
  })
})

describe('get', () => {
  test('gives null for what is not there', async () => {
    nock(ORIGIN).get(PEER_PATH).reply(404, { httpStatus: 404 })
    await expect(aRemote().get(peer)).resolves.toBeNull()
  })
})

describe('put', () => {
  test('sends id and properties with each secret in its place', async () => {
    let sent: unknown
    nock(ORIGIN)
      .put(GATEWAY_PATH, (body) => {
        sent = body
        return true
      })
      .reply(200, wire(GATEWAY_ID))
    await aRemote().put(gateway, {
      spec: { name: 'hq', auth: { method: 'PSK' } },
      secrets: [{ path: ['auth', 'psk', 'key'], value: new Secret(PRIVATE_KEY) }],
    })
    expect(sent).toEqual({
      id: GATEWAY_ID,
      metadata: {},
      properties: { name: 'hq', auth: { method: 'PSK', psk: { key: PRIVATE_KEY } } },
    })
  })

  test.each([200, 202, 204])('that is answered %i without a body was accepted', async (status) => {
    nock(ORIGIN).put(GATEWAY_PATH).reply(status)
    const answer = await aRemote().put(gateway, gatewayBody())
    expect(answer).toEqual({ id: GATEWAY_ID, metadata: {}, properties: gatewayBody().spec })
  })

  test('that is answered with another id is an error, since something else was made', async () => {
    nock(ORIGIN).put(GATEWAY_PATH).reply(200, wire(PEER_ID))
    const error = await failureOf(aRemote().put(gateway, gatewayBody()))
    expect(error.reason).toBe('protocol')
    expect(error.message).toContain('another id')
  })

  test('that is answered 404 says that PUT did not create', async () => {
    nock(ORIGIN)
      .put(PEER_PATH)
      .reply(404, { messages: [{ message: 'no such peer' }] })
    const error = await failureOf(aRemote().put(peer, gatewayBody()))
    expect(error).toMatchObject({ reason: 'not-found', status: 404, method: 'PUT', path: PEER_PATH })
    expect(error.message).toMatch(/did not create it.*no such peer/)
  })

  test.each([409, 422])('that is answered %i is a conflict, sent once', async (status) => {
    nock(ORIGIN)
      .put(GATEWAY_PATH)
      .reply(
        status,
        { messages: [{ errorCode: 'vpn-common-0021', message: 'busy' }] },
        { 'x-request-id': 'r-1' },
      )
    const error = await failureOf(aRemote().put(gateway, gatewayBody()))
    expect(error).toMatchObject({
      reason: 'conflict',
      status,
      attempts: 1,
      messages: [{ errorCode: 'vpn-common-0021', message: 'busy' }],
      requestId: 'r-1',
    })
    expect(error.message).toContain('busy (vpn-common-0021)')
  })
})

describe('delete', () => {
  test.each([
    [200, 'accepted'],
    [202, 'accepted'],
    [204, 'accepted'],
    [404, 'absent'],
  ] as const)('takes %i as %s, whatever the body', async (status, answer) => {
    nock(ORIGIN).delete(PEER_PATH).reply(status, '{"cut in ha')
    await expect(aRemote().delete(peer)).resolves.toBe(answer)
  })

  test('does not take a web page for the word that something is gone', async () => {
    nock(ORIGIN).delete(PEER_PATH).reply(404, '<h1>Not here</h1>', { 'content-type': 'text/html' })
    const error = await failureOf(aRemote().delete(peer))
    expect(error).toMatchObject({ reason: 'protocol', status: 404 })
  })
})

describe('list', () => {
  test('asks for 1000 at a time and is done with the first page that is not full', async () => {
    nock(ORIGIN)
      .get(`${GATEWAY_PATH}/peers`)
      .query({ limit: '1000', offset: '0' })
      .reply(200, page([wire(PEER_ID)]))
    await expect(readAll(aRemote(), peers)).resolves.toEqual([PEER_ID])
  })

  test('of a missing parent is not-found, at the top it names the endpoint', async () => {
    nock(ORIGIN).get(/peers/).reply(404, { httpStatus: 404 })
    nock(ORIGIN)
      .get(/wireguardgateways\?/)
      .reply(404, { httpStatus: 404 })
    await expect(readAll(aRemote(), peers)).rejects.toMatchObject({ reason: 'not-found' })
    const error = await failureOf(readAll(aRemote(), gateways))
    expect(error.message).toContain(
      'there is no VPN API at vpn.example.com; check the endpoint and the location',
    )
  })
})

describe('counts and records', () => {
  test('have each attempt with what it was about, and nothing that was sent', async () => {
    nock(ORIGIN).put(GATEWAY_PATH).reply(503, 'later')
    nock(ORIGIN).put(GATEWAY_PATH).reply(200, wire(GATEWAY_ID))
    nock(ORIGIN).get(/peers/).reply(200, page([]))
    const requests: object[] = []
    const retries: object[] = []
    const remote = aRemote({
      addressOf: () => 'wireguardgateways/hq',
      onRequest: (record) => requests.push(record),
      onRetry: (record) => retries.push(record),
    })
    await remote.put(gateway, gatewayBody())
    await readAll(remote, peers)
    expect(remote.counts()).toEqual({ total: 3, retries: 1, byMethod: { GET: 1, PUT: 2, DELETE: 0 } })
    const address = 'wireguardgateways/hq'
    expect(requests).toMatchObject([
      { method: 'PUT', path: GATEWAY_PATH, status: 503, attempt: 1, bytes: 5, address },
      { method: 'PUT', path: GATEWAY_PATH, status: 200, attempt: 2, address },
      { method: 'GET', path: `${GATEWAY_PATH}/peers`, query: 'limit=1000&offset=0', status: 200, attempt: 1 },
    ])
    expect(retries).toMatchObject([{ method: 'PUT', attempt: 1, because: '503', delayMs: 100, address }])
    expect(JSON.stringify([requests, retries])).not.toContain(PRIVATE_KEY)
    expect(JSON.stringify([requests, retries])).not.toContain(TOKEN)
  })
})

test("a transport of one's own carries the requests, and is closed with the remote", async () => {
  const carried: string[] = []
  let answers = 0
  const remote = aRemote({
    transport: {
      exchange(method, url) {
        carried.push(`${method} ${url.pathname}`)
        answers += 1
        const body = { status: answers === 1 ? 503 : 200, text: JSON.stringify(wire(GATEWAY_ID)) }
        return Promise.resolve({ type: 'answer', headers: {}, bytes: body.text.length, ...body })
      },
      close: () => carried.push('close'),
    },
  })
  await expect(remote.get(gateway)).resolves.toMatchObject({ id: GATEWAY_ID })
  remote.close()
  expect(carried).toEqual([`GET ${GATEWAY_PATH}`, `GET ${GATEWAY_PATH}`, 'close'])
})
