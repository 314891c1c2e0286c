import { matchesAny } from '../../../model/address-pattern.ts'
import { didYouMeanAny, suggestAddresses } from '../../../model/addresses/suggest-address.ts'
import { compareText } from '../../../model/lists.ts'
import type { Status, StatusItem } from '../../../plan/status.ts'
import { ownerText } from '../../../report/status/text.ts'
import { Failure } from '../../failure.ts'
import type { SORTS } from './choices.ts'

/** Flags that choose and order the rows of a status. */
export interface SelectFlags {
  readonly target?: readonly string[]
  readonly owned?: boolean
  readonly unhealthy?: boolean
  readonly sort?: (typeof SORTS)[number]
}

/** The chosen rows in the chosen order. Throws {@link Failure} for a target that names nothing. */
export function select(status: Status, flags: SelectFlags): Status {
  refuseUnused(status, flags.target ?? [])
  const isTarget = flags.target === undefined ? () => true : matchesAny(flags.target)
  const isShown = ({ address, live, owner }: StatusItem): boolean =>
    isTarget(address, live.location) &&
    (flags.owned !== true || isOwned(owner)) &&
    (flags.unhealthy !== true || live.status !== 'AVAILABLE')
  const { sort } = flags
  return {
    ...status,
    locations: status.locations.map(({ location, items }) => {
      const shown = items.filter(isShown)
      return { location, items: sort === undefined ? shown : shown.toSorted(by(sort, status.stack)) }
    }),
  }
}

/** True when rows do not form a tree any more: their parents may be elsewhere or left out. */
export function isFlat(flags: SelectFlags): boolean {
  return flags.sort !== undefined || isNarrowed(flags)
}

/** True when live resources may be left out. */
export function isNarrowed({ owned, unhealthy, target }: SelectFlags): boolean {
  return owned === true || unhealthy === true || target !== undefined
}

function isOwned(owner: StatusItem['owner']): boolean {
  return owner.type === 'this-stack'
    ? owner.released !== true
    : owner.type === 'foreign' && owner.adopted === true
}

function refuseUnused(status: Status, targets: readonly string[]): void {
  const live = status.locations.flatMap(({ location, items }) =>
    items.map(({ address }) => ({ address, location })),
  )
  for (const target of targets) {
    const isMeant = matchesAny([target])
    if (live.some(({ address, location }) => isMeant(address, location))) continue
    throw new Failure(
      'error',
      `--target ${target} names nothing live${didYouMeanAny(suggestAddresses(target, live))}`,
      {
        hint: 'vpnctl status shows what is live; --location reads another location too',
      },
    )
  }
}

type Compare = (a: StatusItem, b: StatusItem) => number

function by(sort: (typeof SORTS)[number], stack: string | undefined): Compare {
  const key = (item: StatusItem): string => {
    const { live, address, owner } = item
    switch (sort) {
      case 'address':
        return address
      case 'name':
        return live.name
      // The newest first: what was done last is what is looked for.
      case 'age':
        return newestFirst(live.metadata.createdDate)
      case 'change':
        return newestFirst(live.metadata.lastModifiedDate ?? live.metadata.createdDate)
      // What needs attention first.
      case 'status':
        return live.status === 'AVAILABLE' ? '~' : live.status
      case 'owner':
        return ownerText(owner, stack)
      default:
        return sort satisfies never
    }
  }
  return (a, b) => compareText(`${key(a)}\0${a.address}`, `${key(b)}\0${b.address}`)
}

function newestFirst(date: string | undefined): string {
  const at = Date.parse(date ?? '')
  return String(Number.MAX_SAFE_INTEGER - (Number.isNaN(at) ? 0 : at)).padStart(17, '0')
}
