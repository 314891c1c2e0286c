import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { derivePublicKey } from '../../src/kinds/wireguard/keys.ts'
import { FakeNetwork } from '../probe/fake-network.ts'
import { formsOf } from '../support/examples.ts'
import { type Journey, startJourney } from '../support/journey.ts'

// Keys that commands make, and those of canaries: they are in files of their owner alone, and in no output.
const CANARY_KEY = Buffer.alloc(32, 9).toString('base64')
const CANARY = `      - { name: canary, publicKey: ${derivePublicKey(CANARY_KEY)}, allowedIPs: [10.99.0.250/32], probe: { privateKey: { env: CANARY_KEY } } }\n`
const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
const KEY = /(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{43}=(?![A-Za-z0-9+/=])/g

// Another key each time, and the same ones in each run of the test.
let drawn = 0
const randomBytes = (count: number): Uint8Array =>
  createHash('sha512').update(`throw-away ${drawn++}`).digest().subarray(0, count)

let journey: Journey
let outputs: string[]

beforeEach(async () => {
  journey = await startJourney()
  journey.write(`${QUICKSTART.trimEnd()}\n${CANARY}`)
  outputs = []
})
afterEach(() => journey.close())

async function run(...argv: string[]): Promise<number> {
  const env = { CANARY_KEY, PATH: process.env.PATH }
  const options = { env, probeNetwork: new FakeNetwork(() => []), randomBytes }
  const { code, stdout, stderr } = await journey.run(argv, options)
  outputs.push(stdout, stderr)
  return code
}

interface Found {
  readonly file: string
  readonly text: string
  readonly mode: number
}

function files(): readonly Found[] {
  return readdirSync(journey.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const path = join(entry.parentPath, entry.name)
      return { file: entry.name, text: readFileSync(path, 'utf8'), mode: statSync(path).mode & 0o777 }
    })
}

/** Private keys: a key in a file whose public half is known is one, and so is all of a file that ends in .key. */
function madeKeys(): readonly string[] {
  const all = files()
  const everything = all.map(({ text }) => text).join('\n')
  const keys = new Set(all.flatMap(({ text }) => text.match(KEY) ?? []))
  return [...keys].filter((key) => {
    const half = derivePublicKey(key)
    return half !== undefined && everything.includes(half)
  })
}

test('no command prints a key that it made or that a canary uses, in any encoding', async () => {
  expect(await run('apply', '--yes')).toBe(0)
  expect(await run('peer', 'add', 'hq', 'dora', '--keygen', '--out', 'dora.conf'), outputs.at(-1)).toBe(0)
  expect(await run('keygen', 'wireguard', '--out', 'spare.key')).toBe(0)
  expect(await run('rotate', 'anna-laptop')).toBe(0)
  expect(await run('rotate', 'anna-laptop', '--switch')).toBe(0)
  expect(await run('apply', '--yes', '--log-file', 'run.log', '--report', 'json=apply.json')).toBe(0)
  await run('probe')
  await run('probe', '--format', 'json')
  await run('status', '--probe')
  for (const command of ['plan', 'drift', 'status', 'access', 'graph', 'export', 'validate'])
    await run(command)
  await run('plan', '--out', 'plan.json', '--report', 'markdown=plan.md', '--verbose')
  await run('doctor', '--contract')
  await run('revoke', 'dora')
  await run('diff', 'vpn.yaml', 'vpn.yaml')

  const made = madeKeys()
  // Of the new peer, of the one that was rotated, and the spare one is a file alone.
  expect(made.length).toBeGreaterThanOrEqual(2)
  const spare = readFileSync(join(journey.folder, 'spare.key'), 'utf8').trim()
  const secrets = [...made, spare, CANARY_KEY]
  for (const secret of secrets.flatMap(formsOf)) {
    for (const text of outputs) expect(text).not.toContain(secret)
  }
  const holders = files().filter(({ text }) => secrets.flatMap(formsOf).some((form) => text.includes(form)))
  expect(holders.map(({ file, mode }) => [file, mode.toString(8)])).toEqual(
    holders.map(({ file }) => [file, '600']),
  )
  for (const name of ['vpn.yaml', 'plan.json', 'plan.md', 'run.log', 'apply.json'])
    expect(holders.map(({ file }) => file)).not.toContain(name)
})
