import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { formsOf } from '../support/examples.ts'
import { type Journey, startJourney } from '../support/journey.ts'
import type { RunResult } from '../support/run-cli.ts'
import {
  STATE_IDS,
  STATE_PSK,
  STATE_REQUESTS,
  type State,
  terraformState,
} from '../support/terraform-state.ts'

const STATE = 'terraform.tfstate'

let journey: Journey
beforeEach(async () => {
  journey = await startJourney()
})
afterEach(() => journey.close())

const file = (name = 'vpn.yaml'): string => readFileSync(join(journey.folder, name), 'utf8')
const write = (state: unknown): void =>
  writeFileSync(
    join(journey.folder, STATE),
    typeof state === 'string' ? state : JSON.stringify(state, null, 2),
  )

async function run(...argv: string[]): Promise<RunResult> {
  const result = await journey.vpnctl('import-terraform', STATE, ...argv)
  for (const form of formsOf(STATE_PSK)) expect(result.stdout + result.stderr).not.toContain(form)
  return result
}

/** The error that a changed state gives; nothing is written. */
async function refusal(change: (state: State) => void): Promise<string> {
  const state = terraformState()
  change(state)
  write(state)
  const { code, stdout, stderr } = await run('--write')
  expect([code, stdout]).toEqual([3, ''])
  expect(readdirSync(journey.folder)).toEqual([STATE])
  return stderr.replace(/\s+/g, ' ')
}

