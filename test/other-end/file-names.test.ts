import { describe, expect, it } from 'vitest'
import { fileName, interfaceName } from '../../src/peer-config/index.ts'

describe('the name of an interface', () => {
  it.each(['wg0', 'anna-laptop', 'fifteen-letters', 'a_b=c+d.e'])('%s stays as it is', (name) => {
    expect(interfaceName(name)).toBe(name)
  })

  it.each([
    'sixteen-letters-',
    'annas-tablet-of-the-sales-department',
    'zoë',
    '東京',
    '../../etc/passwd',
    '',
  ])('%j is made fit for wg-quick', (name) => {
    expect(interfaceName(name)).toMatch(/^[A-Za-z0-9_=+.-]{1,15}$/)
    expect(interfaceName(name)).not.toMatch(/^[.-]/)
  })

  it('stays apart from that of a name that is cut alike', () => {
    const names = ['annas-tablet-of-sales', 'annas-tablet-of-support', 'zoë', 'zoé']
    expect(new Set(names.map(interfaceName)).size).toBe(names.length)
  })
})

describe('the name of a file', () => {
  it.each([
    ['berlin', 'berlin'],
    ['de/fra', 'de-fra'],
    ['..', 'x'],
    ['../../x', 'x'],
    ['a b\nc', 'a-b-c'],
  ])('of %j is %s', (name, file) => {
    expect(fileName(name)).toBe(file)
  })
})
