import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox } from '../../src/sandbox/server.ts'
import { EXAMPLE_ENV, EXAMPLE_SECRETS, formsOf } from '../support/examples.ts'
import { type Packed, pack } from './packed.ts'

const QUICKSTART = resolve('examples/quickstart.yaml')
const TOKEN = 'throw-away-token'

let packed: Packed

beforeAll(() => {
  packed = pack()
}, 600_000)

afterAll(() => packed.remove())

/** Runs a program in the folder, with the secrets of the examples; no output may hold one. */
async function run(
  folder: string,
  program: string,
  ...args: string[]
): Promise<{ code: number; text: string }> {
  const env = { PATH: process.env.PATH ?? '', IONOS_TOKEN: TOKEN, ...EXAMPLE_ENV }
  const { code, text } = await promisify(execFile)(process.execPath, [program, ...args], { cwd: folder, env })
    .then(({ stdout, stderr }) => ({ code: 0, text: stdout + stderr }))
    .catch((error) => ({ code: error.code, text: error.stdout + error.stderr }))
  for (const secret of [...EXAMPLE_SECRETS, ...formsOf(TOKEN)]) expect(text).not.toContain(secret)
  return { code, text }
}

describe('what is published', () => {
  test('is the library, the command line, the schemas and the papers, and nothing else', () => {
    const places = new Set(
      packed.files.map((path) => (path.startsWith('dist/') ? path.split('/', 2).join('/') : path)),
    )
    const schemas = packed.files.filter((path) => path.startsWith('schemas/'))
    expect([...places].filter((path) => !schemas.includes(path)).sort()).toEqual([
      'LICENSE',
      'README.md',
      'dist/cli',
      'dist/lib',
      'man/vpnctl.1',
      'package.json',
      'vpn.schema.json',
    ])
    expect(schemas).toContain('schemas/plan.schema.json')
    expect(packed.files).toContain('dist/cli/THIRD-PARTY-LICENSES.txt')
  })

  test('has its man page in a list, since npm links no other form', () => {
    const { man } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(man).toEqual(['man/vpnctl.1'])
    expect(packed.files).toContain('man/vpnctl.1')
  })

  test('holds no tests, no sources, no examples with keys, no maps, and nobody can import the command line', () => {
    const unexpected = packed.files.filter((path) =>
      /(^|\/)(test|tests|bench|examples|src)\/|\.env$|\.map$|\.pem$|\.key$/.test(path),
    )
    expect(unexpected).toEqual([])
    expect(packed.files.filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))).toEqual([])
    expect(packed.files.filter((path) => /^dist\/lib\/(cli|sandbox)\//.test(path))).toEqual([])
  })

  test('holds no secret of the examples', () => {
    for (const path of packed.files) {
      const text = readFileSync(join(packed.alone, 'node_modules/vpnctl', path), 'utf8')
      for (const secret of EXAMPLE_SECRETS) expect(text.includes(secret), path).toBe(false)
    }
  })

  test('imports exactly the packages that it declares', () => {
    const imported = new Set(
      packed.files
        .filter((path) => path.startsWith('dist/lib/') && path.endsWith('.js'))
        .flatMap((path) => {
          const text = readFileSync(join(packed.project, 'node_modules/vpnctl', path), 'utf8')
          return [...text.matchAll(/\bfrom '((?:@[^/']+\/)?[^./'][^/']*)/g)].map(([, name]) => name ?? '')
        })
        .filter((name) => !name.startsWith('node:')),
    )
    const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect([...imported].sort()).toEqual(Object.keys(dependencies).sort())
  })

  test('the notices name every package that is declared for the bundle', () => {
    const notices = readFileSync(
      join(packed.alone, 'node_modules/vpnctl/dist/cli/THIRD-PARTY-LICENSES.txt'),
      'utf8',
    )
    for (const name of ['commander', 'got', 'hono', 'yaml'])
      expect(notices).toMatch(new RegExp(`^${name} \\d`, 'm'))
    expect(notices).not.toContain('(unknown)')
  })
})

describe('the packed command line', () => {
  test('runs without any package next to it: plan, apply, and a plan with nothing left', async () => {
    const bin = join(packed.alone, 'node_modules/vpnctl/dist/cli/bin.js')
    const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
    expect((await run(packed.alone, bin, '--version')).text.trim()).toBe(version)
    const job = ['-f', QUICKSTART, '--sandbox', '--data', 'sandbox.json']
    expect((await run(packed.alone, bin, 'plan', ...job)).text).toContain('Plan: 3 to add')
    expect((await run(packed.alone, bin, 'apply', '--yes', ...job)).code).toBe(0)
    expect((await run(packed.alone, bin, 'plan', ...job)).text).toMatch(/^No changes\./m)
  })
})

// The compiler takes long on a busy machine.
const COMPILES_MS = 120_000

describe('the packed library', () => {
  test(
    'its types fit the examples',
    () => {
      expect(packed.typeFaults(['reconcile.ts', 'rehearse.ts', 'stop.ts'])).toEqual([])
    },
    COMPILES_MS,
  )

  test('reconcile.ts applies a file, and a second run has nothing to do', async () => {
    const program = packed.compile('reconcile.ts')
    const sandbox = await startSandbox({ provisionMs: 10 })
    try {
      const first = await run(packed.project, program, QUICKSTART, sandbox.url)
      expect(first.code).toBe(0)
      expect(first.text).toContain('wireguardgateways/hq/peers/anna-laptop')
      expect(sandbox.store.resources()).toHaveLength(3)
      sandbox.resetRequests()
      const second = await run(packed.project, program, QUICKSTART, sandbox.url)
      expect(second.code).toBe(0)
      expect(sandbox.requests().filter(({ method }) => method !== 'GET')).toEqual([])
    } finally {
      await sandbox.close()
    }
  })

  test('rehearse.ts brings a remote of its own, and hears every event', async () => {
    const { code, text } = await run(packed.project, packed.compile('rehearse.ts'), QUICKSTART)
    expect(code).toBe(0)
    expect(text.split('\n').filter((line) => line.startsWith('finished'))).toHaveLength(3)
    expect(text).toContain('finished wireguardgateways/hq/peers/anna-laptop applied')
    expect(text).toContain('left to do: 0')
  })

  test('stop.ts ends an apply by a signal: nothing new is started, and the next run goes on', async () => {
    const program = packed.compile('stop.ts')
    packed.compile('rehearse.ts')
    const { code, text } = await run(packed.project, program, QUICKSTART)
    expect(code).toBe(0)
    expect(text).toContain('stopped by a signal: applied 1, cancelled 2')
    expect(text).toContain('the next run: applied 2, kept 1')
  })
})
