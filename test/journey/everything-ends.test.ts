import { execFile, execFileSync, spawn } from 'node:child_process'
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { watchHandles } from '../support/cli-process.ts'
import { SHARED_CODE_CACHE } from '../support/code-cache.ts'
import { openStage, QUICKSTART, type Stage } from '../support/stage.ts'

let stage: Stage

beforeEach(async () => {
  stage = await openStage()
})

afterEach(() => stage.close())

/** A pipe with a name in the folder of the stage. */
function pipe(name: string): string {
  const path = join(stage.folder, name)
  execFileSync('mkfifo', [path])
  return path
}

function openFiles(pid: number | undefined): readonly string[] {
  const folder = `/proc/${pid}/fd`
  return readdirSync(folder).flatMap((name) => {
    try {
      return [readlinkSync(join(folder, name))]
    } catch {
      return []
    }
  })
}

const WITHIN = { timeout: 20_000, interval: 20 }
const STOPPED = /stopped by SIGTERM/

describe('a pipe that nobody writes to', () => {
  test.each([
    ['-f', ['validate', '-f', 'pipe']],
    ['--var-file', ['validate', '--var-file', 'pipe']],
    ['--config', ['plan', '--config', 'pipe']],
    ['a saved plan', ['apply', 'pipe']],
    ['a private key', ['peer-config', 'hq', 'anna-laptop', '--private-key-file', 'pipe']],
  ])('as %s is waited for until a signal', async (_, argv) => {
    const path = pipe('pipe')
    const running = stage.process(argv)
    await expect.poll(() => openFiles(running.child.pid), WITHIN).toContain(path)
    running.child.kill('SIGTERM')
    const { code, stderr } = await stage.end(running)
    expect(stderr).toMatch(STOPPED)
    expect(code).toBe(143)
  })

  test('is waited for no longer than --timeout', async () => {
    pipe('pipe')
    const handles = join(stage.folder, 'handles.json')
    const running = stage.process(['plan', '-f', 'pipe', '--timeout', '200ms'], watchHandles(handles))
    const { code, stderr } = await stage.end(running)
    expect(stderr).toContain('the time of the run (--timeout) is up')
    expect(code).toBe(9)
    expect(alive(handles)).toEqual([])
  })

  test('in a folder is an error, since it was not named', async () => {
    mkdirSync(join(stage.folder, 'files'))
    pipe('files/vpn.yaml')
    const { code, stderr } = await stage.end(stage.process(['validate', '-f', 'files']))
    expect(stderr).toContain('error[VPN127]: files/vpn.yaml is a pipe')
    expect(code).toBe(3)
  })

  test('named by a comment for editors, or as state of the sandbox, is not opened', async () => {
    const path = pipe('schema.json')
    writeFileSync(
      join(stage.folder, 'vpn.yaml'),
      `# yaml-language-server: $schema=schema.json\n${QUICKSTART}`,
    )
    expect((await stage.end(stage.process(['doctor']))).stdout).toContain('schema.json')
    const { stderr, code } = await stage.end(stage.process(['plan', '--sandbox', '--data', path]))
    expect(stderr).toContain('it is not a regular file')
    expect(code).toBe(1)
  })
})

describe('a pipe that no one reads', () => {
  test.each([
    ['--out', ['plan', '--out', 'pipe']],
    ['--report', ['plan', '--report', 'json=pipe']],
    ['--metrics-file', ['drift', '--metrics-file', 'pipe']],
  ])('as %s is waited for until a signal', async (_, argv) => {
    pipe('pipe')
    const running = stage.process(argv)
    await expect.poll(() => stage.requests().length, WITHIN).toBeGreaterThan(1)
    await new Promise((resolve) => setTimeout(resolve, 200))
    running.child.kill('SIGTERM')
    const { code, stderr } = await stage.end(running)
    expect(stderr).toMatch(STOPPED)
    expect(code).toBe(143)
  })

  test('is waited for no longer than --timeout', async () => {
    pipe('pipe')
    const argv = ['plan', '--report', 'json=pipe', '--timeout', '1500ms']
    const { code, stderr } = await stage.end(stage.process(argv))
    expect(stderr).toContain('pipe is a pipe, and its reader did not take all of it')
    expect(code).toBe(9)
  })

  test('as --log-file is an error before anything is sent', async () => {
    pipe('pipe')
    const { code, stderr } = await stage.end(stage.process(['plan', '--log-file', 'pipe']))
    expect(stderr).toContain('the log file pipe is a pipe that no one reads')
    expect(code).toBe(1)
    expect(stage.requests()).toEqual([])
  })

  test('or too slowly ends the log, and the run goes on', async () => {
    // Open for both, so that it has a reader, and full, since that reader does not read.
    const full = openSync(pipe('pipe'), constants.O_RDWR | constants.O_NONBLOCK)
    expect(() => {
      for (;;) writeSync(full, 'x'.repeat(4096))
    }).toThrow('EAGAIN')
    const { code, stderr } = await stage.end(stage.process(['plan', '--log-file', 'pipe']))
    closeSync(full)
    expect(stderr).toContain('the log file pipe cannot be written any more')
    expect(code).toBe(0)
  })
})

