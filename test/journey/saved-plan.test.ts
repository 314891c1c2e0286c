import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { digestOf } from '../../src/plan/saved/digest.ts'
import { EXAMPLE_SECRETS } from '../support/examples.ts'
import { type Journey, startJourney } from '../support/journey.ts'
import { faultsOf } from '../support/report-schemas.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
const MOVED_BEN = QUICKSTART.replace('10.99.0.3/32', '10.99.0.33/32')

let journey: Journey

beforeEach(async () => {
  journey = await startJourney()
  journey.write(QUICKSTART)
})
afterEach(() => journey.close())

const read = (name = 'p.json'): string => readFileSync(join(journey.folder, name), 'utf8')

/** The live peers of hq, as a collection to edit. */
async function peersOfHq(): Promise<string> {
  const headers = { authorization: 'Bearer someone-else' }
  const list = await fetch(`${journey.sandbox.url}/wireguardgateways`, { headers })
  const { items } = (await list.json()) as { items: { id: string }[] }
  return `wireguardgateways/${items[0]?.id}/peers`
}

/** Applied, then changed in the file, and saved: one update of ben-laptop. */
async function saveAnUpdate(...flags: string[]): Promise<void> {
  await journey.vpnctl('apply', '--yes')
  journey.write(MOVED_BEN)
  const plan = await journey.vpnctl('plan', '--out', 'p.json', ...flags)
  expect(plan.code).toBe(0)
  expect(plan.stderr).toContain('vpnctl apply p.json')
  journey.writes()
}

