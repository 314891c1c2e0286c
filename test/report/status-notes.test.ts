import { expect, test } from 'vitest'
import type { Owner, Status } from '../../src/plan/status.ts'
import { statusNotes } from '../../src/report/status/notes.ts'
import { renderStatus } from '../../src/report/status/text.ts'
import { createStyle } from '../../src/report/writing/style.ts'
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

test('a line leads past the children of a resource to the next one of its level', () => {
  const items = [0, 1, 2, 2, 1, 2].map((depth, index) => {
    const resource = gateway(`r${index}`)
    return { address: resource.address, live: liveOf(resource), owner: ours, depth }
  })
  const shown: Status = { ...status(ours), locations: [{ location: LOCATION, items }] }
  const text = renderStatus(shown, { style: createStyle({ color: false }), width: 200, nowMs: 0 })
  expect(text.match(/^[│├└ ]*r\d/gm)).toEqual(['r0', '├ r1', '│ ├ r2', '│ └ r3', '└ r4', '  └ r5'])
})
