import { type Adoptable, type Adoptions, findAdoptions } from '../../../engine/find-adoptions.ts'
import { addressPattern } from '../../../model/address-pattern.ts'
import type { Diagnostic } from '../../../model/diagnostic.ts'
import type { DesiredState, LiveResource, LiveState } from '../../../model/resource.ts'
import { liveAddresses } from '../../../plan/match/live-address.ts'
import { match } from '../../../plan/match/match.ts'
import { unusedFlagFindings } from '../../../plan/safety/unused-patterns.ts'
import { type StatusItem, statusOf } from '../../../plan/status.ts'

/** What is adopted. */
export interface Choice extends Adoptions {
  /** Live only: each gets an entry. */
  readonly fresh: readonly LiveResource[]
  /** Words that name nothing. */
  readonly unknown: readonly Diagnostic[]
  /** Words whose resources the files have already. */
  readonly known: readonly string[]
  /** What the stacks that own any of it have to do. */
  readonly warnings: readonly Diagnostic[]
}

/**
 * What some words name: entries of the files, with what is below them, and live resources that have no entry, with what
 * is below them. No words: every entry that has a live resource of its name.
 */
export function chooseAdoptions(desired: DesiredState, live: LiveState, words: readonly string[]): Choice {
  const all = findAdoptions(desired, live)
  const items = statusOf(live, { stack: desired.stack, desired }).locations.flatMap((each) => each.items)
  const tests = words.map(addressPattern)
  const isNamed = ({ desired: { address, location } }: Pick<Adoptable, 'desired'>): boolean =>
    words.length === 0 || tests.some((test) => test(address, location))
  const adoptable = all.adoptable.filter(isNamed)
  const ambiguous = all.ambiguous.filter(isNamed)
  const matching = match(desired, live)
  const { byLive, setAside } = matching
  // As a plan names it: below a gateway that is renamed, by the new name.
  const addressOf = liveAddresses(matching)
  const named = new Set([
    ...all.adoptable.map((each) => each.live),
    ...all.ambiguous.flatMap((each) => each.live),
  ])
  // Neither in the files, by a name or an id, nor released by them.
  const isFresh = (resource: LiveResource): boolean =>
    !byLive.has(resource) && !named.has(resource) && setAside.get(resource)?.type !== 'released'
  const fresh = new Set<LiveResource>()
  const quiet: string[] = []
  for (const [index, word] of words.entries()) {
    const hits = items.filter(
      ({ address, live: { location, id }, live: hit }) =>
        isFresh(hit) && [address, addressOf(hit)].some((each) => isExactly(word, each, location, id)),
    )
    const found = items.filter(
      (item) => isFresh(item.live) && hits.some((hit) => hit === item || isBelow(item.live, hit.live)),
    )
    for (const item of found) fresh.add(item.live)
    const isEntry = [...adoptable, ...ambiguous].some((each) =>
      tests[index]?.(each.desired.address, each.desired.location),
    )
    if (found.length === 0 && !isEntry) quiet.push(word)
  }
  const unknown = unusedFlagFindings(
    'the address',
    quiet.filter((word) => !items.some(({ live: { id } }) => id === word.toLowerCase())),
    items.map(({ address, live: { location } }) => ({ address, location })),
  )
  return {
    adoptable,
    ambiguous,
    fresh: [...fresh],
    unknown,
    known: quiet,
    warnings: ownerWarnings(items, new Set([...adoptable.map((each) => each.live), ...fresh])),
  }
}

function isExactly(word: string, address: string, location: string, id: string): boolean {
  return word === address || word === `${location}:${address}` || word.toLowerCase() === id
}

function isBelow({ parentIds, location }: LiveResource, above: LiveResource): boolean {
  return location === above.location && parentIds.includes(above.id)
}

function ownerWarnings(
  items: readonly StatusItem[],
  adopted: ReadonlySet<LiveResource>,
): readonly Diagnostic[] {
  const ids = new Set([...adopted].map(({ id }) => id))
  return items.flatMap(({ address, owner, live }): readonly Diagnostic[] => {
    const isTop = !live.parentIds.some((id) => ids.has(id))
    if (!adopted.has(live) || !isTop || owner.type !== 'other-stack') return []
    return [ownedByAnother(address, live.id, owner.stack)]
  })
}

/** What to do about a resource that another stack owns and the files adopt. `stack`: its name, where it is known. */
export function ownedByAnother(address: string, id: string, stack?: string): Diagnostic {
  const [owner, theirs] =
    stack === undefined
      ? ['another stack', 'that stack']
      : [`the stack ${JSON.stringify(stack)}`, JSON.stringify(stack)]
  return {
    severity: 'warning',
    code: 'VPN615',
    message: `${address} is owned by ${owner}, by its id ${id}: unless its files release it, that stack changes it back or deletes it`,
    hint: `in the files of ${theirs}, replace its entry by: released: [{ address: ${address} }]`,
    address,
  }
}
