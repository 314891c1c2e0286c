import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { KINDS } from '../../src/kinds/index.ts'
import type { ResourceKind } from '../../src/model/resource.ts'
import { SandboxError } from '../../src/sandbox/sandbox-error.ts'
import { startSandbox } from '../../src/sandbox/server.ts'
import { call, exampleOf, handClock, ID, OTHER_ID, sandboxFor, seedParents } from './calling.ts'

const [gatewayKind, childKind] = KINDS as readonly [ResourceKind, ResourceKind, ...ResourceKind[]]
const top = `/${gatewayKind.collection}`
const gateway = { id: ID, properties: exampleOf(gatewayKind) }

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sandbox-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('the state file', () => {
  test('keeps everything over a restart, secrets and time left included', async () => {
    const clock = handClock()
    const data = join(folder, 'deep', 'state.json')
    const options = { data, now: clock.now, provisionMs: 100, destroyMs: 100 }
    const first = await sandboxFor(options)
    expect(readFileSync(join(folder, 'deep', '.gitignore'), 'utf8')).toBe('*\n')
    for (const kind of KINDS) seedParents(first.store, kind)
    await call(first, 'PUT', `${top}/${ID}`, {
      id: ID,
      properties: exampleOf(gatewayKind, {
        gatewayIP: '203.0.113.99',
        connections: [
          { datacenterId: '5a029f4a-72e5-11ec-90d6-0242ac120003', lanId: '9', ipv4CIDR: '192.168.9.9/24' },
        ],
      }),
    })
    await call(first, 'DELETE', first.store.resources()[0]?.path ?? '')
    const before = first.store.resources()
    await first.close()
    const second = await sandboxFor(options)
    expect(second.store.resources()).toEqual(before)
    expect(second.store.get(ID)?.status).toBe('PROVISIONING')
    clock.advance(100)
    expect(second.store.get(ID)?.status).toBe('AVAILABLE')
    expect(second.store.resources().map(({ status }) => status)).not.toContain('DESTROYING')
  })

  test('holds a change before it is answered, and no one but its owner may read it', async () => {
    const data = join(folder, 'state.json')
    writeFileSync(`${data}.tmp`, 'left by a crash')
    chmodSync(`${data}.tmp`, 0o644)
    const sandbox = await sandboxFor({ data })
    await call(sandbox, 'PUT', `${top}/${ID}`, gateway)
    expect(JSON.parse(readFileSync(data, 'utf8')).resources).toMatchObject([{ id: ID }])
    expect(statSync(data).mode & 0o777).toBe(0o600)
    expect(existsSync(`${data}.tmp`)).toBe(false)
    await call(sandbox, 'DELETE', `${top}/${ID}`)
    expect(JSON.parse(readFileSync(data, 'utf8')).resources).toEqual([])
  })

  test('holds every one of many changes that come together', async () => {
    const data = join(folder, 'state.json')
    const sandbox = await sandboxFor({ data })
    const parents = [1, 2].map(() => sandbox.store.seed(gatewayKind, exampleOf(gatewayKind)))
    const posts = Array.from({ length: 40 }, async (_, index) => {
      const path = `${top}/${parents[index % 2]}/${childKind.collection}`
      const { body } = await call(sandbox, 'POST', path, { properties: exampleOf(childKind) })
      expect(readFileSync(data, 'utf8')).toContain(body.id)
    })
    await Promise.all(posts)
    expect(JSON.parse(readFileSync(data, 'utf8')).resources).toHaveLength(42)
  })

  test('that cannot be written makes the write fail, not the sandbox', async () => {
    const data = join(folder, 'gone', 'state.json')
    const sandbox = await startSandbox({ data })
    rmSync(join(folder, 'gone'), { recursive: true })
    const { status, body } = await call(sandbox, 'PUT', `${top}/${ID}`, gateway)
    expect([status, body.httpStatus]).toEqual([500, 500])
    expect((await call(sandbox, 'GET', top)).status).toBe(200)
    await expect(sandbox.close()).rejects.toThrow('ENOENT')
  })

  test.each([
    ['no JSON', '{"format":"vpnctl/sandbox"', 'it is not JSON'],
    ['another file', '{"a":1}', 'it does not say "format"'],
    ['another version', '{"format":"vpnctl/sandbox","version":9}', 'version'],
    ['no list', '{"format":"vpnctl/sandbox","version":1,"resources":{}}', 'no list'],
    ['an unknown kind', resources({ kind: 'x' }), 'resource 1 is of an unknown kind'],
    ['no id', resources({ kind: gatewayKind.name }), 'resource 1 has no id'],
    ['no properties', resources({ kind: gatewayKind.name, id: ID }), 'resource 1 has no properties'],
    [
      'no parent',
      resources({ kind: childKind.name, id: ID, parentId: OTHER_ID }),
      'resource 1 has no parent',
    ],
    [
      'one id twice',
      resources(...[1, 2].map(() => ({ kind: gatewayKind.name, id: ID, properties: {} }))),
      'resource 2 has an id that already exists',
    ],
  ])('with %s is refused with its name and what to do', async (_what, text, words) => {
    const data = join(folder, 'state.json')
    writeFileSync(data, text)
    const error = await startSandbox({ data }).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(SandboxError)
    const [diagnostic] = (error as SandboxError).diagnostics
    expect(diagnostic).toMatchObject({ code: 'VPN703', severity: 'error' })
    expect(diagnostic?.message).toContain(data)
    expect(diagnostic?.message).toContain(words)
    expect(diagnostic?.hint).toContain('delete it')
    expect(readFileSync(data, 'utf8')).toBe(text)
  })

  test('that is a folder is refused with its name', async () => {
    const error = await startSandbox({ data: folder }).catch((thrown: unknown) => thrown)
    expect((error as SandboxError).diagnostics).toMatchObject([{ code: 'VPN704' }])
  })
})

