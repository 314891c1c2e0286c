import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXPLANATIONS } from '../../src/model/codes.ts'
import { loadText } from '../setup/load-text.ts'

/** A network as an engineer wrote it, with the pattern that it means and the findings that it deserves. */
interface Estate {
  readonly name: string
  readonly text: string
  readonly pattern: readonly string[]
  /** Rules that it comes close to, and that have to stay silent. */
  readonly silent: readonly string[]
  readonly expected: readonly string[]
  readonly env: Readonly<Record<string, string>>
}

const FOLDER = import.meta.dirname
const ESTATES = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.yaml'))
  .map((file): Estate => {
    const text = readFileSync(join(FOLDER, file), 'utf8')
    const header = (name: string): readonly string[] =>
      text.split('\n').flatMap((line) => {
        const prefix = `# ${name}: `
        return line.startsWith(prefix) ? [line.slice(prefix.length)] : []
      })
    const words = (name: string): readonly string[] => header(name).flatMap((line) => line.split(' '))
    const env = words('Env').map((word) => [
      word.slice(0, word.indexOf('=')),
      word.slice(word.indexOf('=') + 1),
    ])
    return {
      name: file,
      text,
      pattern: header('Pattern'),
      silent: words('Silent'),
      expected: header('Expect'),
      env: Object.fromEntries(env),
    }
  })

async function findingsOf({ text, env }: Estate): Promise<readonly string[]> {
  const secrets = Object.keys(env).length === 0 ? {} : { env, secrets: 'optional' as const }
  const { diagnostics } = await loadText(text, secrets)
  return diagnostics.map(({ severity, code, address, at, message }) => {
    const shown =
      at === undefined ? message : text.slice(at.start.offset, at.end.offset).replace(/^\{ | \}$/g, '')
    return `${severity} ${code} ${address}: ${shown.split('\n')[0]}`
  })
}

describe('an estate', () => {
  it.each(ESTATES)('$name gets exactly the findings that it deserves', async (estate) => {
    expect(await findingsOf(estate)).toEqual(estate.expected)
  })

  it.each(ESTATES)('$name says which pattern it means, and is not next to what it expects', (estate) => {
    expect(estate.pattern).toHaveLength(1)
    expect(estate.silent.filter((code) => estate.expected.some((line) => line.includes(code)))).toEqual([])
  })
})

describe('the estates', () => {
  // VPN353 is for kinds that name their siblings, as that of test/fifth-kind. VPN370 to VPN373 report on the rules that
  // a file itself lists under `access`, so they say nothing about a network without any: test/desired has their cases.
  const elsewhere = ['VPN353', 'VPN370', 'VPN371', 'VPN372', 'VPN373']
  const rules = EXPLANATIONS.map(({ code }) => code).filter(
    (code) => code.startsWith('VPN3') && !elsewhere.includes(code),
  )

  it('are sixty or more, most of them without a finding', () => {
    expect(ESTATES.length).toBeGreaterThanOrEqual(60)
    const silent = ESTATES.filter(({ expected }) => expected.length === 0)
    expect(silent.length).toBeGreaterThan(ESTATES.length / 2)
  })

  it('come close to every rule twice, and leave it silent', () => {
    const times = (code: string): number => ESTATES.filter(({ silent }) => silent.includes(code)).length
    expect(rules.filter((code) => times(code) < 2)).toEqual([])
  })

  it('name rules that exist', () => {
    expect(ESTATES.flatMap(({ silent }) => silent).filter((code) => !rules.includes(code))).toEqual([])
  })
})
