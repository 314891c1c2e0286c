import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXPLANATIONS, explain } from '../../src/model/codes.ts'

function emittedCodes(): Set<string> {
  const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.includes(join('model', 'codes')),
  )
  return new Set(
    files
      .flatMap((file) => readFileSync(join('src', file), 'utf8').match(/'VPN\d{3}'/g) ?? [])
      .map((quoted) => quoted.slice(1, -1)),
  )
}

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

  it('finds a code in any case', () => {
    expect(explain('vpn201')?.title).toBe('Unknown field')
    expect(explain('VPN999')).toBeUndefined()
  })
})
