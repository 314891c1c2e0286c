import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Journey, startJourney } from '../support/journey.ts'
import { faultsOf } from '../support/report-schemas.ts'

const QUICKSTART = readFileSync('examples/quickstart.yaml', 'utf8')
const CHANGED = QUICKSTART.replace('10.99.0.3/32', '10.99.0.33/32')
const ANNA = 'wireguardgateways/hq/peers/anna-laptop'
const AGAINST_BASE = ['--base', 'before.yaml', '--on-drift']

let journey: Journey
let peers = ''

// Applied; then the file moves ben, and someone else moves anna.
beforeEach(async () => {
  journey = await startJourney()
  journey.write(QUICKSTART)
  journey.write(QUICKSTART, 'before.yaml')
  await journey.vpnctl('apply', '--yes')
  const headers = { authorization: 'Bearer someone-else' }
  const list = await fetch(`${journey.sandbox.url}/wireguardgateways`, { headers })
  const { items } = (await list.json()) as { items: { id: string }[] }
  peers = `wireguardgateways/${items[0]?.id}/peers`
  await journey.edit(peers, 'anna-laptop', { allowedIPs: ['10.99.0.77/32'] })
  journey.write(CHANGED)
  journey.writes()
})
afterEach(() => journey.close())

describe('apply --on-drift', () => {
  test('refuse changes nothing, names who changed what, and says how to go on', async () => {
    const { code, stderr, stdout } = await journey.vpnctl('apply', '--yes', ...AGAINST_BASE, 'refuse')
    expect(code).toBe(6)
    expect(stdout).toMatch(
      /VPN533[\s\S]*anna-laptop was changed live: allowedIPs \(last change by \S+\s+on\s+\S+\s+\S+\s+UTC\); this plan would undo that/,
    )
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      `to undo it: --on-drift revert; to accept it: vpnctl accept ${ANNA}:allowedIPs --write`,
    )
    expect(stderr).toContain('nothing was changed')
    expect(journey.writes()).toEqual([])
  })

  test('refuse proposes a command about the same files', async () => {
    journey.write(CHANGED, 'other.yaml')
    const { stdout } = await journey.vpnctl('plan', '-f', 'other.yaml', ...AGAINST_BASE, 'refuse')
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      `to undo it: --on-drift revert; to accept it: vpnctl accept -f other.yaml ${ANNA}:allowedIPs --write`,
    )
  })

  test('refuse is one JSON document too', async () => {
    const { code, stdout } = await journey.vpnctl(
      'apply',
      '--yes',
      ...AGAINST_BASE,
      'refuse',
      '--format',
      'json',
    )
    expect(code).toBe(6)
    const document = JSON.parse(stdout)
    expect(faultsOf('error', document)).toEqual([])
    expect(document).toMatchObject({ exitCode: 6, diagnostics: [{ code: 'VPN533', address: ANNA }] })
  })

  test('refuse has nothing against a target that did not drift', async () => {
    const only = ['--target', 'wireguardgateways/hq/peers/ben-laptop']
    const { code } = await journey.vpnctl('apply', '--yes', ...AGAINST_BASE, 'refuse', ...only)
    expect(code).toBe(0)
    expect(journey.writes()).toHaveLength(1)
  })

  test('revert does what the files say, as without it', async () => {
    expect((await journey.vpnctl('apply', '--yes', ...AGAINST_BASE, 'revert')).code).toBe(0)
    expect((await journey.vpnctl('plan')).stdout).toMatch(/^No changes\./m)
  })

  test('leave applies the rest, ends converged, and says what it left', async () => {
    const text = await journey.vpnctl('apply', '--yes', ...AGAINST_BASE, 'leave')
    expect(text.stdout.replace(/\s+/g, ' ')).toContain(`Left as it is live: ${ANNA} (allowedIPs; last change`)
    expect(text.stdout).toContain('a follow-up plan shows no changes')
    expect(text.code).toBe(0)
    expect(journey.writes()).toHaveLength(1)
    expect((await journey.vpnctl('plan')).stdout).toContain('0 to add, 1 to change, 0 to destroy')
    const again = await journey.vpnctl('apply', '--yes', ...AGAINST_BASE, 'leave', '--format', 'json')
    expect(again.code).toBe(0)
    const document = JSON.parse(again.stdout.trim().split('\n').at(-1) ?? '')
    expect(faultsOf('apply', document)).toEqual([])
    expect(document).toMatchObject({ left: [{ address: ANNA, action: 'update', fields: ['allowedIPs'] }] })
    expect(journey.writes()).toEqual([])
  })

  test.each([
    [['apply', '--yes', '--on-drift', 'refuse'], '--on-drift needs --base'],
    [['plan', '--applied', 'before.yaml'], '--applied needs --base'],
  ])('is refused without a base: %j', async (argv, message) => {
    const { code, stderr } = await journey.vpnctl(...argv)
    expect(code).toBe(64)
    expect(stderr).toContain(message)
    expect(journey.writes()).toEqual([])
  })

  test('is refused with a base that has errors, where revert goes on', async () => {
    journey.write('stack: [', 'before.yaml')
    const refused = await journey.vpnctl('apply', '--yes', ...AGAINST_BASE, 'refuse')
    expect(refused.code).toBe(6)
    expect(refused.stderr).toContain('the base before.yaml has errors, so drift cannot be found')
    expect(journey.writes()).toEqual([])
    expect((await journey.vpnctl('plan', ...AGAINST_BASE, 'revert')).code).toBe(0)
  })
})

