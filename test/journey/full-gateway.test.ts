import { afterEach, expect, test } from 'vitest'
import { ALONE, openStage, type Stage } from '../support/stage.ts'

let stage: Stage

afterEach(() => stage.close())

function withPeers(names: readonly string[], first = 2): string {
  const peers = names.map((name, index) => {
    const publicKey = Buffer.alloc(32, name).toString('base64')
    return `      - { name: ${name}, publicKey: "${publicKey}", allowedIPs: [10.99.0.${index + first}/32] }\n`
  })
  return `${ALONE}    peers:\n${peers.join('')}`
}

const NAMES = Array.from({ length: 20 }, (_, index) => `peer-${String(index).padStart(2, '0')}`)

test('one of twenty peers is replaced by another while deletions take time', async () => {
  stage = await openStage({ destroyMs: 300 }, withPeers(NAMES))
  expect((await stage.vpnctl(['apply', '--yes'])).code).toBe(0)
  stage.sandbox.resetRequests()
  stage.write(withPeers([...NAMES.slice(0, 19), 'another']))
  const { code, stdout } = await stage.vpnctl(['apply', '--yes'])
  expect(stdout).toContain('Apply complete! Resources: 1 added, 0 changed, 1 destroyed.')
  expect(code).toBe(0)
  expect(stage.writes()).toEqual([
    'DELETE /wireguardgateways/ID/peers/ID',
    'PUT /wireguardgateways/ID/peers/ID',
  ])
})

test('what does not fit next to the peers of others is refused before anything is written', async () => {
  stage = await openStage({}, withPeers(NAMES.slice(0, 2)))
  expect((await stage.vpnctl(['apply', '--yes'])).code).toBe(0)
  const other = withPeers(NAMES.slice(3), 60).replace(/^stack: .*/m, 'stack: other')
  const [gateway] = stage.sandbox.store.resources()
  stage.write(other.replace('- name: hq', `- name: hq\n    id: ${gateway?.id}`), 'other.yaml')
  expect((await stage.vpnctl(['apply', '--yes', '-f', 'other.yaml'])).code).toBe(0)
  stage.sandbox.resetRequests()
  stage.write(withPeers([...NAMES.slice(0, 2), 'one-more', 'two-more']))
  const { code, stderr, stdout } = await stage.vpnctl(['apply', '--yes'])
  expect(code).toBe(6)
  expect(stdout + stderr).toMatch(
    /VPN527.*: its gateway can have at most 20 peers, and there would be 21, 17 of them unmanaged/,
  )
  expect(stage.writes()).toEqual([])
})
