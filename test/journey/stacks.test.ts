import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { deriveId } from '../../src/model/identity.ts'
import { type Journey, startJourney } from '../support/journey.ts'
import { faultsOf } from '../support/report-schemas.ts'

const PROD = readFileSync('examples/quickstart.yaml', 'utf8')
const HQ = deriveId('quickstart', 'de/fra', 'wireguardgateways/hq')
const ANNA = deriveId('quickstart', 'de/fra', 'wireguardgateways/hq/peers/anna-laptop')
const BEN = deriveId('quickstart', 'de/fra', 'wireguardgateways/hq/peers/ben-laptop')

/** The same gateway in the files of another stack, adopted with its peers. */
const MOVED = PROD.replace('stack: quickstart', 'stack: office')
  .replace('- name: hq', `- name: hq\n    id: ${HQ}`)
  .replace('- name: anna-laptop', `- name: anna-laptop\n        id: ${ANNA}`)
  .replace('- name: ben-laptop', `- name: ben-laptop\n        id: ${BEN}`)
const RELEASED = `version: 1
stack: quickstart
location: de/fra
released:
  - address: wireguardgateways/hq
    reason: moved to office
`
const DEV = PROD.replace('stack: quickstart', 'stack: acme-dev')
  .replace('- name: hq', '- name: dev')
  .replace('203.0.113.10', '203.0.113.20')
  .replace('192.168.1.100/24', '192.168.1.101/24')

let journey: Journey
beforeEach(async () => {
  journey = await startJourney()
  journey.write(PROD)
  expect((await journey.vpnctl('apply', '--yes')).code).toBe(0)
  journey.writes()
})
afterEach(() => journey.close())

test('a gateway moves to another stack alive, and neither stack changes it afterwards', async () => {
  const before = journey.sandbox.store.resources()
  journey.write(RELEASED)
  journey.write(MOVED, 'office.yaml')
  for (const order of [
    ['apply', '--yes'],
    ['apply', '--yes', '--prune', 'all'],
    ['destroy', '--yes'],
  ]) {
    const { stdout, code } = await journey.vpnctl(...order)
    expect(stdout).toContain(
      'Released (will not be changed): wireguardgateways/hq with 2 children (moved to office)',
    )
    expect(code).toBe(0)
  }
  const adopted = await journey.vpnctl('apply', '--yes', '-f', 'office.yaml')
  expect(adopted.stdout).toContain('No changes. Live state matches office.yaml (3 resources')
  expect((await journey.vpnctl('drift')).code).toBe(0)
  expect((await journey.vpnctl('drift', '-f', 'office.yaml')).code).toBe(0)
  expect(journey.writes()).toEqual([])
  expect(journey.sandbox.store.resources()).toEqual(before)
  // The new owner renames it, and the old one still leaves it alone.
  journey.write(MOVED.replace('- name: hq', '- name: main\n    renamedFrom: hq'), 'office.yaml')
  expect((await journey.vpnctl('apply', '--yes', '-f', 'office.yaml')).code).toBe(0)
  const after = await journey.vpnctl('plan', '--detailed-exitcode')
  expect(after.stdout).toContain('Released (will not be changed): wireguardgateways/main with 2 children')
  expect(after.code).toBe(0)
})

describe('two stacks in one location', () => {
  test('are one line each to the other, with no drift and nothing to prune', async () => {
    journey.write(`${PROD}neighbours: [acme-dev]\n`)
    journey.write(`${DEV}neighbours: [quickstart]\n`, 'dev.yaml')
    expect((await journey.vpnctl('apply', '--yes', '-f', 'dev.yaml')).code).toBe(0)
    const plan = await journey.vpnctl('plan', '--prune', 'all', '--detailed-exitcode')
    expect(plan.stdout).toBe(
      'No changes. Live state matches vpn.yaml (3 resources, 0 unmanaged · stack acme-dev: 3 resources (neighbour)).\n',
    )
    expect(plan.code).toBe(0)
    const drift = await journey.vpnctl('drift', '-f', 'dev.yaml')
    expect(drift.stdout).toBe(
      'No drift. Live state matches dev.yaml (3 resources · stack quickstart: 3 resources (neighbour)).\n',
    )
    expect(drift.code).toBe(0)
  })

  test('is said in the JSON documents, which their schemas describe', async () => {
    journey.write(`${PROD}neighbours: [acme-dev]\n`)
    for (const [command, schema] of [
      ['plan', 'plan'],
      ['drift', 'drift'],
    ] as const) {
      const document = JSON.parse((await journey.vpnctl(command, '--format', 'json')).stdout)
      expect(faultsOf(schema, document)).toEqual([])
      expect(document.neighbours).toEqual([{ stack: 'acme-dev', resources: 0 }])
    }
  })
})

