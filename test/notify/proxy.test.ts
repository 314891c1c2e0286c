import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import type { Server } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { tlsServer } from '../api/loopback-tls.ts'
import { EXAMPLE_ENV } from '../support/examples.ts'
import { type LoopbackProxy, loopbackProxy } from '../support/loopback-proxy.ts'
import { type RunResult, runCli } from '../support/run-cli.ts'

let receiver: Server
let proxy: LoopbackProxy
let port: number
let folder: string

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-'))
  copyFileSync('examples/quickstart.yaml', join(folder, 'vpn.yaml'))
  const started = await tlsServer()
  receiver = started.server
  port = started.port
  proxy = await loopbackProxy(port)
})

afterEach(() => {
  receiver.closeAllConnections()
  receiver.close()
  proxy.close()
  rmSync(folder, { recursive: true, force: true })
})

function drift(host: string, env: Readonly<Record<string, string>> = {}): Promise<RunResult> {
  const argv = ['drift', '--sandbox', '--webhook', `https://${host}:${port}/hidden-in-the-path`]
  return runCli(argv, { cwd: folder, env: { ...EXAMPLE_ENV, HTTPS_PROXY: proxy.url.href, ...env } })
}

describe('a webhook behind a proxy', () => {
  test('is reported through it: the proxy sees the name of the host, and the certificate is checked', async () => {
    const { code, stderr } = await drift('vpn.example.com')
    expect(proxy.asked).toEqual([`vpn.example.com:${port}`])
    expect(stderr).toMatch(
      /the webhook did not receive the report: it could not be reached \(\w*SELF_SIGNED\w*\)/,
    )
    expect(stderr).not.toContain('hidden-in-the-path')
    expect(code).toBe(2)
  })

  test('is reached directly where NO_PROXY says so', async () => {
    const { stderr } = await drift('127.0.0.1', { NO_PROXY: '127.0.0.1' })
    expect(proxy.asked).toEqual([])
    expect(stderr).toContain('the webhook did not receive the report')
  })

  test('a proxy that is not a URL is reported before any work is done', async () => {
    const { code, stderr, stdout } = await drift('vpn.example.com', { HTTPS_PROXY: 'socks5://proxy:1080' })
    expect(stderr).toContain('HTTPS_PROXY is not a URL of a proxy')
    expect([code, stdout]).toEqual([64, ''])
  })
})