describe('a Terraform state becomes a file', () => {
  test('whose next plan is empty, with the keys in files of their own', async () => {
    for (const [path, properties] of STATE_REQUESTS) {
      const answer = await fetch(`${journey.sandbox.url}/${path}`, {
        method: 'PUT',
        headers: { authorization: 'Bearer terraform', 'content-type': 'application/json' },
        body: JSON.stringify({ id: path.split('/').at(-1), properties }),
      })
      expect(answer.ok, await answer.text()).toBe(true)
      await new Promise((resolve) => setTimeout(resolve, 60))
    }
    journey.writes()
    write(terraformState())
    const { code, stdout, stderr } = await run('--stack', 'acme-prod', '--write')
    expect(code).toBe(0)
    expect(stdout).toBe(
      [
        'terraform state rm ionoscloud_vpn_wireguard_gateway.hq',
        `terraform state rm 'ionoscloud_vpn_wireguard_peer.laptops["anna-laptop"]'`,
        `terraform state rm 'ionoscloud_vpn_wireguard_peer.laptops["site-b"]'`,
        `terraform state rm 'module.branch["one"].ionoscloud_vpn_ipsec_gateway.this'`,
        `terraform state rm 'module.branch["one"].ionoscloud_vpn_ipsec_tunnel.office[0]'`,
        '',
      ].join('\n'),
    )
    expect(stderr).toContain(`Then delete ${STATE} if it is a copy: it has 2 keys in clear text.`)
    for (const id of Object.values(STATE_IDS)) expect(file()).toContain(`id: ${id}`)
    expect(file()).toContain('privateKey: { file: keys/hq-wireguard-private-key }')
    expect(file('keys/branch-berlin-psk')).toBe(`${STATE_PSK}\n`)
    expect(file('keys/.gitignore')).toBe('*\n')
    for (const key of ['keys/branch-berlin-psk', 'keys/hq-wireguard-private-key']) {
      expect(statSync(join(journey.folder, key)).mode & 0o077).toBe(0)
    }
    const plan = await journey.vpnctl('plan', '--detailed-exitcode')
    expect([plan.code, plan.stdout]).toEqual([0, expect.stringContaining('No changes.')])
    expect((await journey.vpnctl('drift')).code).toBe(0)
    expect(journey.writes()).toEqual([])
  })

  test('on stdout first, and with variables where no key may be written', async () => {
    write(terraformState())
    const shown = await run()
    expect(shown.code).toBe(0)
    expect(shown.stdout).toContain('# From a Terraform state, in de/fra.')
    expect(readdirSync(journey.folder)).toEqual([STATE])
    await run('--variables', '--write')
    expect(file()).toContain('key: { env: BRANCH_BERLIN_PSK }')
    expect(existsSync(join(journey.folder, 'keys'))).toBe(false)
  })

  test('from standard input, with blocks for the configuration', async () => {
    const stdin = JSON.stringify(terraformState())
    const argv = ['import-terraform', '-', '--removed-blocks', '--write']
    const { code, stdout } = await journey.run(argv, { stdin })
    expect(code).toBe(0)
    expect(stdout.match(/^removed \{$/gm)).toHaveLength(4)
    expect(stdout).toContain(
      '  from = module.branch.ionoscloud_vpn_ipsec_tunnel.office\n  lifecycle {\n    destroy = false',
    )
  })

  test('whose removed blocks can be printed alone, so that an edited file stays', async () => {
    write(terraformState())
    const { code, stdout } = await run('--removed-blocks')
    expect(code).toBe(0)
    expect(stdout).toMatch(
      /^(removed \{\n {2}from = .*\n {2}lifecycle \{\n {4}destroy = false\n {2}\}\n\}\n){4}$/,
    )
    expect(readdirSync(journey.folder)).toEqual([STATE])
  })

  test('with a document for each location', async () => {
    const state = terraformState()
    for (const { instances, module } of state.resources) {
      if (module !== undefined) for (const { attributes } of instances) attributes.location = 'de/txl'
    }
    write(state)
    const { stdout } = await run()
    expect(stdout.match(/^location: .*$/gm)).toEqual(['location: de/fra', 'location: de/txl'])
  })

  test('with a variable for a secret that the state does not have, and it says so', async () => {
    const state = terraformState()
    const [auth] = state.resources[3]?.instances[0]?.attributes.auth as { psk_key: string }[]
    if (auth !== undefined) auth.psk_key = ''
    write(state)
    const { code, stderr } = await run('--write')
    expect(code).toBe(0)
    expect(file()).toContain('psk: { key: { env: BRANCH_BERLIN_PSK } }')
    expect(stderr).toContain('The state does not have 1 secret')
    expect(stderr).toContain('it has 1 key in clear')
  })

  test('and what the rules find in it is reported with its line', async () => {
    const state = terraformState()
    const peer = state.resources[1]?.instances[1]?.attributes
    if (peer !== undefined) peer.allowed_ips = ['10.99.0.2/32']
    write(state)
    const { code, stderr } = await run('--write')
    expect(code).toBe(3)
    expect(stderr).toMatch(/error\[VPN302\]: vpn\.yaml:\d+:/)
    expect(stderr).toContain('Next: correct vpn.yaml, then vpnctl plan')
    expect(stderr).not.toContain('Then delete')
    expect(file()).toContain('site-b')
  })

  test('which names an attribute of a newer provider', async () => {
    const state = terraformState()
    const gateway = state.resources[0]?.instances[0]?.attributes
    if (gateway !== undefined) gateway.routing_mode = 'policy'
    write(state)
    const { code, stderr } = await run()
    expect(code).toBe(0)
    expect(stderr).toContain('left out: the attribute routing_mode of ionoscloud_vpn_wireguard_gateway.hq')
  })
})

describe('nothing is written', () => {
  test('for two siblings of one name, and the next step is in Terraform', async () => {
    const state = terraformState()
    const [anna, ben] = state.resources[1]?.instances ?? []
    if (anna !== undefined && ben !== undefined) ben.attributes.name = anna.attributes.name
    write(state)
    const { code, stderr } = await run('--write')
    expect(code).toBe(3)
    expect(stderr).toContain('a file cannot contain two siblings of one name')
    expect(stderr).toContain('give each a name of its own in Terraform')
    expect(stderr).not.toContain('left out')
    expect(stderr).not.toContain('unmanaged')
    expect(readdirSync(journey.folder)).toEqual([STATE])
  })

  test('for a location that does not exist, which is reported once', async () => {
    const state = terraformState()
    const gateway = state.resources[0]?.instances[0]?.attributes
    if (gateway !== undefined) gateway.location = 'xx/yyy'
    write(state)
    const { code, stderr } = await run('--write')
    expect(code).toBe(3)
    expect(stderr).toContain('its location "xx/yyy" does not exist')
    expect(stderr).not.toContain('which this state does not have')
  })

  test.each([
    ['what is not JSON', '{ "version": 4, "private_key": "x"', 'it is not a JSON object'],
    ['version 3', '{ "version": 3, "modules": [] }', 'version 3, from Terraform 0.11'],
    ['version 5', '{ "version": 5, "resources": [] }', 'it is of version 5'],
    ['the output of terraform show', '{ "format_version": "1.0", "values": {} }', 'terraform show -json'],
    ['an encrypted state', '{ "encrypted_data": "x", "meta": {} }', 'it is encrypted'],
    ['a list', '[]', 'it is not a JSON object'],
    ['another document', '{ "name": "x" }', 'no version and no list of resources'],
  ])('for %s', async (_, text, says) => {
    write(text)
    const { code, stderr } = await run('--write')
    expect(code).toBe(3)
    expect(stderr.replace(/\s+/g, ' ')).toContain(says)
    expect(stderr).toContain(`error[VPN125]: ${STATE}:1:1`)
    expect(readdirSync(journey.folder)).toEqual([STATE])
  })

  test('for a state of other resources', async () => {
    const message = await refusal((state) => {
      state.resources.splice(0, 4)
    })
    expect(message).toContain('the state has no VPN resources; it has ionoscloud_datacenter')
    expect(message).toContain('terraform workspace show')
  })

  test('for what Terraform has not finished, all at once', async () => {
    const message = await refusal((state) => {
      const [gateway, peers] = state.resources
      Object.assign(gateway?.instances[0] ?? {}, { status: 'tainted' })
      Object.assign(peers?.instances[0] ?? {}, { deposed: '0a1b2c3d' })
    })
    expect(message).toContain('ionoscloud_vpn_wireguard_gateway.hq cannot be imported: it is tainted')
    expect(message).toContain('laptops["anna-laptop"] cannot be imported: it has a deposed object')
  })

  test('for a peer whose gateway is elsewhere', async () => {
    const message = await refusal((state) => {
      state.resources.splice(0, 1)
    })
    expect(message).toContain(
      `belongs to the WireGuard gateway ${STATE_IDS.hq}, which this state does not have`,
    )
  })

  test('for an unknown location, a missing id, and two siblings of one name', async () => {
    const message = await refusal((state) => {
      const [gateway, peers, branch] = state.resources
      Object.assign(branch?.instances[0]?.attributes ?? {}, { location: 'de/xyz' })
      Object.assign(peers?.instances[1]?.attributes ?? {}, { name: 'anna-laptop' })
      gateway?.instances.push({ attributes: { name: 'new' }, index_key: 1 })
    })
    expect(message).toContain('its location "de/xyz" does not exist')
    expect(message).toContain('ionoscloud_vpn_wireguard_gateway.hq[1] cannot be imported: it has no id')
    expect(message).toContain('another WireGuard peer "anna-laptop"')
  })

  test('over a file or a key that exists', async () => {
    write(terraformState())
    await run('--write')
    const before = file()
    const { code, stderr } = await run('--write', '--out', 'other.yaml')
    expect(code).toBe(6)
    expect(stderr).toContain('keys/hq-wireguard-private-key')
    expect(existsSync(join(journey.folder, 'other.yaml'))).toBe(false)
    expect((await run('--write', '--force')).code).toBe(0)
    expect(file()).toBe(before)
  })

  test('for a file that does not exist', async () => {
    const { code, stderr } = await run('--write')
    expect(code).toBe(64)
    expect(stderr).toContain('there is no such file')
  })
})

test('import shows the three ways', async () => {
  const { code, stdout } = await journey.vpnctl('import')
  expect(code).toBe(0)
  for (const way of ['export', 'adopt', 'import-terraform']) expect(stdout).toContain(`vpnctl ${way} `)
  expect((await journey.vpnctl('import', STATE)).code).toBe(64)
})
