import { describe, expect, test } from 'vitest'
import type { DesiredResource, LiveResource } from '../../src/model/resource.ts'
import { Secret } from '../../src/model/secret.ts'
import { desiredFingerprints, liveFingerprints, planDigest } from '../../src/plan/saved/digest.ts'
import { recordPlan, restorePlan } from '../../src/plan/saved/plan-record.ts'
import { isSavedPlanProblem, readSavedPlan, writeSavedPlan } from '../../src/plan/saved/saved-plan.ts'
import { seenBy } from '../../src/plan/saved/staleness.ts'
import { DEFAULT_PLAN_OPTIONS } from '../../src/plan/types.ts'
import { formatsOf, renderReport } from '../../src/report/formats.ts'
import { planReport } from '../../src/report/plan/report.ts'
import {
  CONNECTION,
  gateway,
  LOCATION,
  liveOf,
  METADATA,
  peer,
  planOf,
  STACK,
} from '../support/plan-builder.ts'
import { RENDER_OPTIONS } from '../support/render-options.ts'

const THROW_AWAY = 'throw-away-secret-for-tests'
const secret = (name: string, text = THROW_AWAY) => ({
  path: ['privateKey'],
  reference: { from: 'env' as const, name },
  value: new Secret(text),
})
const hq = gateway('hq', {}, { secrets: [secret('HQ')] })
const lab = gateway('lab', { gatewayIP: '203.0.113.12' }, { secrets: [secret('LAB')] })
const anna = peer(hq, 'anna')
const UNOWNED_ID = '11111111-1111-4111-8111-111111111111'

const stateOf = (resources: readonly DesiredResource[]) => ({
  stack: STACK,
  locations: [LOCATION],
  resources,
  protectedPatterns: [],
})
const worldOf = (resources: readonly LiveResource[]) => ({ locations: [LOCATION], resources })

/** A bit of everything, with fields that nobody knows and that may be secrets. */
const LIVE = [
  liveOf(
    hq,
    {
      tier: 'PREMIUM',
      futureKey: THROW_AWAY,
      connections: [{ ...CONNECTION, futureToken: THROW_AWAY }],
    },
    { metadata: METADATA, secrets: [{ path: ['privateKey'], value: new Secret('throw-away-live') }] },
  ),
  liveOf(lab, {}, { status: 'DESTROYING' }),
  liveOf(peer(hq, 'bob', { publicKey: 'Ym9i' }), { future: THROW_AWAY }, { metadata: METADATA }),
  liveOf(
    peer(hq, 'rogue', { publicKey: 'cm9n', allowedIPs: ['0.0.0.0/0'] }),
    { future: THROW_AWAY },
    { id: UNOWNED_ID },
  ),
]
const plan = planOf([hq, anna, lab], LIVE)
const saved = {
  stack: STACK,
  endpoints: { [LOCATION]: 'https://vpn.example.com' },
  source: { files: ['vpn.yaml'], varFiles: [], vars: [], allowPlaintextSecrets: false },
  locations: [],
  options: DEFAULT_PLAN_OPTIONS,
  seen: seenBy(stateOf([hq, anna, lab]), worldOf(LIVE), plan, []),
  fileWarnings: [],
  plan: recordPlan(plan),
}