describe('plan --out, show, apply', () => {
  test('exactly what was saved is applied, without a question', async () => {
    await saveAnUpdate()
    const apply = await journey.vpnctl('apply', 'p.json')
    expect(apply.code).toBe(0)
    expect(apply.stdout).toContain('Plan: 0 to add, 1 to change, 0 to destroy.')
    expect(journey.writes()).toEqual(['PUT /wireguardgateways/ID/peers/ID'])
    expect((await journey.vpnctl('plan')).stdout).toMatch(/^No changes\./m)
  })

  test('the file is readable by its owner alone, is written whole, and is the same for the same plan', async () => {
    await journey.vpnctl('plan', '--out', 'p.json')
    expect(statSync(join(journey.folder, 'p.json')).mode & 0o777).toBe(0o600)
    const first = read()
    writeFileSync(join(journey.folder, 'p.json'), '{"format":"vpnctl/saved', { mode: 0o644 })
    await journey.vpnctl('plan', '--out', 'p.json')
    expect(read()).toBe(first)
    expect(statSync(join(journey.folder, 'p.json')).mode & 0o777).toBe(0o600)
    expect(readdirSync(journey.folder).sort()).toEqual(['p.json', 'vpn.yaml'])
  })

  test('a file that is not a saved plan is not written over, and nothing is asked', async () => {
    const { code, stderr } = await journey.vpnctl('plan', '--out', 'vpn.yaml')
    expect(code).toBe(6)
    expect(stderr).toContain('vpn.yaml already exists, and is not a saved plan')
    expect(read('vpn.yaml')).toBe(QUICKSTART)
    expect(journey.sandbox.requests()).toEqual([])
    writeFileSync(join(journey.folder, 'empty.json'), '')
    expect((await journey.vpnctl('plan', '--out', 'empty.json')).code).toBe(0)
  })

  test('there is no secret in it, in no encoding', async () => {
    for (const name of ['quickstart', 'road-warriors', 'site-to-site', 'hub-and-spoke']) {
      journey.write(readFileSync(`examples/${name}.yaml`, 'utf8'))
      await journey.vpnctl('plan', '--out', `${name}.json`)
      expect(faultsOf('saved-plan', JSON.parse(read(`${name}.json`)))).toEqual([])
      for (const secret of EXAMPLE_SECRETS) expect(read(`${name}.json`)).not.toContain(secret)
    }
  })

  test('a key in the file itself, and one given as a variable, are not in it either', async () => {
    const key = journey.env.QUICKSTART_PRIVATE_KEY ?? ''
    journey.write(QUICKSTART.replace('{ env: QUICKSTART_PRIVATE_KEY }', `\${var.key}`))
    const flags = ['--allow-plaintext-secrets', '--var', `key=${key}`]
    await journey.vpnctl('plan', '--out', 'p.json', ...flags)
    expect(read()).not.toContain(key)
    const without = await journey.vpnctl('apply', 'p.json')
    expect(without.code).toBe(64)
    expect(without.stderr).toContain('--var key=...')
    expect((await journey.vpnctl('apply', 'p.json', '--var', `key=${key}`)).code).toBe(0)
  })

  test('show reports what plan reported, in every form', async () => {
    await saveAnUpdate()
    for (const format of ['text', 'json', 'markdown', 'github', 'gitlab', 'azure', 'tfjson', 'dotenv']) {
      const plan = await journey.vpnctl('plan', '--format', format)
      const show = await journey.vpnctl('show', 'p.json', '--format', format, '--report', `${format}=shown`)
      expect(show.stdout, format).toBe(plan.stdout)
      expect(show.code).toBe(0)
      expect(existsSync(join(journey.folder, 'shown'))).toBe(true)
    }
    expect((await journey.vpnctl('show', 'p.json', '--detailed-exitcode')).code).toBe(2)
    expect(journey.sandbox.requests().filter(({ method }) => method !== 'GET')).toEqual([])
  })

  test('show needs neither credentials nor the files, and sends nothing', async () => {
    await journey.vpnctl('plan', '--out', 'p.json')
    journey.sandbox.resetRequests()
    const show = await journey.run(['show', 'p.json'], { env: { IONOS_TOKEN: '' } })
    expect(show.stdout).toContain('Plan: 3 to add')
    expect(journey.sandbox.requests()).toEqual([])
  })

  test('a run that was cut off can be run again with the same plan', async () => {
    await journey.vpnctl('plan', '--out', 'p.json')
    let stop: (signal: 'SIGINT') => void = () => undefined
    const running = journey.run(['apply', 'p.json', '--parallelism', '1'], {
      onStart: (handler) => {
        stop = handler
      },
    })
    await expect
      .poll(() => journey.sandbox.requests().filter(({ method }) => method === 'PUT').length)
      .toBeGreaterThan(0)
    stop('SIGINT')
    expect((await running).code).toBe(130)
    await new Promise((resolve) => setTimeout(resolve, 60))
    expect((await journey.vpnctl('apply', 'p.json')).code).toBe(0)
    expect((await journey.vpnctl('plan')).stdout).toMatch(/^No changes\./m)
    expect((await journey.vpnctl('apply', 'p.json')).code).toBe(0)
  })

  test('comments and equivalent forms in the file are not a change', async () => {
    await saveAnUpdate()
    journey.write(`# one more comment\n${MOVED_BEN.replace('10.99.0.33/32', '"10.99.0.33/32"')}`)
    expect((await journey.vpnctl('apply', 'p.json')).code).toBe(0)
  })

  test('the flags of the plan hold, and are not taken again', async () => {
    await saveAnUpdate('--target', 'wireguardgateways/hq/peers/ben-laptop')
    for (const flags of [
      ['--prune', 'all'],
      ['--target', 'x'],
      ['--max-deletes', '3'],
      ['--resend-secrets', 'all'],
      ['--location', 'de/fra'],
    ]) {
      const given = await journey.vpnctl('apply', 'p.json', ...flags)
      expect(given.code).toBe(64)
      expect(given.stderr).toContain(`${flags[0]}: a saved plan has its own`)
    }
    expect((await journey.vpnctl('apply', 'p.json')).code).toBe(0)
    expect(journey.writes()).toEqual(['PUT /wireguardgateways/ID/peers/ID'])
  })

  test('files can be named anew', async () => {
    await journey.vpnctl('plan', '--out', 'p.json')
    journey.write(QUICKSTART, 'moved.yaml')
    journey.write('stack: other\nversion: 1\n')
    expect((await journey.vpnctl('apply', 'p.json', '-f', 'moved.yaml')).code).toBe(0)
  })
})