test('a port that is taken is refused with its number', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => other.once('listening', resolve))
  const { port } = other.address() as AddressInfo
  const error = await startSandbox({ port }).catch((thrown: unknown) => thrown)
  other.close()
  expect((error as SandboxError).diagnostics).toMatchObject([
    { code: 'VPN705', message: expect.stringContaining(String(port)) },
  ])
})

test('the sandbox listens on loopback alone and on the port that was asked for', async () => {
  const first = await startSandbox()
  const port = Number(new URL(first.url).port)
  await first.close()
  const second = await sandboxFor({ port })
  expect(second.url).toBe(`http://127.0.0.1:${port}`)
})

test('a closed sandbox keeps no process alive, with clients connected and a request hanging', () => {
  const script = `
    import { startSandbox } from ${JSON.stringify(new URL('../../src/sandbox/server.ts', import.meta.url).href)}
    const sandbox = await startSandbox({ latencyMs: 60_000 })
    fetch(sandbox.url + '/x').catch(() => console.log('cut'))
    setTimeout(async () => { await sandbox.close(); console.log('closed') }, 200)`
  const { stdout, status } = spawnSync(bundled(script), { shell: true, encoding: 'utf8', timeout: 20_000 })
  // A process that is kept alive is killed by the time limit, and has no status.
  expect([stdout.trim().split('\n').sort(), status]).toEqual([['closed', 'cut'], 0])
})

function bundled(script: string): string {
  const source = join(folder, 'script.mjs')
  const target = join(folder, 'bundle.mjs')
  writeFileSync(source, script.replaceAll('file://', ''))
  const esbuild = join(import.meta.dirname, '../../node_modules/.bin/esbuild')
  const flags = '--bundle --platform=node --format=esm --log-level=error'
  const banner = `--banner:js="import{createRequire}from'node:module';const require=createRequire(import.meta.url);"`
  return `${esbuild} ${source} ${flags} ${banner} --outfile=${target} && ${process.execPath} ${target}`
}

function resources(...each: readonly object[]): string {
  return JSON.stringify({ format: 'vpnctl/sandbox', version: 1, resources: each })
}
