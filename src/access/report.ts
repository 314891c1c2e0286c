import { tablesOf } from './changed-senders.ts'
import { accessDifference, movedAccess } from './difference.ts'
import { type Estate, estateOf, type Gateway, type NetworkResource } from './estate.ts'
import { flowsFrom } from './flows.ts'
import { type AccessChange, linesOf, type Piece } from './lines.ts'
import { namesIn } from './reach.ts'

/** What changes from one state to another, and what unmanaged resources reach in the second. */
export function accessReport(
  before: readonly NetworkResource[],
  after: readonly NetworkResource[],
): readonly AccessChange[] {
  const changes = before === after ? [] : accessDifference(estateOf(before), estateOf(after))
  return [...changes, ...unmanagedAccess(after)]
}

/** What unmanaged resources reach, and whose packets they get. */
export function unmanagedAccess(resources: readonly NetworkResource[]): readonly AccessChange[] {
  const managed = resources.filter(({ unmanaged }) => unmanaged !== true)
  if (managed.length === resources.length) return []
  const estate = estateOf(resources)
  const keys = new Set(managed.map(({ key }) => key))
  const without = estateOf(managed.filter(({ parentKey }) => parentKey === undefined || keys.has(parentKey)))
  const taken = movedAccess(without, estate).filter(({ at }) =>
    at.some(({ unmanaged }) => unmanaged === true),
  )
  const nameOf = namesIn(estate)
  const reached = [...estate.gateways.values()].flatMap((gateway) =>
    linesOf('unmanaged', unmanagedPieces(estate, gateway), nameOf),
  )
  return [...reached, ...taken]
}

// A gateway at a time: no line is about the ends of two.
function unmanagedPieces(estate: Estate, gateway: Gateway): readonly Piece[] {
  const ends = gateway.ends.filter(({ unmanaged }) => unmanaged)
  const tables = tablesOf(gateway, ends)
  return ends.flatMap((end) => {
    const table = tables.find(({ senders }) => senders.includes(end))
    const { senders, flows } = table ?? { senders: [end], flows: flowsFrom(estate, end) }
    if (senders[0] !== end) return []
    return flows.filter(({ to }) => to.type !== 'gateway').map((flow): Piece => ({ ...flow, senders }))
  })
}