describe('a saved plan is stale', () => {
  async function expectStale(reported: RegExp, ...flags: string[]): Promise<void> {
    const apply = await journey.vpnctl('apply', 'p.json', ...flags)
    expect(apply.stderr).toMatch(reported)
    expect(apply.stderr).toMatch(
      /p\.json is stale: \d+ changes? (is|are) not what was saved; nothing was changed/,
    )
    expect(apply.code).toBe(7)
    expect(journey.writes()).toEqual([])
  }

  test('when the file wants something else', async () => {
    await saveAnUpdate()
    journey.write(MOVED_BEN.replace('10.99.0.2/32', '10.99.0.22/32'))
    await expectStale(
      /vpn\.yaml:\d+:\d+ wireguardgateways\/hq\/peers\/anna-laptop is not the same in the file/,
    )
  })

  test('when someone changed something live, and it says who and when', async () => {
    await saveAnUpdate()
    await journey.edit(await peersOfHq(), 'anna-laptop', { allowedIPs: ['10.99.0.77/32'] })
    journey.writes()
    await expectStale(
      /wireguardgateways\/hq\/peers\/anna-laptop was changed live \(last change by \S+ on \d{4}-\d\d-\d\d \d\d:\d\d UTC\): allowedIPs; it would be changed, which the saved plan does not contain/,
    )
  })

  test('when something is gone, or new', async () => {
    await saveAnUpdate()
    await journey.edit(await peersOfHq(), 'ben-laptop', undefined)
    journey.writes()
    await expectStale(/wireguardgateways\/hq\/peers\/ben-laptop is gone from live/)
  })

  test('as one JSON document too', async () => {
    await saveAnUpdate()
    await journey.edit(await peersOfHq(), 'anna-laptop', { allowedIPs: ['10.99.0.77/32'] })
    const apply = await journey.vpnctl('apply', 'p.json', '--format', 'json')
    const document = JSON.parse(apply.stdout)
    expect(faultsOf('error', document)).toEqual([])
    expect(document).toMatchObject({
      exitCode: 7,
      diagnostics: [{ code: 'VPN531', address: 'wireguardgateways/hq/peers/anna-laptop' }],
    })
  })

  test('when a secret that was not to hand turns out to be another', async () => {
    await journey.vpnctl('apply', '--yes')
    journey.write(MOVED_BEN)
    await journey.run(['plan', '--out', 'p.json'], { env: { QUICKSTART_PRIVATE_KEY: undefined } })
    journey.writes()
    const other = Buffer.from('throw-away key for tests only!!!').toString('base64')
    const apply = await journey.run(['apply', 'p.json'], { env: { QUICKSTART_PRIVATE_KEY: other } })
    expect(apply.code).toBe(7)
    expect(apply.stderr).toContain(
      'wireguardgateways/hq has another secret live than the one here; it would be changed',
    )
    expect(journey.writes()).toEqual([])
    expect((await journey.vpnctl('apply', 'p.json')).code).toBe(0)
  })

  test('of a rotated key is stale where the apply does not have the new key, and says so', async () => {
    await journey.vpnctl('apply', '--yes')
    const other = Buffer.from('throw-away key for tests only!!!').toString('base64')
    const withNewKey = { env: { QUICKSTART_PRIVATE_KEY: other } }
    expect((await journey.run(['plan', '--out', 'p.json'], withNewKey)).stdout).toContain('(secret) changed')
    journey.writes()
    for (const env of [{}, { QUICKSTART_PRIVATE_KEY: undefined }]) {
      const { code, stderr } = await journey.run(['apply', 'p.json'], { env })
      expect([code, stderr.replace(/\s+/g, ' ')]).toEqual([
        7,
        expect.stringMatching(
          /hq would not be changed any more: its secret has no value here, or is the one/,
        ),
      ])
      expect(stderr).toContain('with the same secrets as the apply')
    }
    expect(journey.writes()).toEqual([])
    expect((await journey.run(['apply', 'p.json'], withNewKey)).code).toBe(0)
    // Again: it is done.
    expect((await journey.run(['apply', 'p.json'], withNewKey)).code).toBe(0)
    expect(journey.writes()).toEqual(['PUT /wireguardgateways/ID'])
  })

  test('with --on-stale skip what moved is left alone, and the rest is done', async () => {
    await journey.vpnctl('apply', '--yes')
    journey.write(MOVED_BEN.replace('10.99.0.2/32', '10.99.0.22/32'))
    await journey.vpnctl('plan', '--out', 'p.json')
    await journey.edit(await peersOfHq(), 'anna-laptop', { allowedIPs: ['10.99.0.77/32'] })
    journey.writes()
    const apply = await journey.vpnctl('apply', 'p.json', '--on-stale', 'skip')
    expect(apply.code).toBe(8)
    expect(apply.stdout).toMatch(/anna-laptop[\s\S]*not written: the plan of today is not what was saved/)
    // The plan that is shown is what is applied.
    expect(apply.stdout).toContain('Plan: 0 to add, 1 to change, 0 to destroy.')
    expect(apply.stdout).not.toContain('# wireguardgateways/hq/peers/anna-laptop will be')
    expect(apply.stdout).toContain('1 other end must be configured')
    expect(journey.writes()).toEqual(['PUT /wireguardgateways/ID/peers/ID'])
    expect((await journey.vpnctl('plan')).stdout).toContain('Plan: 0 to add, 1 to change, 0 to destroy.')
  })
})

