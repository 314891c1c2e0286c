import { accessDifference, movedAccess } from './difference.ts'
import { type Estate, endpointsOf, estateOf, type NetworkResource } from './estate.ts'
import { flowsFrom } from './flows.ts'
import { type AccessChange, linesOf, type Piece } from './lines.ts'
import { namesIn } from './reach.ts'

/** What changes from one state to another, and what unmanaged resources reach in the second. */
export function accessReport(
  before: readonly NetworkResource[],
  after: readonly NetworkResource[],
): readonly AccessChange[] {
  return [...accessDifference(estateOf(before), estateOf(after)), ...unmanagedAccess(after)]
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
  return [...linesOf('unmanaged', unmanagedPieces(estate), namesIn(estate)), ...taken]
}

function unmanagedPieces(estate: Estate): readonly Piece[] {
  return endpointsOf(estate)
    .filter(({ type, unmanaged }) => type === 'end' && unmanaged)
    .flatMap((from) => {
      const senders = [from]
      return flowsFrom(estate, from)
        .filter(({ to }) => to.type !== 'gateway')
        .map((flow): Piece => ({ ...flow, senders }))
    })
}
