import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { monotonicClock } from '../../src/api/clock.ts'
import { addRogue, edit, OTHER_PUBLIC_KEY, startWorld, type World } from '../support/drift-world.ts'
import { EXAMPLE_ENV, EXAMPLE_SECRETS } from '../support/examples.ts'
import { runCli } from '../support/run-cli.ts'

const PAGE = 'docs/drift.md'
const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
const IGNORE = `
drift:
  ignore:
    - address: wireguardgateways/hq/peers/rogue
      reason: trial of the network team
      until: 2026-06-30
`
// UPDATE_DOCS=1 writes the outputs anew; read every line of the difference before you commit it.
const isUpdate = process.env.UPDATE_DOCS === '1'

let world: World
let folder: string

async function vpnctl(...argv: string[]): Promise<string> {
  const { stdout } = await runCli(argv, {
    cwd: folder,
    env: { ...EXAMPLE_ENV, IONOS_TOKEN: 'throw-away-token', VPNCTL_ENDPOINT: world.sandbox.url },
    clock: { now: world.now, sleep: monotonicClock.sleep },
  })
  return stdout.trimEnd()
}

function write(more = ''): void {
  writeFileSync(join(folder, 'vpn.yaml'), QUICKSTART + more)
}

/** What the webhook of Slack would get. */
async function slackMessage(): Promise<string> {
  let body = ''
  const server = createServer((request, response) => {
    request.on('data', (chunk) => {
      body += chunk
    })
    request.on('end', () => void response.end('ok'))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  await vpnctl('drift', '--webhook', url, '--webhook-format', 'slack')
  server.close()
  return JSON.stringify(JSON.parse(body), null, 2)
}

/** Every output of the page by its name. */
async function outputs(): Promise<Readonly<Record<string, { text: string; language: string }>>> {
  write()
  await vpnctl('apply', '--yes')
  const quiet = await vpnctl('drift')
  world.pass(26 * 3_600_000)
  addRogue(world, 'hq')
  edit(world, 'anna-laptop', { allowedIPs: ['10.99.0.2/32', '192.168.0.0/16'] })
  edit(world, 'ben-laptop', { publicKey: OTHER_PUBLIC_KEY })
  const run = await vpnctl('drift')
  const markdown = await vpnctl('drift', '--format', 'markdown')
  const junit = await vpnctl('drift', '--format', 'junit')
  const github = (await vpnctl('drift', '--format', 'github')).split('::stop-commands::')[0] ?? ''
  await vpnctl('drift', '--metrics-file', 'vpnctl.prom')
  const metrics = readFileSync(join(folder, 'vpnctl.prom'), 'utf8').replace(
    /version="[^"]*"/,
    'version="1.0.0"',
  )
  const slack = await slackMessage()
  write(IGNORE)
  const ignored = await vpnctl('drift', '--verbose')
  world.pass(30 * 24 * 3_600_000)
  const expired = await vpnctl('drift')
  const text = (value: string, language = 'text') => ({ text: value.trimEnd(), language })
  return {
    quiet: text(quiet),
    run: text(run),
    markdown: text(markdown, 'markdown'),
    junit: text(junit, 'xml'),
    github: text(github),
    metrics: text(metrics),
    slack: text(slack, 'json'),
    ignored: text(partOf(ignored, /^ignored .*/m)),
    expired: text(partOf(expired, /^warning[\s\S]*/m)),
  }
}

function partOf(output: string, part: RegExp): string {
  const [found] = part.exec(output) ?? []
  if (found === undefined) throw new Error(`no such part: ${part}`)
  return found
}

beforeAll(async () => {
  world = await startWorld('2026-06-10T08:00:00Z')
  folder = mkdtempSync(join(tmpdir(), 'vpnctl-'))
})

afterAll(async () => {
  await world.sandbox.close()
  rmSync(folder, { recursive: true, force: true })
})

// A marker with the command, and the output in a fence longer than any in it.
const BLOCK = /<!-- (\w+): (.*?) -->\n(?:\n(`{3,})\w*\n[\s\S]*?\n\3\n)?/g

test('the outputs on the page about drift are those of real runs', async () => {
  const page = readFileSync(PAGE, 'utf8')
  const known = await outputs()
  const named = [...page.matchAll(BLOCK)].map((block) => block[1])
  expect(named.toSorted()).toEqual(Object.keys(known).toSorted())
  const fresh = page.replace(BLOCK, (_, name: string, command: string) => {
    const { text = '', language = '' } = known[name] ?? {}
    const fence = text.includes('```') ? '````' : '```'
    return `<!-- ${name}: ${command} -->\n\n${fence}${language}\n${text}\n${fence}\n`
  })
  if (isUpdate) writeFileSync(PAGE, fresh)
  for (const secret of EXAMPLE_SECRETS) expect(fresh).not.toContain(secret)
  expect(isUpdate ? fresh : page).toBe(fresh)
})
