import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { ApiRemote } from '../../src/api/options.ts'
import { createRedactor, redactValue } from '../../src/api/redact.ts'
import { ipsecTunnel } from '../../src/kinds/ipsec/tunnel.ts'
import type { WireResource } from '../../src/model/remote.ts'
import { Secret } from '../../src/model/secret.ts'
import { formsOf } from '../support/examples.ts'
import { aRemote, GATEWAY_ID, gateway, gateways, ORIGIN, PEER_ID, page, TOKEN, wire } from './a-remote.ts'
import { answerByNock, nock } from './nock.ts'

answerByNock()

/** Throw-away values. */
const SECRETS = [
  'dGhyb3ctYXdheSBrZXkgZm9yIHRlc3RzIG9ubHk=',
  'a "quoted" \\ throw/away? pässwörd & +',
  'throw-away',
]

describe('a redactor', () => {
  test.each(SECRETS)('removes every form of %s, wherever it is', (secret) => {
    for (const what of ['pieces', 'whole'] as const) {
      const redact = createRedactor(['another-secret-of-tests', secret], what)
      for (const form of formsOf(secret)) {
        for (const text of [form, `<${form}>`, `${form}${form}`, `a ${form}, b ${form}`]) {
          expect(redact(text)).not.toContain(form)
          expect(redact(text)).toContain('(secret)')
        }
      }
      const encoded = Buffer.from(`user:${secret}`).toString('base64')
      expect(redact(`Basic ${encoded}`)).not.toContain(encoded.slice(8, -4))
    }
  })

  test('removes pieces of ten characters, or leaves them alone', () => {
    const secret = 'dGhyb3ctYXdheSBrZXkgZm9yIHRlc3RzIG9ubHk='
    const text = `it starts with ${secret.slice(0, 12)} and ends with ${secret.slice(-9)}`
    expect(createRedactor([secret])(text)).toBe(`it starts with (secret) and ends with ${secret.slice(-9)}`)
    expect(createRedactor([secret], 'whole')(text)).toBe(text)
  })

  test('finds a piece of ten characters at every place, and no piece of nine, among a thousand secrets', () => {
    const secret = SECRETS[0] ?? ''
    const others = Array.from({ length: 1000 }, (_, index) =>
      createHash('sha256').update(`throw-away ${index}`).digest('base64'),
    )
    const redact = createRedactor([...others, secret])
    for (let from = 0; from + 10 <= secret.length; from += 1) {
      for (let before = 0; before < 12; before += 1) {
        const lead = '~'.repeat(before)
        expect(redact(`${lead}${secret.slice(from, from + 10)}~`)).toBe(`${lead}(secret)~`)
        const harmless = `${lead}${secret.slice(from, from + 9)}~`
        expect(redact(harmless)).toBe(harmless)
      }
    }
  })

  test('cuts overlapping secrets as one', () => {
    const redact = createRedactor(['abcdefghijklmnop', 'klmnopqrstuvwxyz'], 'whole')
    expect(redact('<abcdefghijklmnopqrstuvwxyz>')).toBe('<(secret)>')
  })

  test('gives a value without secrets back as it is', () => {
    const value = { a: ['x', { b: 1, c: null }] }
    expect(redactValue(value, createRedactor(SECRETS))).toBe(value)
  })
})

async function itemsOf(remote: ApiRemote): Promise<readonly WireResource[]> {
  const items: WireResource[] = []
  for await (const some of remote.list(gateways)) items.push(...some)
  return items
}