test('is planned and applied where VPNCTL_LOCATION is set, which is not a flag of the plan', async () => {
  const env = { VPNCTL_LOCATION: 'de/fra' }
  expect((await journey.run(['plan', '--out', 'p.json'], { env })).code).toBe(0)
  expect((await journey.run(['apply', 'p.json'], { env })).code).toBe(0)
  expect((await journey.run(['graph'], { env })).code).toBe(0)
  expect((await journey.run(['apply', 'p.json', '--location', 'de/txl'], { env })).code).toBe(64)
})

test('--on-stale without a saved plan is wrong usage', async () => {
  const { code, stderr } = await journey.vpnctl('apply', '--on-stale', 'skip', '--yes')
  expect(code).toBe(64)
  expect(stderr).toContain('name it: vpnctl apply FILE --on-stale skip')
})

describe('a saved plan is fresh, whatever else happened', () => {
  const FREE_GATEWAY = `ipsecGateways:
  - name: free
    gatewayIP: 203.0.113.99
    connections:
      - { datacenterId: 5a029f4a-72e5-11ec-90d6-0242ac120003, lanId: "4", ipv4CIDR: 192.168.40.6/24 }
`

  test('when another stack created its own, and someone changed what is unmanaged', async () => {
    await saveAnUpdate()
    journey.write(
      FREE_GATEWAY.replace('ipsec', 'version: 1\nstack: other\nlocation: de/fra\nipsec'),
      'other.yaml',
    )
    expect((await journey.vpnctl('apply', '--yes', '-f', 'other.yaml')).code).toBe(0)
    expect((await journey.vpnctl('plan', '--out', 'q.json')).code).toBe(0)
    await journey.edit('ipsecgateways', 'free', { description: 'by hand' })
    journey.writes()
    expect((await journey.vpnctl('apply', 'q.json')).code).toBe(0)
    expect(journey.writes()).toEqual(['PUT /wireguardgateways/ID/peers/ID'])
    expect((await journey.vpnctl('apply', 'p.json')).code).toBe(0)
  })

  test('when two branches change different resources, and the other one was applied first', async () => {
    await saveAnUpdate()
    const both = `${MOVED_BEN}${FREE_GATEWAY}`
    journey.write(both, 'main.yaml')
    expect(
      (await journey.vpnctl('apply', '--yes', '-f', 'main.yaml', '--target', 'ipsecgateways/free')).code,
    ).toBe(0)
    journey.writes()
    const apply = await journey.vpnctl('apply', 'p.json', '-f', 'main.yaml')
    expect(apply.code).toBe(0)
    expect(journey.writes()).toEqual(['PUT /wireguardgateways/ID/peers/ID'])
  })

  test('when another resource than the target is not the same in the files', async () => {
    await saveAnUpdate('--target', 'wireguardgateways/hq/peers/ben-laptop')
    journey.write(MOVED_BEN.replace('10.99.0.2/32', '10.99.0.22/32'))
    expect((await journey.vpnctl('apply', 'p.json')).code).toBe(0)
    expect(journey.writes()).toEqual(['PUT /wireguardgateways/ID/peers/ID'])
  })

  test('when the change that was saved for one peer needs no secret, and none is to hand', async () => {
    await saveAnUpdate()
    const apply = await journey.run(['apply', 'p.json'], { env: { QUICKSTART_PRIVATE_KEY: undefined } })
    expect(apply.stderr).toContain('warning[VPN403]')
    expect(apply.code).toBe(0)
    expect(journey.writes()).toEqual(['PUT /wireguardgateways/ID/peers/ID'])
  })
})

