import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { monotonicClock } from '../../src/api/clock.ts'
import { ACTION } from '../action/an-action.ts'
import { expectPage } from '../support/docs-page.ts'
import { addRogue, startWorld, type World } from '../support/drift-world.ts'
import { EXAMPLE_ENV, EXAMPLE_SECRETS } from '../support/examples.ts'
import { runCli } from '../support/run-cli.ts'

// The pages about pipelines show files of this repository and outputs of real runs; a marker says which.
const PAGES = [
  'github-actions',
  'gitlab',
  'azure',
  'atlantis',
  'kubernetes',
  'pre-commit',
  'policy',
  'fleets',
]
const MARKER = /<!-- (file|run): (.*?) -->\n(?:\n(`{3,})\w*\n[\s\S]*?\n\3\n|\n\|[\s\S]*?\n(?=\n))?/g

const BEFORE = readFileSync('examples/quickstart.yaml', 'utf8')
const AFTER = `${BEFORE.slice(0, BEFORE.indexOf('      - name: ben-laptop'))}      - name: carol-laptop
        publicKey: ${Buffer.from('THROW-AWAY-PUBLIC-KEY-TESTS-ONLY').toString('base64')}
        allowedIPs: [10.99.0.4/32]
`.replace('Head office', 'Head office, Frankfurt')

interface Block {
  readonly language: string
  readonly text: string
}

let world: World
let folder: string
let runs: Readonly<Record<string, Block | string>>

async function vpnctl(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { stdout } = await runCli(argv, {
    cwd: folder,
    env: { ...EXAMPLE_ENV, IONOS_TOKEN: 'throw-away-token', VPNCTL_ENDPOINT: world.sandbox.url, ...env },
    clock: { now: world.now, sleep: monotonicClock.sleep },
  })
  // The folder of a run, and the fence that is another in every run.
  return stdout.replaceAll(folder, '/agent/_work/1/s').replace(/vpnctl_[0-9a-f]{16,}/g, 'vpnctl_d1f2...')
}

beforeAll(async () => {
  world = await startWorld('2026-06-10T08:00:00Z')
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-docs-'))
  writeFileSync(join(folder, 'vpn.yaml'), BEFORE)
  await vpnctl(['apply', '--yes'])
  world.pass(24 * 3_600_000)
  writeFileSync(join(folder, 'vpn.yaml'), AFTER)
  const plan = (form: string): Promise<string> => vpnctl(['plan', '--format', form])
  const { resource_changes: changes } = JSON.parse(await plan('tfjson')) as {
    resource_changes: { change: { actions: string[] } }[]
  }
  const created = changes.find(({ change }) => change.actions.includes('create'))
  addRogue(world, 'hq')
  runs = {
    comment: { language: 'markdown', text: await plan('markdown') },
    'vpnctl plan --format github': { language: 'text', text: await plan('github') },
    'vpnctl plan --format gitlab': { language: 'json', text: await plan('gitlab') },
    'vpnctl plan --format dotenv': { language: 'sh', text: await plan('dotenv') },
    'vpnctl plan --format azure': { language: 'text', text: await plan('azure') },
    'fleet summary': { language: 'markdown', text: fleetSummary() },
    'one change': { language: 'json', text: JSON.stringify(created, null, 2) },
    inputs: table(
      ['input', 'default', 'meaning'],
      Object.entries(ACTION.inputs).map(([name, input]) => [
        name,
        'required' in input ? 'required' : (input.default ?? ''),
        input.description,
      ]),
    ),
    outputs: table(
      ['output', 'meaning'],
      Object.entries(ACTION.outputs).map(([name, { description }]) => [name, description]),
    ),
  }
})

afterAll(async () => {
  await world.sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

/** The summary of the stacks of the example, whose jobs ended in three ways. */
function fleetSummary(): string {
  const link = 'https://ci.example.com/jobs/41'
  const message = 'GET /wireguardgateways: connection refused by 192.0.2.7:443 (3 attempts)'
  const ends = {
    berlin: { code: 2, message: '' },
    paris: { code: 0, message: '' },
    lab: { code: 5, message },
  }
  for (const [name, end] of Object.entries(ends)) {
    const place = join(folder, 'results', name)
    mkdirSync(place, { recursive: true })
    writeFileSync(join(place, 'result.json'), JSON.stringify({ ...end, link, at: Date.now() }))
    const summary = { severities: { critical: 1, warning: 2, notice: 0 } }
    writeFileSync(join(place, 'drift.json'), JSON.stringify({ summary }))
  }
  const env = {
    PATH: process.env.PATH,
    VPN_FLEET: 'examples/ci/fleet/fleet.json',
    VPN_RESULTS: `${folder}/results`,
  }
  const { stdout } = spawnSync('node', ['examples/ci/fleet/vpn-fleet.mjs', 'summary'], {
    env,
    encoding: 'utf8',
  })
  return stdout.trim()
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
  const body = rows.map(([name = '', ...rest]) =>
    line([`\`${name}\``, ...rest.map((cell, index) => (index < rest.length - 1 ? code(cell) : cell))]),
  )
  return [line(head), `|${head.map(() => '---|').join('')}`, ...body].join('\n')
}

function code(text: string): string {
  return text === '' || text === 'required' ? text : `\`${text}\``
}

const LANGUAGES: Readonly<Record<string, string>> = {
  '.yml': 'yaml',
  '.yaml': 'yaml',
  '.mjs': 'js',
  '.json': 'json',
  '.rego': 'rego',
  '': 'dockerfile',
}

function fileBlock(path: string): Block {
  const isYaml = path.endsWith('.yml') || path.endsWith('.yaml')
  return { language: isYaml ? 'yaml' : (LANGUAGES[extname(path)] ?? ''), text: readFileSync(path, 'utf8') }
}

function shown(block: Block | string): string {
  if (typeof block === 'string') return block
  const text = block.text.trimEnd()
  const fence = text.includes('```') ? '````' : '```'
  return `${fence}${block.language}\n${text}\n${fence}`
}

describe('the pages about pipelines', () => {
  it.each(PAGES)('%s shows files as they are and outputs of real runs', (name) => {
    const path = `docs/${name}.md`
    const fresh = readFileSync(path, 'utf8').replace(MARKER, (_, kind: string, what: string) => {
      const block = kind === 'file' ? fileBlock(what) : runs[what]
      if (block === undefined) throw new Error(`${path}: nothing is known of ${what}`)
      return `<!-- ${kind}: ${what} -->\n\n${shown(block)}\n`
    })
    for (const secret of EXAMPLE_SECRETS) expect(fresh).not.toContain(secret)
    expectPage(path, fresh)
  })
})
