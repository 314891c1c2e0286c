import { describe, expect, it } from 'vitest'
import { secretVariables } from '../../src/rewrite/secret-variables.ts'

const place = (
  names: readonly string[],
  location = 'de/fra',
  id = '0b1f6e1c-3c0a-4c57-9e0b-1c5d2f3a4b5c',
) => ({
  names,
  location,
  id,
  variable: 'PSK',
})

describe('names of environment variables', () => {
  it.each([
    [['branch', 'berlin'], 'BRANCH_BERLIN_PSK'],
    [['Café Zürich', 'hq-2'], 'CAFE_ZURICH_HQ_2_PSK'],
    [['officeBerlin'], 'OFFICE_BERLIN_PSK'],
    [['2nd'], '_2ND_PSK'],
    [['東京'], 'PSK'],
  ])('%j gives %s', (names, variable) => {
    expect(secretVariables([place(names)])).toEqual([variable])
  })

  it('have the location in front where only that shows them apart', () => {
    expect(secretVariables([place(['hq']), place(['hq'], 'de/txl'), place(['other'])])).toEqual([
      'DE_FRA_HQ_PSK',
      'DE_TXL_HQ_PSK',
      'OTHER_PSK',
    ])
  })

  it('have the end of the id behind where names come out alike, whatever their order', () => {
    const one = place(['a-b'], 'de/fra', '0b1f6e1c-3c0a-4c57-9e0b-000000000001')
    const two = place(['a_b'], 'de/fra', '0b1f6e1c-3c0a-4c57-9e0b-000000000002')
    expect(secretVariables([one, two])).toEqual(['A_B_PSK_00000001', 'A_B_PSK_00000002'])
    expect(secretVariables([two, one])).toEqual(['A_B_PSK_00000002', 'A_B_PSK_00000001'])
  })
})
