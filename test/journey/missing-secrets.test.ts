import { afterEach, expect, test } from 'vitest'
import { ALONE, openStage, type Stage } from '../support/stage.ts'

const GATEWAY = ALONE.slice(ALONE.indexOf('  - name: hq'))
const HEAD = ALONE.slice(0, ALONE.indexOf('  - name: hq'))

/** Gateways with a key in a variable of their own each. */
function gateways(count: number): string {
  const entries = Array.from({ length: count }, (_, index) =>
    GATEWAY.replace('name: hq', `name: gw${index}`)
      .replace('203.0.113.10', `203.0.113.${20 + index}`)
      .replace('10.99.0.1/24', `10.${20 + index}.0.1/24`)
      .replace('192.168.1.100/24', `192.168.1.${100 + index}/24`)
      .replace('QUICKSTART_PRIVATE_KEY', `GW${index}_KEY`),
  )
  return HEAD + entries.join('')
}

let stage: Stage

afterEach(() => stage.close())

test.each(['plan', 'drift'])('%s names ten secrets that are not set in one warning', async (command) => {
  stage = await openStage({}, gateways(10))
  const { stderr } = await stage.vpnctl([command])
  const names = Array.from({ length: 10 }, (_, index) => `env GW${index}_KEY`).join(', ')
  expect(stderr.match(/VPN403/g)).toHaveLength(1)
  expect(stderr).toContain(`warning[VPN403]: 10 secrets are not set here: ${names}\n`)
  expect(stderr).not.toContain('-->')
})

test('secrets that a pipeline set to nothing have a warning of their own', async () => {
  stage = await openStage({}, gateways(4))
  const env = { ...stage.env, GW0_KEY: '', GW1_KEY: '' }
  const { stderr } = await stage.vpnctl(['plan'], { env })
  expect(stderr).toContain('warning[VPN404]: 2 secrets are empty here: env GW0_KEY, env GW1_KEY')
  expect(stderr).toContain('warning[VPN403]: 2 secrets are not set here: env GW2_KEY, env GW3_KEY')
})

test('one secret that is not set keeps its place in the file', async () => {
  stage = await openStage({}, gateways(1))
  const { stderr } = await stage.vpnctl(['plan'])
  expect(stderr).toMatch(/warning\[VPN403\]: vpn\.yaml:\d+:\d+ the environment variable GW0_KEY is not set/)
})

test('JSON keeps every secret that is not set', async () => {
  stage = await openStage({}, gateways(10))
  const { stdout } = await stage.vpnctl(['plan', '--format', 'json'])
  expect(stdout.match(/"VPN403"/g)).toHaveLength(10)
})
