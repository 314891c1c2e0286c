import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { classOf, EXPLANATIONS, explain } from '../../src/model/codes.ts'

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => ({ file, text: readFileSync(join('src', file), 'utf8') }))

function emittedCodes(): Set<string> {
  return new Set(sources.flatMap(({ text }) => text.match(/(?<=')VPN\d{3}(?=')/g) ?? []))
}

const CLASSES = new Set(
  'unfilled unset form repeated rule secret-rule leak absent reading target usage left-out other'.split(' '),
)

describe('the table of codes', () => {
  it('explains every code that the program can show, and no other', () => {
    expect(EXPLANATIONS.map(({ code }) => code).sort()).toEqual([...emittedCodes()].sort())
  })

  it('says all that there is to say about each', () => {
    for (const explanation of EXPLANATIONS) {
      for (const [member, text] of Object.entries(explanation))
        expect(text.trim(), `${explanation.code}.${member}`).not.toBe('')
      expect(explanation.bad, explanation.code).not.toBe(explanation.good)
    }
  })

  it('gives each a class that is known, and uses every class', () => {
    expect(new Set(EXPLANATIONS.map(({ code }) => classOf(code)))).toEqual(CLASSES)
    expect(classOf('VPN999')).toBe('other')
  })

  it('is where decisions about codes are: no other file compares with one, or lists codes or ranges of them', () => {
    const decides = /\/\^?\(?VPN[\d[(]|With\('VPN\d|'VPN\d{3}', *'VPN\d{3}'|[!=]== 'VPN\d{3}'/
    expect(sources.filter(({ text }) => decides.test(text)).map(({ file }) => file)).toEqual([])
  })

  it('finds a code in any case', () => {
    expect(explain('vpn201')?.title).toBe('Unknown field')
    expect(explain('VPN999')).toBeUndefined()
  })
})
