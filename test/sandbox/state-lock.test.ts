import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { SandboxError } from '../../src/sandbox/sandbox-error.ts'
import { startSandbox } from '../../src/sandbox/server.ts'
import { lockAddress, lockFile, type Unlock } from '../../src/sandbox/state-lock.ts'
import { collecting } from '../support/collecting.ts'
import { EXAMPLE_ENV } from '../support/examples.ts'
import { runCli } from '../support/run-cli.ts'

let folder = ''
let data = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'))
  data = join(folder, 'state.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function locked(): Promise<Unlock> {
  const unlock = await lockFile(data)
  if (unlock === undefined) throw new Error('it is locked already')
  return unlock
}

test('a wait ends when its time is up, also where garbage is collected meanwhile', async () => {
  const unlock = await locked()
  const stop = collecting()
  try {
    const other = new AbortController()
    expect(await lockFile(data, { ms: 200, signal: other.signal })).toBeUndefined()
  } finally {
    stop()
    await unlock()
  }
})

const gateway = (name: string, ip: number): string => `version: 1
stack: ${name}
location: de/fra
wireguardGateways:
  - name: ${name}
    gatewayIP: 203.0.113.${ip}
    interfaceIPv4CIDR: 10.99.${ip}.1/24
    privateKey: { env: QUICKSTART_PRIVATE_KEY }
    connections:
      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "2", ipv4CIDR: 192.168.1.${ip}/24 }
`

test('two runs on one file at once lose nothing of each other', async () => {
  writeFileSync(join(folder, 'a.yaml'), gateway('first', 10))
  writeFileSync(join(folder, 'b.yaml'), gateway('second', 11))
  const run = (file: string) =>
    runCli(['apply', '--yes', '--sandbox', '--data', 'state.json', '-f', file], {
      cwd: folder,
      env: EXAMPLE_ENV,
    })
  const ends = await Promise.all([run('a.yaml'), run('b.yaml')])
  expect(ends.map(({ code }) => code)).toEqual([0, 0])
  expect(
    ends
      .map(({ stderr }) => stderr)
      .join('')
      .match(/^waiting for another run that uses state.json$/gm),
  ).toHaveLength(1)
  const sandbox = await startSandbox({ data })
  expect(
    sandbox.store
      .resources()
      .map(({ properties }) => properties.name)
      .toSorted(),
  ).toEqual(['first', 'second'])
  await sandbox.close()
})

test('a sandbox that does not wait is reported that the file is in use', async () => {
  const first = await startSandbox({ data })
  const second = await startSandbox({ data }).catch((error: unknown) => error)
  expect(second).toBeInstanceOf(SandboxError)
  expect((second as SandboxError).diagnostics).toEqual([
    expect.objectContaining({ code: 'VPN704', message: `${data} is in use by another process` }),
  ])
  await first.close()
  await (await startSandbox({ data })).close()
})

test('a sandbox that cannot start gives the file back', async () => {
  const first = await startSandbox()
  const port = Number(new URL(first.url).port)
  await expect(startSandbox({ data, port })).rejects.toThrow(SandboxError)
  await first.close()
  await (await locked())()
})

test('a process that is killed leaves no lock', async () => {
  const child = spawn(
    process.execPath,
    [resolve('dist/cli/bin.js'), 'sandbox', '--port', '0', '--data', data],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
  await new Promise((done) => child.stdout.once('data', done))
  expect(await lockFile(data)).toBeUndefined()
  const ended = new Promise((done) => child.once('close', done))
  child.kill('SIGKILL')
  await ended
  await (await locked())()
})

describe('who waits', () => {
  test('gets the lock when it is given back', async () => {
    const unlock = await locked()
    let isWaiting: () => void = () => undefined
    const waiting = new Promise<void>((done) => {
      isWaiting = done
    })
    const next = lockFile(data, { ms: 60_000, onWaiting: isWaiting })
    await waiting
    await unlock()
    await (await next)?.()
    expect(await next).toBeDefined()
  })

  test('waits no longer than it is reported, or until a signal', async () => {
    const unlock = await locked()
    expect(await lockFile(data, { ms: 1 })).toBeUndefined()
    const stop = new AbortController()
    expect(
      await lockFile(data, { ms: 60_000, signal: stop.signal, onWaiting: () => stop.abort() }),
    ).toBeUndefined()
    await unlock()
  })
})

test('a file has one lock, by whatever path', async () => {
  symlinkSync(folder, `${folder}-link`)
  expect(lockAddress(join(`${folder}-link`, 'state.json'))).toBe(lockAddress(data))
  expect(lockAddress(join(folder, 'other.json'))).not.toBe(lockAddress(data))
  rmSync(`${folder}-link`)
})

test('where a socket is a file, what a crash left is not a lock, and a lock is one', async () => {
  const address = lockAddress(data, 'darwin')
  const code = `require('node:net').createServer().listen(${JSON.stringify(address)}, () => console.log('ready'))`
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  await new Promise((done) => child.stdout.once('data', done))
  expect(await lockFile(data, {}, 'darwin')).toBeUndefined()
  const ended = new Promise((done) => child.once('close', done))
  child.kill('SIGKILL')
  await ended
  expect(existsSync(address)).toBe(true)
  const unlock = await lockFile(data, {}, 'darwin')
  expect(unlock).toBeDefined()
  expect(await lockFile(data, {}, 'darwin')).toBeUndefined()
  await unlock?.()
})
