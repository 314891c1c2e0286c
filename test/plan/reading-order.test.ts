import { describe, expect, test } from 'vitest'
import { compareAddresses, inReadingOrder } from '../../src/plan/changes/reading-order.ts'
import { change, gatewayTarget, peerTarget } from '../support/changes.ts'

describe('the order in which a plan is read', () => {
  test('is danger first: what goes, what is made or changed, what stays, what is left alone', () => {
    const changes = [
      change('unmanaged', gatewayTarget('z')),
      change('keep', gatewayTarget('g')),
      change('update', gatewayTarget('f')),
      change('delete', gatewayTarget('e')),
      change('create', gatewayTarget('d')),
      change('unmanaged', gatewayTarget('c')),
      change('keep', gatewayTarget('b')),
      change('delete', gatewayTarget('a')),
    ]
    expect(inReadingOrder(changes).map(({ action, name }) => `${action} ${name}`)).toEqual([
      'delete a',
      'delete e',
      'update f',
      'create d',
      'keep g',
      'keep b',
      'unmanaged c',
      'unmanaged z',
    ])
  })

  test('has each parent in front of its children, and no sibling between them', () => {
    const names = [
      peerTarget('hq', 'ben'),
      gatewayTarget('hq-2'),
      peerTarget('hq', 'anna'),
      gatewayTarget('hq'),
    ].map((target) => change('delete', target))
    expect(inReadingOrder(names).map(({ name }) => name)).toEqual(['hq', 'anna', 'ben', 'hq-2'])
  })

  test('goes by key where two have one address', () => {
    const [a, b] = [
      { address: 'x', key: '1' },
      { address: 'x', key: '2' },
    ]
    const twins = [change('unmanaged', gatewayTarget('b')), change('unmanaged', gatewayTarget('a'))]
    const same = twins.map((twin) => ({ ...twin, address: 'x' }))
    expect(inReadingOrder(same).map(({ name }) => name)).toEqual(['a', 'b'])
    expect(compareAddresses(a, b)).toBe(-1)
    expect(compareAddresses(b, a)).toBe(1)
    expect(compareAddresses(a, a)).toBe(0)
    expect(compareAddresses({ address: 'hq/x', key: '1' }, { address: 'hq-2', key: '0' })).toBe(-1)
  })
})