describe('a plan that is written down and read again', () => {
  test('looks the same in every format', async () => {
    const read = readSavedPlan(writeSavedPlan(saved))
    if (isSavedPlanProblem(read)) throw new Error(read.type)
    const again = restorePlan(read.plan)
    const options = { ...RENDER_OPTIONS, text: { color: false, verbose: true } }
    expect(plan.changes.map(({ action }) => action).sort()).toEqual([
      'create',
      'create',
      'delete',
      'unmanaged',
      'update',
    ])
    for (const format of formatsOf('plan')) {
      const written = await renderReport(planReport(plan), format, options)
      expect(await renderReport(planReport(again), format, options), format).toBe(written)
    }
    expect(planDigest(again)).toBe(planDigest(plan))
  })

  test('holds no secret: none of the file, none that the API returned, none that may be in an unknown field', () => {
    const text = writeSavedPlan(saved)
    expect(text).not.toContain('throw-away')
    expect(text).toContain('futureToken')
    expect(text).toContain('"name":"HQ"')
  })

  test('a digest does not depend on a secret', () => {
    const other = gateway('hq', {}, { secrets: [secret('HQ', 'throw-away-other')] })
    expect(desiredFingerprints(stateOf([other]))).toEqual(desiredFingerprints(stateOf([hq])))
    const renamed = gateway('hq', {}, { secrets: [secret('OTHER')] })
    expect(desiredFingerprints(stateOf([renamed]))).not.toEqual(desiredFingerprints(stateOf([hq])))
    const strip = (resource: LiveResource): LiveResource => ({ ...resource, secrets: [] })
    expect(liveFingerprints(worldOf(LIVE.map(strip)))).toEqual(liveFingerprints(worldOf(LIVE)))
  })

  test('every single edited character is seen', () => {
    const text = writeSavedPlan(saved)
    for (let at = 0; at < text.length - 1; at += 97) {
      const char = text[at] === 'x' ? 'y' : 'x'
      expect(
        isSavedPlanProblem(readSavedPlan(text.slice(0, at) + char + text.slice(at + 1))),
        String(at),
      ).toBe(true)
    }
    for (let at = 0; at < text.length - 1; at += 97) {
      expect(readSavedPlan(text.slice(0, at)), String(at)).toMatchObject({
        type: at > 28 || at === 0 ? 'truncated' : 'other-file',
      })
    }
  })
})

describe('a text that is not a saved plan is named for what it is', () => {
  const content = JSON.parse(writeSavedPlan(saved)) as Record<string, unknown>
  const read = (value: unknown) => readSavedPlan(JSON.stringify(value))

  test.for([
    ['', { type: 'truncated' }],
    [' \n', { type: 'truncated' }],
    ['{"format":"vpnctl/saved-plan",', { type: 'truncated' }],
    ['{"format":"vpnctl/plan",', { type: 'other-file' }],
    ['version: 1', { type: 'other-file' }],
    ['[]', { type: 'other-file' }],
    ['null', { type: 'other-file' }],
    ['{}', { type: 'other-file' }],
    ['{"format":"vpnctl/plan","version":1}', { type: 'document' }],
    ['{"format":"vpnctl/saved-plan","version":2}', { type: 'version', version: 2 }],
    ['{"format":"vpnctl/saved-plan","version":1}', { type: 'edited' }],
  ] as const)('%s', ([text, problem]) => {
    const found = readSavedPlan(text)
    expect(found).toEqual(problem)
    expect(isSavedPlanProblem(found)).toBe(true)
  })

  test('is edited where a member more or another stack is in it', () => {
    expect(read({ ...content, more: 1 })).toEqual({ type: 'edited' })
    expect(read({ ...content, stack: 'other' })).toEqual({ type: 'edited' })
  })

  test('is one as long as it is the same, in whatever order, and comes back without its seal', () => {
    const turned = read(Object.fromEntries(Object.entries(content).reverse()))
    expect(turned).toEqual(JSON.parse(JSON.stringify(saved)))
    expect(isSavedPlanProblem(turned)).toBe(false)
  })
})

test('a saved plan is one line that names its format first, and digests of both sides', () => {
  const text = writeSavedPlan(saved)
  expect(text).toMatch(
    /^\{"format":"vpnctl\/saved-plan","version":1,"digests":\{"desired":"sha256:[0-9a-f]{64}","live":"sha256:/,
  )
  expect(text.indexOf('\n')).toBe(text.length - 1)
  const { digests } = JSON.parse(text) as { digests: Record<string, string> }
  expect(digests.desired).not.toBe(digests.live)
  const other = JSON.parse(writeSavedPlan({ ...saved, seen: { ...saved.seen, live: [] } })) as typeof digests
  expect(other.digests).toMatchObject({ desired: digests.desired })
  expect(other.digests).not.toEqual(digests)
})