describe('a forged plan', () => {
  interface Forged {
    plan: { changes: { address: string; rest: Record<string, unknown> }[] }
    [member: string]: unknown
  }
  /** Changes the saved plan and seals it again, as anyone can. */
  function forge(change: (saved: Forged) => void): void {
    const { seal: _, ...content } = JSON.parse(read()) as Forged & { seal: string }
    change(content)
    writeFileSync(
      join(journey.folder, 'p.json'),
      JSON.stringify({ ...content, seal: digestOf(content as never) }),
    )
  }

  test('writes nothing that neither the files nor the plan of today contain', async () => {
    await saveAnUpdate()
    forge(({ plan }) => {
      for (const change of plan.changes) {
        if (change.address.endsWith('ben-laptop')) {
          change.rest.spec = { ...(change.rest.spec as object), allowedIPs: ['0.0.0.0/0'] }
        }
        // A deletion of a peer that the files want.
        if (change.address.endsWith('anna-laptop')) change.rest.action = 'delete'
      }
    })
    const aborted = await journey.vpnctl('apply', 'p.json')
    expect(aborted.code).toBe(7)
    expect(aborted.stderr).not.toContain('--on-stale')
    const skipped = await journey.vpnctl('apply', 'p.json', '--on-stale', 'skip')
    expect(skipped.code).toBe(7)
    expect(skipped.stderr).toMatch(/ben-laptop is not the same in the files: allowedIPs/)
    expect(skipped.stderr).toMatch(/anna-laptop would not be deleted any more/)
    expect(journey.writes()).toEqual([])
  })
})

