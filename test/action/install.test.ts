import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ACTION } from './an-action.ts'

let folder = ''
let server: Server
let served: { readonly status: number; readonly body: Buffer }
let asked: string[] = []

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-install-test-'))
  asked = []
  server = createServer(({ url = '' }, response) => {
    asked.push(url)
    response.writeHead(served.status).end(served.body)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  for (const part of ['src', 'build', 'bin']) mkdirSync(join(folder, 'action', part), { recursive: true })
  cpSync(resolve('action'), join(folder, 'action/action'), { recursive: true })
  for (const file of ['package.json', 'package-lock.json', 'build.mjs', 'src/a.ts', 'build/b.mjs'])
    writeFileSync(join(folder, 'action', file), file)
  // A build from the source needs npm: this one says that it was asked.
  writeFileSync(join(folder, 'action/bin/npm'), '#!/bin/sh\necho npm was asked\nexit 9\n', { mode: 0o755 })
})
afterEach(async () => {
  await new Promise((closed) => server.close(closed))
  rmSync(folder, { recursive: true, force: true })
})

interface Ended {
  readonly code: number
  readonly text: string
}

function script(name: string, env: Readonly<Record<string, string>>): Promise<Ended> {
  const at = (part: string): string => join(folder, part)
  const all = {
    PATH: `${at('action/bin')}:${process.env.PATH}`,
    ACTION_FOLDER: at('action'),
    INSTALL_FOLDER: at('installed'),
    ACTION_REPOSITORY: 'your-org/vpnctl',
    GITHUB_SERVER_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    GITHUB_OUTPUT: at('output'),
    GITHUB_PATH: at('path'),
    ...env,
  }
  return new Promise((ended) => {
    execFile('bash', [at(`action/action/${name}`)], { env: all }, (error, stdout, stderr) =>
      ended({ code: error === null ? 0 : Number(error.code), text: stdout + stderr }),
    )
  })
}

/** What the step before gives to the installation. */
async function chosen(): Promise<Readonly<Record<string, string>>> {
  rmSync(join(folder, 'output'), { force: true })
  expect(await script('choose.sh', {})).toEqual({ code: 0, text: '' })
  const lines = readFileSync(join(folder, 'output'), 'utf8').trim().split('\n')
  const { bundle = '', sha256 = '', key = '' } = Object.fromEntries(lines.map((line) => line.split('=')))
  return { BUNDLE: bundle, BUNDLE_SHA256: sha256, key }
}

async function packed(): Promise<Buffer> {
  mkdirSync(join(folder, 'package/dist/cli'), { recursive: true })
  writeFileSync(join(folder, 'package/dist/cli/bin.js'), 'console.log("9.9.9 of the release")')
  await new Promise((done) => execFile('tar', ['-czf', 'b.tgz', 'package'], { cwd: folder }, done))
  return readFileSync(join(folder, 'b.tgz'))
}

const record = (line: string): void => writeFileSync(join(folder, 'action/action/bundle.txt'), `${line}\n`)

describe('a runner', () => {
  test('without a Node.js that is new enough is found, and the action sets one up', async () => {
    const nodeOf = async (): Promise<string | undefined> => {
      await chosen()
      return /^node=(.*)$/m.exec(readFileSync(join(folder, 'output'), 'utf8'))?.[1]
    }
    expect(await nodeOf()).toBe('true')
    writeFileSync(join(folder, 'action/bin/node'), '#!/bin/sh\nexit 127\n', { mode: 0o755 })
    expect(await nodeOf()).toBe('false')
    const setUp = ACTION.runs.steps.find(({ uses }) => uses?.startsWith('actions/setup-node@'))
    expect(setUp?.if).toBe("steps.choose.outputs.node == 'false'")
  })
})

describe('an action of a release', () => {
  test('installs the file of its own version, after a check, and builds nothing', async () => {
    served = { status: 200, body: await packed() }
    const sum = createHash('sha256').update(served.body).digest('hex')
    record(`${(await chosen()).key} ${sum} vpnctl-9.9.9.tgz`)
    const { code, text } = await script('install.sh', await chosen())
    expect({ code, text }).toMatchObject({ code: 0, text: expect.stringContaining('9.9.9 of the release') })
    expect(asked).toEqual(['/your-org/vpnctl/releases/download/v9.9.9/vpnctl-9.9.9.tgz'])
    // The cache brings it the next time.
    expect((await script('install.sh', await chosen())).code).toBe(0)
    expect(asked).toHaveLength(1)
  })

  test('refuses another file, and installs nothing', async () => {
    served = { status: 200, body: await packed() }
    record(`${(await chosen()).key} ${'0'.repeat(64)} vpnctl-9.9.9.tgz`)
    const { code, text } = await script('install.sh', await chosen())
    expect(code).toBe(1)
    expect(text).toMatch(
      /^::error title=vpnctl::.* has the SHA-256 [0-9a-f]{64}, and not 0{64}: it is not used$/m,
    )
    expect(text).not.toContain('npm was asked')
    expect(existsSync(join(folder, 'installed/node_modules/vpnctl'))).toBe(false)
  })

  test('builds from its source where the file cannot be downloaded', async () => {
    served = { status: 404, body: Buffer.from('') }
    record(`${(await chosen()).key} ${'0'.repeat(64)} vpnctl-9.9.9.tgz`)
    const { code, text } = await script('install.sh', await chosen())
    expect(text).toMatch(/::warning title=vpnctl::.*answered 404.*built from its source/)
    expect(text).toContain('npm was asked')
    expect(code).toBe(9)
  })
})

test('an action with another source than the release builds from it', async () => {
  record(`${(await chosen()).key} ${'0'.repeat(64)} vpnctl-9.9.9.tgz`)
  writeFileSync(join(folder, 'action/src/a.ts'), 'changed since')
  const choice = await chosen()
  expect(choice.BUNDLE).toBe('')
  expect((await script('install.sh', choice)).text).toContain('npm was asked')
  expect(asked).toEqual([])
})