describe('process substitution', () => {
  // Not the synchronous one: the API of the stage is in this process.
  const bash = async (line: string): Promise<string> => {
    const vpnctl = `"${process.execPath}" "${process.cwd()}/dist/cli/bin.js"`
    const { stdout } = await promisify(execFile)('bash', ['-c', line.replaceAll('vpnctl ', `${vpnctl} `)], {
      cwd: stage.folder,
      env: { PATH: process.env.PATH ?? '', ...SHARED_CODE_CACHE, ...stage.env },
    })
    return stdout
  }

  test('gives a file, late or in pieces', async () => {
    const line = 'vpnctl plan -f <(head -c 100 vpn.yaml; sleep 0.3; tail -c +101 vpn.yaml)'
    expect(await bash(line)).toContain('Plan: 3 to add')
  })

  test('gives nothing, which is an empty file', async () => {
    expect(await bash('vpnctl validate -f <(true) 2>&1 || true')).toContain('VPN114')
  })

  test('takes a report and a log', async () => {
    await bash('vpnctl plan --report json=>(cat > report.json) --log-file >(cat > log.jsonl)')
    await expect.poll(() => stage.read('log.jsonl')).toContain('"event":"end"')
    await expect.poll(() => stage.read('report.json')).toMatch(/\}\n$/)
    expect(JSON.parse(stage.read('report.json'))).toMatchObject({ format: 'vpnctl/plan' })
  })
})

test('standard input that never ends is waited for no longer than --timeout', async () => {
  const line = `sleep 30 | "${process.execPath}" dist/cli/bin.js plan -f - --timeout 300ms; exit $?`
  const child = spawn('bash', ['-c', line], {
    env: { PATH: process.env.PATH ?? '', ...SHARED_CODE_CACHE, ...stage.env },
    detached: true,
  })
  let stderr = ''
  child.stderr.on('data', (chunk) => {
    stderr += chunk
  })
  await expect.poll(() => stderr, WITHIN).toContain('the time of the run (--timeout) is up')
  process.kill(-(child.pid ?? 0), 'SIGKILL')
})

describe('a proxy that takes CONNECT and never answers', () => {
  let proxy: Server
  let env: Readonly<Record<string, string>>
  const sockets = new Set<Socket>()
  beforeEach(async () => {
    proxy = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.resume()
    })
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const { port } = proxy.address() as AddressInfo
    env = { HTTPS_PROXY: `http://user:hidden@127.0.0.1:${port}`, VPNCTL_ENDPOINT: 'https://vpn.example.com' }
  })
  afterEach(() => {
    for (const socket of sockets) socket.destroy()
    sockets.clear()
    proxy.close()
  })

  test.each([
    ['plan', ['plan', '--request-timeout', '300ms', '--timeout', '1s'], /not|time/],
    ['doctor', ['doctor', '--request-timeout', '300ms'], /the proxy 127\.0\.0\.1:\d+ \(HTTPS_PROXY\)/],
    ['drift', ['drift', '--request-timeout', '300ms', '--timeout', '1s'], /not|time/],
  ])('ends %s by its own times, with nothing left open', async (_, argv, says) => {
    const handles = join(stage.folder, 'handles.json')
    const { code, stdout, stderr } = await stage.end(
      stage.process(argv, { ...env, ...watchHandles(handles) }),
    )
    expect(stdout + stderr).toMatch(says)
    expect(stdout + stderr).not.toContain('hidden')
    expect([5, 9]).toContain(code)
    expect(alive(handles)).toEqual([])
  })

  test.each([['plan'], ['doctor']])('ends %s by a signal at once', async (command) => {
    const running = stage.process([command, '--request-timeout', '5m'], env)
    await expect.poll(() => sockets.size, WITHIN).toBeGreaterThan(0)
    running.child.kill('SIGTERM')
    expect((await stage.end(running)).code).toBe(143)
  })
})

// The pipes to this test are not the run's own.
function alive(file: string): readonly string[] {
  const resources = JSON.parse(readFileSync(file, 'utf8')) as readonly string[]
  return resources.filter((type) => type !== 'PipeWrap')
}