describe('what expires', () => {
  const until = (day: string): void =>
    journey.write(PROD.replace('- name: ben-laptop', `- name: ben-laptop\n        expires: ${day}`))
  const dayFromNow = (days: number): string =>
    new Date(Date.now() + days * 24 * 60 * 60 * 1000).toISOString().slice(0, 10)

  test('is a notice in plan and drift, and changes nothing before its last day is over', async () => {
    until(dayFromNow(3))
    for (const command of ['plan', 'drift']) {
      const { stdout, code } = await journey.vpnctl(command)
      expect(stdout).toContain(
        `Expires soon: wireguardgateways/hq/peers/ben-laptop on ${dayFromNow(3)} (in 3 days)`,
      )
      expect(code).toBe(0)
    }
  })

  test('is deleted by the next apply after its last day, is drift until then, and comes back with a later date', async () => {
    until(dayFromNow(-1))
    const drift = await journey.vpnctl('drift')
    expect(drift.stdout).toContain(`is live, and expired: its last day was ${dayFromNow(-1)}`)
    expect(drift.code).toBe(2)
    const applied = await journey.vpnctl('apply', '--yes')
    expect(applied.stdout).toContain(`expired: its last day was ${dayFromNow(-1)}`)
    expect(journey.writes()).toEqual(['DELETE /wireguardgateways/ID/peers/ID'])
    expect((await journey.vpnctl('drift')).code).toBe(0)
    until(dayFromNow(30))
    expect((await journey.vpnctl('apply', '--yes')).code).toBe(0)
    expect(journey.writes()).toEqual(['PUT /wireguardgateways/ID/peers/ID'])
  })
})

test('a targeted destroy of what the files contain says that the next apply creates it again', async () => {
  const { stdout, stderr, code } = await journey.vpnctl(
    'destroy',
    '--yes',
    '--target',
    'wireguardgateways/hq/peers/ben-laptop',
  )
  expect(stdout + stderr).toContain(
    'the files still contain wireguardgateways/hq/peers/ben-laptop: the next apply creates it again',
  )
  expect(code).toBe(0)
})

test('ensure: absent deletes what this stack owns by its name alone', async () => {
  journey.write(PROD.replace(/- name: ben-laptop[\s\S]*$/, '- { name: ben-laptop, ensure: absent }\n'))
  expect((await journey.vpnctl('apply', '--yes')).code).toBe(0)
  expect(journey.writes()).toEqual(['DELETE /wireguardgateways/ID/peers/ID'])
})

test('a rotated pre-shared key is sent by one apply and not by the next', async () => {
  const site = readFileSync('examples/site-to-site.yaml', 'utf8')
  const dated = (at: string): string =>
    site.replace(/psk: \{ key: \{ env: (\w+) \} \}/, `psk: { key: { env: $1 }, rotatedAt: ${at} }`)
  journey.write(site)
  expect((await journey.vpnctl('apply', '--yes', '--max-deletes', '9')).code).toBe(0)
  journey.writes()
  journey.write(dated(new Date().toISOString()))
  const plan = await journey.vpnctl('plan', '--detailed-exitcode')
  expect(plan.stdout).toContain('(secret) rotated, sent again')
  expect(plan.code).toBe(2)
  expect((await journey.vpnctl('apply', '--yes')).code).toBe(0)
  expect(journey.writes()).toHaveLength(1)
  expect((await journey.vpnctl('plan', '--detailed-exitcode')).code).toBe(0)
  journey.write(dated('2999-01-01T00:00:00Z'))
  const future = await journey.vpnctl('apply', '--yes')
  expect(future.stdout + future.stderr).toContain('VPN543')
  expect(future.code).toBe(6)
})
