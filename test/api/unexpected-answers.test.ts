import { afterEach, describe, expect, test } from 'vitest'
import {
  aRemote,
  failureOf,
  GATEWAY_ID,
  gateway,
  gatewayBody,
  gateways,
  ORIGIN,
  PRIVATE_KEY,
  page,
  readAll,
  TOKEN,
  wire,
} from './a-remote.ts'
import { answerByNock, nock } from './nock.ts'

const PATH = `/wireguardgateways/${GATEWAY_ID}`
const HTML = { 'content-type': 'text/html; charset=utf-8' }
const PROXY_PAGE = `<!doctype html><html><head><style>b{color:red}</style><script>steal()</script></head>
<body><h1>502 Bad&nbsp;Gateway</h1>\u001b[31m<p>squid/5.7</p></body></html>`

answerByNock()
afterEach(() => expect(nock.pendingMocks()).toEqual([]))

describe('an answer that is not the API\u2019s', () => {
  // [what, status, body, headers, how often it is sent, what the message says]
  test.each([
    [
      'a web page with 200',
      200,
      PROXY_PAGE,
      HTML,
      3,
      /answered 200: no JSON but "502 Bad Gateway \[31m squid\/5\.7"/,
    ],
    ['an empty 200', 200, '', {}, 3, /answered 200: an empty body/],
    ['a 204', 204, '', {}, 3, /answered 204: an empty body/],
    ['JSON that ends too early', 200, '{"id": "0b5e', {}, 3, /no JSON but "\{"id": "0b5e"/],
    [
      'a text with a JSON content type',
      200,
      'OK',
      { 'content-type': 'application/json' },
      3,
      /no JSON but "OK"/,
    ],
    ['JSON null', 200, 'null', {}, 1, /JSON that is not a resource/],
    ['a JSON array', 200, '[]', {}, 1, /JSON that is not a resource/],
    ['a resource without properties', 200, { id: GATEWAY_ID }, {}, 1, /no "id" or no "properties"/],
    ['another resource', 200, wire('11111111-1111-4111-8111-111111111111'), {}, 1, /another id/],
    ['a 304', 304, '', {}, 1, /answered 304/],
    [
      'a redirect to a login page',
      302,
      '',
      { location: `https://login.example.net/sso?token=${TOKEN}#x` },
      1,
      /a redirect to https:\/\/login\.example\.net\/sso, which is not followed/,
    ],
    [
      'a redirect within the origin',
      301,
      '',
      { location: '/elsewhere' },
      1,
      /a redirect to https:\/\/vpn\.example\.com\/elsewhere,/,
    ],
    ['a redirect to nowhere', 307, '', {}, 1, /a redirect to nowhere/],
    ['a redirect to nonsense', 308, '', { location: 'http://[' }, 1, /a redirect to nowhere/],
  ] as const)('%s is reported as what it is', async (_what, status, body, headers, times, message) => {
    nock(ORIGIN).get(PATH).times(times).reply(status, body, headers)
    const error = await failureOf(aRemote().get(gateway))
    expect(error).toMatchObject({ reason: 'protocol', status, method: 'GET', path: PATH, attempts: times })
    expect(error.message).toContain(`GET ${PATH}`)
    expect(error.message).toMatch(message)
    // Nothing that could move a terminal's cursor.
    expect(error.message).toMatch(/^[^\p{Cc}]*$/u)
  })

  test('with a wrong content type is read all the same', async () => {
    nock(ORIGIN)
      .get(PATH)
      .reply(200, JSON.stringify(wire(GATEWAY_ID)), { 'content-type': 'text/plain' })
    await expect(aRemote().get(gateway)).resolves.toMatchObject({ id: GATEWAY_ID })
  })

  test.each([
    ['no list at all', wire(GATEWAY_ID), /JSON that is not a list/],
    ['an empty object', {}, /JSON that is not a list/],
    ['an array', [], /JSON that is not a list/],
    ['items that are an object', page({}), /"items" is not an array/],
    ['an item without id', page([wire(GATEWAY_ID), { properties: {} }]), /item 1 has no "id"/],
    ['an item that is a string', page(['x']), /item 0 has no "id"/],
  ])('instead of a list: %s', async (_what, body, message) => {
    nock(ORIGIN)
      .get(/wireguardgateways/)
      .reply(200, body)
    const error = await failureOf(readAll(aRemote(), gateways))
    expect(error).toMatchObject({ reason: 'protocol', method: 'GET', path: '/wireguardgateways' })
    expect(error.message).toMatch(message)
  })

  test('but a list without items is an empty one', async () => {
    nock(ORIGIN)
      .get(/wireguardgateways/)
      .reply(200, { type: 'collection', limit: 1000, offset: 0, _links: {} })
    await expect(readAll(aRemote(), gateways)).resolves.toEqual([])
  })

  test('a page of many megabytes is read', async () => {
    const items = Array.from({ length: 999 }, (_, index) => wire(`id-${index}`, 'x'.repeat(5000)))
    nock(ORIGIN)
      .get(/wireguardgateways/)
      .reply(200, page(items))
    await expect(readAll(aRemote(), gateways)).resolves.toHaveLength(999)
  })
})

describe('a refusal', () => {
  test.each([
    [400, 'rejected'],
    [405, 'rejected'],
    [415, 'rejected'],
    [501, 'unavailable'],
  ])('with %i is final', async (status, reason) => {
    nock(ORIGIN)
      .put(PATH)
      .reply(status, { messages: [{ message: 'no' }, { message: 'never' }] })
    const error = await failureOf(aRemote().put(gateway, gatewayBody()))
    expect(error).toMatchObject({ reason, status, attempts: 1 })
    expect(error.message).toMatch(/: the answer: no; never$|: no; never$/)
  })

  test('by a proxy is shortened to its first words', async () => {
    nock(ORIGIN)
      .put(PATH)
      .reply(400, `<html><body>${'far too long '.repeat(10_000)}</body></html>`, HTML)
    const error = await failureOf(aRemote().put(gateway, gatewayBody()))
    expect(error.message.length).toBeLessThan(400)
    expect(error.message).toContain('far too long')
    expect(error.message).not.toContain('<')
  })

  test('with unexpected messages keeps the sensible ones', async () => {
    const messages = [
      null,
      'text',
      { message: 7 },
      { message: 'one\u0000\r\ntwo', errorCode: 5 },
      { message: '' },
    ]
    nock(ORIGIN).put(PATH).reply(422, { messages })
    const error = await failureOf(aRemote().put(gateway, gatewayBody()))
    expect(error.messages).toEqual([{ message: 'one two' }])
  })
})

describe('an answer that repeats what was sent', () => {
  const body = JSON.stringify({ properties: { privateKey: PRIVATE_KEY } })
  test.each([
    [
      'in a message',
      { messages: [{ errorCode: PRIVATE_KEY, message: `privateKey ${PRIVATE_KEY} is bad` }] },
      {},
    ],
    ['as a whole', body, {}],
    ['in a web page', `<pre>${PRIVATE_KEY.replaceAll('+', '&#43;').replaceAll('/', '&#x2F;')}</pre>`, HTML],
    ['as part of a URL', `at /x?key=${encodeURIComponent(PRIVATE_KEY)}`, {}],
    ['with the token', `Authorization: Bearer ${TOKEN}`, {}],
    ['cut by the server', `bad key ${PRIVATE_KEY.slice(0, 20)}...`, {}],
    ['at the place where we cut', `${'x'.repeat(190)} ${PRIVATE_KEY}`, {}],
    ['as a request id', 'no', { 'x-request-id': TOKEN }],
  ] as const)('%s loses it', async (_what, reply, headers) => {
    nock(ORIGIN).put(PATH).reply(422, reply, headers)
    const error = await failureOf(aRemote().put(gateway, gatewayBody()), [
      PRIVATE_KEY.slice(0, 12),
      PRIVATE_KEY.slice(-12),
      TOKEN.slice(0, 12),
      encodeURIComponent(PRIVATE_KEY),
    ])
    expect(`${error.message} ${error.requestId ?? ''}`).toContain('(secret)')
  })

  test('in the place that a redirect points to loses it', async () => {
    nock(ORIGIN)
      .put(PATH)
      .reply(302, '', { location: `/login/${TOKEN}` })
    const error = await failureOf(aRemote().put(gateway, gatewayBody()))
    expect(error.message).toContain('https://vpn.example.com/login/(secret)')
  })

  test('with 200 and no JSON loses it', async () => {
    nock(ORIGIN).put(PATH).times(3).reply(200, `stored ${PRIVATE_KEY}`)
    const error = await failureOf(aRemote().put(gateway, gatewayBody()))
    expect(error.message).toContain('stored (secret)')
  })
})
