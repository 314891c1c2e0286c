import type { Server } from 'node:https'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RemoteOptions, TlsChoice } from '../../src/api/options.ts'
import { proxiedAgent } from '../../src/api/proxied-agent.ts'
import { proxyFromEnv } from '../../src/api/proxy-choice.ts'
import { type LoopbackProxy, loopbackProxy } from '../support/loopback-proxy.ts'
import { aRemote, failureOf, gateways, readAll, TOKEN } from './a-remote.ts'
import { CERTIFICATE, FINGERPRINT, tlsServer } from './loopback-tls.ts'

let server: Server
let port: number
beforeEach(async () => {
  const started = await tlsServer()
  server = started.server
  port = started.port
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

async function read(options: Partial<RemoteOptions>, host = '127.0.0.1'): Promise<unknown> {
  const remote = aRemote({ baseUrl: () => `https://${host}:${port}`, attempts: 1, ...options })
  try {
    return await readAll(remote, gateways)
  } finally {
    remote.close()
  }
}

const tls = (choice: TlsChoice): Partial<RemoteOptions> => ({ tls: () => choice })

describe('a certificate', () => {
  test('of an authority that nobody knows is refused', async () => {
    const error = await failureOf(read({}))
    expect(error.reason).toBe('network')
    expect(error.message).toContain('no trusted TLS connection')
  })

  test('of an authority that was given is good', async () => {
    expect(await read(tls({ ca: [CERTIFICATE] }))).toEqual([])
  })

  test('is not looked at when that was switched off', async () => {
    expect(await read(tls({ rejectUnauthorized: false }))).toEqual([])
  })

  test('that is pinned is good, and another one is refused although its chain is good', async () => {
    expect(await read(tls({ ca: [CERTIFICATE], pinnedFingerprint: FINGERPRINT }))).toEqual([])
    const error = await failureOf(read(tls({ ca: [CERTIFICATE], pinnedFingerprint: 'ab'.repeat(32) })))
    expect(error.message).toContain('ERR_TLS_PINNED_CERT')
  })

  test('that is pinned still needs a good chain', async () => {
    const error = await failureOf(read(tls({ pinnedFingerprint: FINGERPRINT })))
    expect(error.message).toContain('no trusted TLS connection')
  })
})

describe('a proxy', () => {
  let proxy: LoopbackProxy
  beforeEach(async () => {
    proxy = await loopbackProxy(port)
  })
  afterEach(() => proxy.close())

  test('sees the name of the host and nothing else, and one connection serves many requests', async () => {
    const agent = proxiedAgent(proxy.url, 2, 5_000)
    const remote = aRemote({
      baseUrl: () => `https://vpn.example.com:${port}`,
      attempts: 1,
      tls: () => ({ ca: [CERTIFICATE] }),
      proxy: () => agent,
    })
    expect(await readAll(remote, gateways)).toEqual([])
    expect(await readAll(remote, gateways)).toEqual([])
    remote.close()
    agent.destroy()
    expect(proxy.asked).toEqual([`vpn.example.com:${port}`])
    expect(proxy.asked.join()).not.toContain(TOKEN)
  })

  test('checks the certificate of the API all the same', async () => {
    const agent = proxiedAgent(proxy.url, 2, 5_000)
    const error = await failureOf(read({ proxy: () => agent }, 'vpn.example.com'))
    agent.destroy()
    expect(error.message).toContain('no trusted TLS connection')
  })
})

describe('the environment of proxies', () => {
  const HOST = new URL('https://vpn.de-fra.ionos.com')
  const applies = (env: Record<string, string>, url = HOST): boolean | string => {
    const choice = proxyFromEnv(env)
    if (choice === undefined) return 'none'
    return 'invalid' in choice ? `invalid ${choice.invalid}` : choice.appliesTo(url)
  }

  test.each([
    [{}, 'none'],
    [{ HTTPS_PROXY: 'http://proxy:3128' }, true],
    [{ https_proxy: 'proxy:3128' }, true],
    [{ ALL_PROXY: 'http://proxy:3128' }, true],
    [{ HTTP_PROXY: 'http://proxy:3128' }, 'none'],
    [{ HTTPS_PROXY: 'socks5://proxy:1080' }, 'invalid HTTPS_PROXY'],
    [{ HTTPS_PROXY: 'http://' }, 'invalid HTTPS_PROXY'],
    [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: '*' }, false],
    [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: 'example.com, ionos.com' }, false],
    [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: '.ionos.com' }, false],
    [{ HTTPS_PROXY: 'http://proxy', no_proxy: '*.IONOS.com:443' }, false],
    [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: '', no_proxy: '.ionos.com' }, false],
    [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: 'ionos.com:8443' }, true],
    [{ HTTPS_PROXY: 'http://proxy', NO_PROXY: 'nos.com' }, true],
  ] as const)('%j: %s', (env, expected) => {
    expect(applies(env)).toBe(expected)
  })

  test('plain http is never sent to a proxy', () => {
    expect(applies({ HTTPS_PROXY: 'http://proxy' }, new URL('http://127.0.0.1:8080'))).toBe(false)
  })
})