describe('what the service repeats of secrets', () => {
  const psk = SECRETS[0] ?? ''
  const echo = formsOf(psk).join(' ')
  const resource = {
    ...wire(GATEWAY_ID, `hq ${echo}`),
    metadata: {
      status: `FAILED ${echo}`,
      statusMessage: `the key ${echo} and the token ${formsOf(TOKEN).join(' ')}, ${TOKEN.slice(5, 25)}`,
      createdBy: echo,
      [psk]: { deep: [echo] },
    },
    properties: { name: `hq ${echo}`, description: echo, unknown: { [psk]: [echo] } },
  }
  const options = { secrets: [new Secret(`${psk}\n`)] }
  const clean = (value: unknown): void => {
    const text = JSON.stringify(value)
    expect(text).toContain('(secret)')
    for (const form of [...formsOf(psk), ...formsOf(TOKEN), TOKEN.slice(5, 25)])
      expect(text).not.toContain(form)
  }

  test('is removed from lists, from single resources, and from the answer to a write', async () => {
    nock(ORIGIN)
      .get('/wireguardgateways')
      .query(true)
      .reply(200, page([resource]))
    nock(ORIGIN).get(`/wireguardgateways/${GATEWAY_ID}`).reply(200, resource)
    nock(ORIGIN).put(`/wireguardgateways/${GATEWAY_ID}`).reply(200, resource)
    const remote = aRemote(options)
    clean(await itemsOf(remote))
    clean(await remote.get(gateway))
    clean(await remote.put(gateway, { spec: { name: 'hq' }, secrets: [] }))
    remote.close()
  })

  test('is removed from errors of requests that did not send it', async () => {
    nock(ORIGIN)
      .get(`/wireguardgateways/${GATEWAY_ID}`)
      .reply(400, { messages: [{ errorCode: 'x', message: echo }] })
    const remote = aRemote(options)
    const error = await remote.get(gateway).catch((each: unknown) => each)
    clean({ ...(error as object), message: (error as Error).message })
    remote.close()
  })

  test('stays where it belongs: there it is compared and taken out', async () => {
    const tunnel = {
      ...wire(PEER_ID, 'berlin'),
      properties: { name: 'berlin', auth: { method: 'PSK', psk: { key: psk } } },
    }
    nock(ORIGIN).get(`/ipsecgateways/${GATEWAY_ID}/tunnels/${PEER_ID}`).reply(200, tunnel)
    const remote = aRemote(options)
    const target = { kind: ipsecTunnel, location: 'de/fra', parentIds: [GATEWAY_ID], id: PEER_ID }
    expect((await remote.get(target))?.properties).toEqual(tunnel.properties)
    remote.close()
  })

  test('changes no name that only resembles a password', async () => {
    nock(ORIGIN)
      .get('/wireguardgateways')
      .query(true)
      .reply(200, page([wire(GATEWAY_ID, 'vpn-gateway-berlin')]))
    const remote = aRemote({
      credentials: { type: 'basic', username: 'u', password: new Secret('vpn-gateway-frankfurt') },
      secrets: [new Secret('vpn-gateway-paris')],
    })
    expect((await itemsOf(remote)).map(({ properties }) => properties.name)).toEqual(['vpn-gateway-berlin'])
    remote.close()
  })
})

describe('an id that would shorten a path', () => {
  test.each(['.', '..'])('%s of the service is not a resource', async (id) => {
    nock(ORIGIN)
      .get('/wireguardgateways')
      .query(true)
      .reply(200, page([wire(id)]))
    const remote = aRemote()
    await expect(itemsOf(remote)).rejects.toMatchObject({ reason: 'protocol' })
    remote.close()
  })

  test.each(['.', '..', ''])('"%s" is not sent', async (id) => {
    const remote = aRemote()
    await expect(remote.delete({ ...gateway, id })).rejects.toThrow(/cannot be part of a path/)
    await expect(remote.get({ ...gateways, kind: ipsecTunnel, parentIds: [id], id: 'x' })).rejects.toThrow(
      /cannot be part of a path/,
    )
    remote.close()
  })

  test('what looks like a path is one segment', async () => {
    nock(ORIGIN).delete('/wireguardgateways/..%2Fipsecgateways%2F%252e%252e').reply(404)
    const remote = aRemote()
    expect(await remote.delete({ ...gateway, id: '../ipsecgateways/%2e%2e' })).toBe('absent')
    remote.close()
  })
})
