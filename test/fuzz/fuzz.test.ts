import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createSilent, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { EXIT_CODES } from '../../src/cli/exit-codes.ts'
import { EXAMPLE_ENV, EXAMPLE_SECRETS, formsOf } from '../support/examples.ts'
import { runs } from '../support/random-runs.ts'
import { runCli } from '../support/run-cli.ts'
import { BEHAVIOURS, CASES, type Case } from './cases.ts'

const RUNS = runs(100, 2_000)
const TOKEN = 'throw-away-token-of-the-fuzz-run'
const SECRETS = [...EXAMPLE_SECRETS, ...formsOf(TOKEN)]
// Of one case: its own times are below two seconds, the rest is for a machine with other work.
const WITHIN_MS = 20_000

const api = createServer((request, response) => {
  request.resume()
  response.on('error', () => undefined)
  // The path of the endpoint names the behaviour.
  BEHAVIOURS[request.url?.split('/')[1] ?? '']?.(response, request.headers.authorization ?? '')
})
const proxy = createSilent((socket) => {
  socket.on('error', () => undefined)
  socket.resume()
})
// Most of a case is a wait for a time limit, so some run at once, each in a folder of its own.
const folders = Array.from({ length: 5 }, () => mkdtempSync(join(tmpdir(), 'vpnctl-fuzz-')))
const portOf = (server: Server | typeof api): number => (server.address() as AddressInfo).port

beforeAll(async () => {
  execFileSync(
    'mkfifo',
    folders.map((folder) => join(folder, 'pipe')),
  )
  await Promise.all(
    [api, proxy].map((server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))),
  )
})

afterAll(() => {
  api.closeAllConnections()
  api.close()
  proxy.close()
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function argvOf({ argv, around }: Case): readonly string[] {
  const out = around === 'full disk' ? '/dev/full' : around === 'pipe for output' ? 'pipe' : 'out.txt'
  const named = argv.map((word) => word.replace('OUT', out))
  const takesApi = !['validate', 'fmt', 'show', 'graph', 'import-terraform'].includes(argv[0] ?? '')
  return [
    ...named,
    ...(around === 'pipe for input' && !argv.includes('vpn.yaml') ? ['-f', 'pipe'] : []),
    ...(takesApi ? ['--timeout', '700ms', '--request-timeout', '150ms'] : []),
  ]
}

async function run(tried: Case, folder: string) {
  writeFileSync(join(folder, 'vpn.yaml'), tried.file)
  rmSync(join(folder, 'out.txt'), { force: true, recursive: true })
  const isProxied = tried.around === 'silent proxy'
  const argv = argvOf(tried)
  // What has no time limit of its own is ended by a signal.
  const isSignalled =
    tried.around === 'signal' || (tried.around === 'pipe for input' && !argv.includes('--timeout'))
  let timer: NodeJS.Timeout | undefined
  try {
    return await runCli(argv, {
      cwd: folder,
      env: {
        ...EXAMPLE_ENV,
        IONOS_TOKEN: TOKEN,
        VPNCTL_ENDPOINT: isProxied
          ? 'https://vpn.example.com'
          : `http://127.0.0.1:${portOf(api)}/${tried.behaviour}`,
        ...(isProxied ? { HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}` } : {}),
      },
      onStart: (stop) => {
        if (isSignalled) timer = setTimeout(() => stop('SIGTERM'), tried.signalAfterMs)
      },
    })
  } finally {
    clearTimeout(timer)
  }
}

const CODES: readonly number[] = Object.values(EXIT_CODES).map(({ code }) => code)

test(
  `${RUNS} hostile cases end in time, with a documented exit code, without a stack trace and without a secret`,
  async () => {
    const seen = new Set<number>()
    const batches = fc.array(CASES, { minLength: folders.length, maxLength: folders.length })
    const check = async (tried: Case, folder: string): Promise<void> => {
      const { code, stdout, stderr } = await run(tried, folder)
      const text = stdout + stderr
      const what = `${tried.argv.join(' ')}, ${tried.behaviour}, ${tried.around}`
      expect(CODES, what).toContain(code)
      seen.add(code)
      expect(text, what).not.toContain('fault of vpnctl itself')
      expect(text, what).not.toMatch(/^\s+at .+:\d+:\d+\)?$/m)
      for (const secret of SECRETS) expect(text.includes(secret), secret).toBe(false)
    }
    await fc.assert(
      fc.asyncProperty(batches, async (batch) => {
        await Promise.all(folders.map((folder, index) => check(batch[index] as Case, folder)))
      }),
      // fast-check prints the seed and the path of a case that fails.
      { numRuns: RUNS / folders.length, timeout: WITHIN_MS, endOnFailure: true },
    )
    // Runs that end well, with an invalid file and with an API that fails.
    expect(seen.size).toBeGreaterThanOrEqual(4)
  },
  RUNS * WITHIN_MS,
)
