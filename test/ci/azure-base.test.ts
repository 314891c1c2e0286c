import { spawn } from 'node:child_process'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'

const TOKEN = 'throw-away-azure-token'
const SHA = '0123456789abcdef0123456789abcdef01234567'

let builds: readonly { readonly sourceVersion: string }[]
let asked: URLSearchParams[]
let server: Server

beforeEach(async () => {
  builds = [{ sourceVersion: SHA }]
  asked = []
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
    const isAllowed = request.headers.authorization === `Bearer ${TOKEN}`
    expect(pathname).toBe('/3/_apis/build/builds')
    asked.push(searchParams)
    response.writeHead(isAllowed ? 200 : 203, {
      'content-type': isAllowed ? 'application/json' : 'text/html',
    })
    response.end(isAllowed ? JSON.stringify({ value: builds }) : '<html>Sign in</html>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => {
  server.closeAllConnections()
  server.close()
})

function base(more: Readonly<Record<string, string>> = {}): Promise<{ code: number | null; flags: string }> {
  const env = {
    PATH: process.env.PATH,
    SYSTEM_COLLECTIONURI: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    SYSTEM_TEAMPROJECTID: '3',
    SYSTEM_DEFINITIONID: '9',
    SYSTEM_ACCESSTOKEN: TOKEN,
    BUILD_SOURCEBRANCH: 'refs/heads/main',
    VPN_ON_DRIFT: 'refuse',
    ...more,
  }
  const child = spawn(process.execPath, ['examples/ci/azure/vpn-base.mjs'], { env })
  let flags = ''
  child.stdout.on('data', (chunk) => (flags += String(chunk)))
  return new Promise((done) => child.once('close', (code) => done({ code, flags })))
}

test('on the branch, drift since the last successful run is refused', async () => {
  expect(await base()).toEqual({ code: 0, flags: `--base=git:${SHA} --on-drift=refuse` })
  expect(Object.fromEntries(asked[0] ?? [])).toMatchObject({
    definitions: '9',
    branchName: 'refs/heads/main',
    resultFilter: 'succeeded',
  })
})

test('a pull request is compared with its target, and what is merged and not applied is pending', async () => {
  const pull = { SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main', BUILD_SOURCEBRANCH: 'refs/pull/5/merge' }
  expect((await base(pull)).flags).toBe(`--base=git:origin/main --applied=git:${SHA}`)
  expect(asked[0]?.get('branchName')).toBe('refs/heads/main')
})

test('before the first run there is no base', async () => {
  builds = []
  expect(await base()).toEqual({ code: 0, flags: '' })
})

test('without the right to ask, a plan to be applied ends, and one to be read goes on', async () => {
  const none = { SYSTEM_ACCESSTOKEN: '' }
  expect((await base(none)).code).not.toBe(0)
  const pull = { ...none, SYSTEM_PULLREQUEST_TARGETBRANCH: 'refs/heads/main' }
  expect(await base(pull)).toEqual({ code: 0, flags: '--base=git:origin/main' })
})