describe('a saved plan is refused in one sentence', () => {
  async function expectRefused(exit: number, why: RegExp, ...flags: string[]): Promise<void> {
    const apply = await journey.vpnctl('apply', 'p.json', ...flags)
    expect(apply.stderr).toMatch(why)
    expect(apply.stderr.split('\n').filter((line) => line.startsWith('error'))).toHaveLength(1)
    expect(apply.code).toBe(exit)
    expect(journey.sandbox.requests().filter(({ method }) => method !== 'GET')).toEqual([])
  }

  beforeEach(async () => {
    await journey.vpnctl('plan', '--out', 'p.json')
  })
  const rewrite = (change: (text: string) => string): void =>
    writeFileSync(join(journey.folder, 'p.json'), change(read()))

  test('when it was cut short', async () => {
    rewrite((text) => text.slice(0, text.length / 2))
    await expectRefused(1, /p\.json is a saved plan that was cut short/)
    rewrite(() => '')
    await expectRefused(1, /cut short/)
  })

  test('when it was edited by hand', async () => {
    rewrite((text) => text.replace('"prune":"owned"', '"prune":"all"'))
    await expectRefused(1, /p\.json was edited after it was saved/)
    expect((await journey.vpnctl('show', 'p.json')).code).toBe(1)
  })

  test('when it is of another version', async () => {
    rewrite((text) => text.replace('"version":1', '"version":2'))
    await expectRefused(1, /is a saved plan of format 2, written by another version/)
  })

  test('when it is something else', async () => {
    rewrite(() => 'version: 1\n')
    await expectRefused(1, /p\.json is not a saved plan/)
    await journey.vpnctl('plan', '--report', 'json=p.json')
    await expectRefused(1, /output of "plan --format json"/)
    const missing = await journey.vpnctl('apply', 'nowhere.json')
    expect(missing.code).toBe(64)
    expect(missing.stderr).toContain('nowhere.json cannot be read: there is no such file')
  })

  test('when it is for another stack, or another endpoint', async () => {
    journey.write(QUICKSTART.replace(/^stack: .*/m, 'stack: other'))
    await expectRefused(6, /is a plan for the stack "quickstart", and the files are of "other"/)
    journey.write(QUICKSTART)
    await expectRefused(
      6,
      /was made for http:\S+, and this run would talk to http:/,
      '--endpoint',
      'http://127.0.0.1:9',
    )
  })

  test('when it was refused', async () => {
    await journey.vpnctl('apply', '--yes')
    journey.write(QUICKSTART.slice(0, QUICKSTART.indexOf('wireguardGateways:')))
    const plan = await journey.vpnctl('plan', '--out', 'p.json')
    expect(plan.code).toBe(6)
    expect(plan.stderr).toContain('it must not be applied')
    expect((await journey.vpnctl('show', 'p.json')).code).toBe(6)
    const apply = await journey.vpnctl('apply', 'p.json')
    expect(apply.code).toBe(6)
    expect(apply.stderr).toContain('p.json is a plan that was refused; it cannot be applied')
  })
})

describe('destroy --out', () => {
  test('deletes nothing, and apply deletes exactly what was saved', async () => {
    await journey.vpnctl('apply', '--yes')
    journey.writes()
    const saved = await journey.vpnctl('destroy', '--out', 'p.json')
    expect(saved.code).toBe(0)
    expect(saved.stderr).toContain('Saved in p.json. Apply exactly this with: vpnctl apply p.json')
    expect(journey.writes()).toEqual([])
    expect((await journey.vpnctl('show', 'p.json')).stdout).toContain('0 to add, 0 to change, 3 to destroy')
    const apply = await journey.vpnctl('apply', 'p.json')
    expect(apply.code).toBe(0)
    expect(apply.stdout).toContain('Destroy complete! Resources: 3 destroyed.')
    expect(journey.writes().filter((line) => line.startsWith('DELETE'))).toHaveLength(3)
  })

  test('is stale where something else is live by then, and deletes nothing', async () => {
    await journey.vpnctl('apply', '--yes')
    await journey.vpnctl('destroy', '--out', 'p.json')
    await journey.edit(await peersOfHq(), 'anna-laptop', { description: 'edited meanwhile' })
    journey.writes()
    expect((await journey.vpnctl('apply', 'p.json')).code).toBe(7)
    expect(journey.writes()).toEqual([])
  })

  test('does not write over a file that is not a plan', async () => {
    expect((await journey.vpnctl('destroy', '--out', 'vpn.yaml')).code).toBe(6)
    expect(read('vpn.yaml')).toBe(QUICKSTART)
  })
})

describe('a targeted destroy of what the files have still', () => {
  test('says at its end that the next apply creates it again, and that no gateway is deleted with it', async () => {
    await journey.vpnctl('apply', '--yes')
    const target = ['--target', 'wireguardgateways/hq/peers/anna-laptop']
    const { stdout, output } = await journey.vpnctl('destroy', ...target, '--yes')
    expect(stdout).toContain('owned by this stack; destroy deletes it')
    expect(stdout).not.toContain('deleted with')
    const end = output.slice(output.indexOf('Destroy complete!'))
    expect(end).toContain('the files still contain wireguardgateways/hq/peers/anna-laptop')
  })
})