describe('a saved plan', () => {
  const save = (...more: readonly string[]) => journey.vpnctl('plan', '--out', 'p.json', ...more)

  test('that leaves drift is applied so, and takes no flags of its own', async () => {
    expect((await save(...AGAINST_BASE, 'leave')).code).toBe(0)
    const other = await journey.vpnctl('apply', 'p.json', '--on-drift', 'revert')
    expect(other.code).toBe(64)
    expect(other.stderr).toContain('the saved plan has its own')
    expect((await journey.vpnctl('apply', 'p.json')).code).toBe(0)
    expect(journey.writes()).toHaveLength(1)
  })

  test('that refuses drift cannot be applied', async () => {
    expect((await save(...AGAINST_BASE, 'refuse')).code).toBe(6)
    expect((await journey.vpnctl('apply', 'p.json')).code).toBe(6)
    expect(journey.writes()).toEqual([])
  })

  test('that was made without can still be refused, and cannot leave drift', async () => {
    await save('--base', 'before.yaml')
    expect((await journey.vpnctl('apply', 'p.json', '--on-drift', 'refuse')).code).toBe(6)
    const leave = await journey.vpnctl('apply', 'p.json', '--on-drift', 'leave')
    expect(leave.code).toBe(64)
    expect(leave.stderr).toContain('give it to "plan --out"')
    expect(journey.writes()).toEqual([])
  })
})

describe('plan --reviewed', () => {
  const reviewed = async (...more: readonly string[]) => {
    const run = await journey.vpnctl('plan', '--reviewed', 'p.json', '--report', 'json=r.json', ...more)
    const document = JSON.parse(readFileSync(join(journey.folder, 'r.json'), 'utf8'))
    expect(faultsOf('plan', document)).toEqual([])
    return { ...run, differences: document.review.differences }
  }

  test('says that the changes are those that were reviewed', async () => {
    await journey.vpnctl('plan', '--out', 'p.json')
    const same = await reviewed('--report', 'markdown=r.md')
    expect(same.stdout).toContain('Reviewed: these are the changes of the reviewed plan.')
    expect(readFileSync(join(journey.folder, 'r.md'), 'utf8')).toContain('**Reviewed: these are the changes')
    expect(same.differences).toEqual([])
  })

  test('names what is different, and who changed it', async () => {
    await journey.vpnctl('plan', '--out', 'p.json')
    await journey.edit(peers, 'anna-laptop', { allowedIPs: ['10.99.0.78/32'] })
    const changed = await reviewed('--report', 'markdown=r.md')
    expect(changed.code).toBe(0)
    expect(changed.stdout).toContain('Not as reviewed: 1 difference from the reviewed plan.')
    expect(changed.differences).toMatchObject(
      [
        { code: 'VPN536', severity: 'warning', address: ANNA, message: /was changed live \(last change by/ },
      ].map(({ message, ...rest }) => ({ ...rest, message: expect.stringMatching(message) })),
    )
    expect(readFileSync(join(journey.folder, 'r.md'), 'utf8')).toContain('Not as reviewed')
  })

  test.each([
    [
      'other flags',
      () => journey.vpnctl('plan', '--out', 'p.json', '--prune', 'all'),
      /was made with --prune all, and this one with --prune owned/,
    ],
    [
      'an edit',
      () => Promise.resolve(journey.write('{"format":"vpnctl/saved-plan","version":1}', 'p.json')),
      /was edited after it was saved/,
    ],
    [
      'another stack',
      async () => {
        journey.write(QUICKSTART.replace('stack: quickstart', 'stack: other'), 'other.yaml')
        await journey.vpnctl('plan', '-f', 'other.yaml', '--out', 'p.json')
      },
      /is a plan of the stack "other"/,
    ],
  ])('takes a plan with %s for no review, and goes on', async (_what, prepare, message) => {
    await prepare()
    const run = await reviewed()
    expect(run.code).toBe(0)
    expect(run.differences).toMatchObject([{ code: 'VPN537', message: expect.stringMatching(message) }])
  })

  test('of a file that is not there is wrong usage', async () => {
    const { code, stderr } = await journey.vpnctl('plan', '--reviewed', 'nothing.json')
    expect(code).toBe(64)
    expect(stderr).toContain('there is no such file')
  })
})
