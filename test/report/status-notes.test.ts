import { expect, test } from 'vitest'
import type { Owner, Status } from '../../src/plan/status.ts'
import { statusNotes } from '../../src/report/status/notes.ts'
import { gateway, LOCATION, liveOf, peer } from '../support/plan-builder.ts'

const hq = gateway('hq')
const neighbour: Owner = { type: 'other-stack', fingerprint: '1'.repeat(12), stack: 'acme-dev' }
const ours: Owner = { type: 'this-stack' }

function status(owner: Owner, others: readonly string[] = []): Status {
  const items = [hq, peer(hq, 'anna')].map((resource, depth) => ({
    address: resource.address,
    live: liveOf(resource),
    owner,
    depth,
  }))
  return { stack: 'acme-prod', named: [LOCATION], others, locations: [{ location: LOCATION, items }] }
}

test('what was asked for comes before other locations', () => {
  const empty = { ...status(ours, ['fr/par']), locations: [{ location: LOCATION, items: [] }] }
  expect(statusNotes(empty)).toEqual([`${LOCATION}: no resources.`, '1 other location: nothing of acme-prod'])
})

test('a status ends with the gateways of neighbours and the other locations, in one line', () => {
  expect(statusNotes(status(neighbour, ['es/vit', 'fr/par']))).toEqual([
    `${LOCATION}: 1 gateway of acme-dev (neighbour) · 2 other locations: nothing of acme-prod`,
  ])
})

test('a status without neighbours and other locations ends with its table', () => {
  expect(statusNotes(status(ours))).toEqual([])
})

test('another location in which the stack owns something is not called empty', () => {
  expect(statusNotes(status(ours, [LOCATION, 'fr/par']))).toEqual(['1 other location: nothing of acme-prod'])
})

test('a status that flags narrowed does not call absent what it left out', () => {
  expect(statusNotes(status(neighbour, ['es/vit']), true)).toEqual([])
})
