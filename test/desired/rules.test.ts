import { describe, expect, it } from 'vitest'
import { EXPLANATIONS } from '../../src/model/codes.ts'
import { loadText } from '../setup/load-text.ts'
import { sample, toYaml } from '../setup/sample-files.ts'
import type { RuleCase } from './rule-case.ts'
import { RULE_CASES } from './rule-cases.ts'

async function findingsOf({ code, env }: RuleCase, change: (file: never) => void) {
  const file = sample()
  change(file as never)
  const { diagnostics } = await loadText(toYaml(file), {
    ...(env === undefined ? {} : { env, secrets: 'optional' }),
  })
  return diagnostics.filter((diagnostic) => diagnostic.code === code)
}

describe('the sample that the cases bend', () => {
  it('is free of findings', async () => {
    expect((await loadText(toYaml(sample()))).diagnostics).toEqual([])
  })
})

describe.each(Object.entries(RULE_CASES))('the rule that speaks when %s', (_name, given) => {
  it('does, once, with a place', async () => {
    const found = await findingsOf(given, given.triggers)
    expect(found).toMatchObject([{ severity: given.severity, at: { file: '<stdin>' } }])
  })

  it('does not when it is close to it', async () => {
    expect(await findingsOf(given, given.justDoesNot)).toEqual([])
  })
})

describe('what follows from another finding', () => {
  it('does not report a copy with the same name', async () => {
    const file = sample()
    file.wireguardGateways.push({ ...file.wireguardGateways[0] })
    expect((await loadText(toYaml(file))).diagnostics.map(({ code }) => code)).toEqual(['VPN210'])
  })

  it('does not report keys that are not keys', async () => {
    const file = sample()
    for (const each of file.wireguardGateways[0].peers) each.publicKey = 'TODO'
    expect((await loadText(toYaml(file))).diagnostics.map(({ code }) => code)).toEqual(['VPN310', 'VPN310'])
  })
})

describe('the rules', () => {
  it('have all got their two cases', () => {
    const covered = new Set(Object.values(RULE_CASES).map(({ code }) => code))
    const rules = EXPLANATIONS.map(({ code }) => code).filter((code) => code.startsWith('VPN3'))
    // test/fifth-kind: none of the four kinds names its siblings.
    expect(rules.filter((code) => !covered.has(code))).toEqual(['VPN353'])
  })

  it('have all got a source of their reason', () => {
    const rules = EXPLANATIONS.filter(({ code }) => code.startsWith('VPN3'))
    expect(rules.length).toBeGreaterThan(30)
    expect(rules.filter(({ source = '' }) => source.length < 8).map(({ code }) => code)).toEqual([])
  })

  it('never show a secret', async () => {
    const file = sample()
    const secret = 'SENTINEL-not-a-key'
    file.wireguardGateways[0].peers[0].publicKey = secret
    const env = { HQ_KEY: secret, LAB_KEY: secret, BERLIN_PSK: secret, PARIS_PSK: secret }
    const { diagnostics } = await loadText(toYaml(file), { env, secrets: 'required' })
    expect(diagnostics.length).toBeGreaterThan(3)
    expect(JSON.stringify(diagnostics)).not.toContain(secret)
  })
})
