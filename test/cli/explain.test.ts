import { describe, expect, it } from 'vitest'
import { EXPLANATIONS } from '../../src/model/codes.ts'
import { fieldDocs, flatFields } from '../../src/schema/field-docs.ts'
import { faultsOf } from '../support/report-schemas.ts'
import { runCli } from '../support/run-cli.ts'

const explain = (...words: readonly string[]) => runCli(['explain', ...words])

async function explained(...words: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await explain(...words)
  expect([code, stderr]).toEqual([0, ''])
  return stdout
}

async function documentOf(...words: readonly string[]) {
  const document = JSON.parse(await explained(...words, '--format', 'json'))
  expect(faultsOf('explanation', document)).toEqual([])
  return document
}

describe('explain with a code', () => {
  it('says what it means, why it matters, what to do, and shows both ways of writing it', async () => {
    const text = await explained('VPN345')
    for (const part of [
      'Not a host address',
      'Why it matters:',
      'What to do:',
      'Wrong:\n  ipv4CIDR: 192.168.1.0/24',
    ])
      expect(text).toContain(part)
  })

  it.each(['vpn345', '345', 'error[VPN345]', 'warning[VPN345]:'])('knows it as %s', async (form) => {
    expect(await explained(form)).toBe(await explained('VPN345'))
  })

  it('is wrong usage where there is no such code, and names the nearest', async () => {
    expect(await explain('VPN307')).toMatchObject({
      code: 64,
      stdout: '',
      stderr: expect.stringContaining('there is no code "VPN307" (did you mean "VPN306"?)'),
    })
    expect((await explain('VPN999')).stderr).toContain('there is no code "VPN999"\n')
  })
})

describe('explain with a field', () => {
  it('shows what it may hold, by the end of its path', async () => {
    const text = await explained('peers.allowedIPs')
    expect(text).toBe(await explained('wireguardGateways.peers.allowedIPs'))
    expect(text).toBe(await explained('wireguardGateways[0].peers[12].allowedIPs'))
    expect(text).toContain('type:     list of strings, required')
    expect(text).toContain('form:     a network in CIDR form')
    expect(text).toContain('range:    1 to 20 entries')
    expect(text).toContain('example:  allowedIPs: [10.99.0.2/32]')
  })

  it('shows default, choices, and what a change interrupts', async () => {
    expect(await explained('listenPort')).toMatch(
      /default: +51820[\s\S]+changing: +peers are cut off until their configuration has the gateway's port/,
    )
    expect(await explained('ipsecGateways.tier')).toMatch(/choices: +STANDARD, STANDARD_HA, .*PREMIUM_HA/)
  })

  it('says of a field that is the same in two places so once', async () => {
    expect(await explained('connections.lanId')).toMatch(
      /^wireguardGateways\.connections\.lanId\nipsecGateways\.connections\.lanId\n\n {2}Number/,
    )
  })

  it('lists one level of fields below it, and all of them when asked', async () => {
    expect(await explained('tunnels')).toMatch(/\n {2}remoteHost\* +string\n/)
    expect(await explained('tunnels')).not.toContain('integrityAlgorithm  ')
    expect(await explained('tunnels', '--recursive')).toMatch(/\n {6}integrityAlgorithm +string\n/)
  })

  it('prefers a whole path to the end of another one', async () => {
    expect((await documentOf('location')).fields.map((field: { path: string }) => field.path)).toEqual([
      'location',
    ])
  })

  it('is wrong usage where there is no such field, and names the closest', async () => {
    expect(await explain('peers.alowedIps')).toMatchObject({
      code: 64,
      stderr: expect.stringContaining(
        '(did you mean "peers.allowedIPs"?)\n  = hint: vpnctl explain peers.allowedIPs',
      ),
    })
    const { code, stdout } = await explain('nonsense-at-all', '--format', 'json')
    expect(code).toBe(64)
    expect(JSON.parse(stdout)).toMatchObject({ format: 'vpnctl/error', exitCode: 64 })
  })
})

describe('explain of what may be a key', () => {
  it.each([
    'X2wosbaw74M8hQGbK3jCCaEusR6CCFRa',
    'dGhyb3ctYXdheSBrZXkgZm9yIHRlc3RzIG9ubHk=',
    'correct/horse battery',
    '-----BEGIN PRIVATE KEY-----',
  ])('does not repeat it: %s', async (key) => {
    for (const format of ['text', 'json']) {
      const { code, stdout, stderr } = await explain('--format', format, '--', key)
      expect(code).toBe(64)
      expect(stdout + stderr).toContain('there is no such field')
      expect(stdout + stderr).not.toContain(key)
    }
  })

  it('does repeat a long name of a field that is misspelled', async () => {
    expect((await explain('interfaceIPv4CDIR')).stderr).toContain(
      'there is no field "interfaceIPv4CDIR" (did you mean "interfaceIPv4CIDR"?)',
    )
  })
})

describe('explain without a topic', () => {
  it('lists the fields at the top and every code', async () => {
    const text = await explained()
    expect(text).toMatch(/\n {2}stack\* +string\n {4}Whose resources these are\.\n/)
    for (const { code, title } of EXPLANATIONS) expect(text).toContain(`  ${code}  ${title}\n`)
  })

  it('gives JSON with both, all levels when asked', async () => {
    const { codes, fields } = await documentOf('--recursive')
    expect(codes).toHaveLength(EXPLANATIONS.length)
    expect(flatFields(fields).length).toBe(flatFields(fieldDocs()).length)
  })
})

describe('the docs of fields', () => {
  it('describe every field of the file', () => {
    const fields = flatFields(fieldDocs())
    expect(fields.length).toBeGreaterThan(80)
    expect(fields.filter(({ description, type }) => description === '' || type === '')).toEqual([])
  })
})
