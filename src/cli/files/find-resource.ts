import { located, namesIn } from '../../model/address.ts'
import { closest, didYouMean } from '../../model/closest.ts'
import type { SourceRange } from '../../model/diagnostic.ts'
import { groupBy } from '../../model/lists.ts'
import { optional } from '../../model/optional.ts'
import type { DesiredResource, DesiredState, ResourceKind } from '../../model/resource.ts'
import { Failure } from '../failure.ts'

/**
 * The one resource of the files that a word means: an address, with or without its location, or a name. `absent`: what
 * helps where the files have none.
 */
export function findResource(
  { resources }: Pick<DesiredState, 'resources'>,
  word: string,
  { kind, absent }: { readonly kind?: ResourceKind; readonly absent?: string } = {},
): DesiredResource {
  const possible = resources.filter((resource) => kind === undefined || resource.kind === kind)
  return oneOf(named(possible, word), word, `the files have no ${kind?.title ?? 'resource'} "${word}"`, {
    known: wordsFor(possible, ({ address }) => address),
    also: possible.map(({ name }) => name),
    ...optional({ hint: absent }),
  })
}

/** The only one of several that a word could mean; wrong usage with `message` where there is none. */
export function oneOf<T extends Pick<DesiredResource, 'location' | 'address'>>(
  found: readonly T[],
  word: string,
  message: string,
  {
    known = [],
    ...help
  }: { readonly known?: readonly string[]; readonly also?: readonly string[]; readonly hint?: string },
): T {
  const [only, ...more] = found
  if (only === undefined) throw unknownWord(message, word, known, help)
  if (more.length === 0) return only
  throw new Failure('usage', `"${word}" could be ${found.map(located).join(', ')}`, {
    hint: 'write the address in place of the name',
  })
}

/** Those that a word means: by their address, with or without the location, else by their name, as a plan prints it too. */
export function named<T extends Named>(resources: readonly T[], word: string): readonly T[] {
  const byAddress = resources.filter((each) => [each.address, located(each)].includes(word))
  return byAddress.length > 0 ? byAddress : resources.filter((each) => shortNamesOf(each).includes(word))
}

type Named = Pick<DesiredResource, 'name' | 'location' | 'address'>

// `anna-laptop`, `hq/anna-laptop`, and both with the location.
function shortNamesOf({ name, location, address }: Named): readonly string[] {
  const trail = namesIn(address).join('/')
  return [name, trail, `${location}:${name}`, `${location}:${trail}`]
}

/** Words that mean one of the resources each: `text` of it, or its address with the location where others have the same. */
export function wordsFor<T extends Named>(
  resources: readonly T[],
  text: (resource: T) => string,
): readonly string[] {
  const groups = groupBy(resources, text)
  return resources.map((each) => (groups.get(text(each))?.length === 1 ? text(each) : located(each)))
}

/** Where the entry of a resource is, for an edit of it. */
export function entryPlace({ name, locate }: DesiredResource): SourceRange {
  const at = locate(['name'])
  if (at !== undefined) return at
  throw new Failure('error', `the place of "${name}" in the files is not known`)
}

const NAMES_SHOWN = 10

/** Wrong usage: a word that means nothing, with the closest known one and a list of those that are known. */
export function unknownWord(
  message: string,
  word: string,
  known: readonly string[],
  { also = [], hint }: { readonly also?: readonly string[]; readonly hint?: string } = {},
): Failure {
  const rest = known.length - NAMES_SHOWN
  const shown = [...known.slice(0, NAMES_SHOWN), ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
  // Where the word may mean something else, a guess would name the wrong resource.
  const guess = hint === undefined ? didYouMean(closest(word, [...known, ...also])) : ''
  const hints = [...(known.length === 0 ? [] : [`known: ${shown}`]), ...(hint === undefined ? [] : [hint])]
  return new Failure('usage', `${message}${guess}`, hints.length === 0 ? {} : { hint: hints.join('; ') })
}
