import { closest, didYouMean } from '../../model/closest.ts'
import type { DesiredResource, DesiredState, ResourceKind } from '../../model/resource.ts'
import { Failure } from '../failure.ts'

const NAMES_SHOWN = 10

/** The one resource of the files that a word means: an address, with or without its location, or a name. */
export function findResource(
  { resources }: DesiredState,
  word: string,
  kind?: ResourceKind,
): DesiredResource {
  const possible = resources.filter((resource) => kind === undefined || resource.kind === kind)
  const byAddress = possible.filter(({ address, location }) =>
    [address, `${location}:${address}`].includes(word),
  )
  const found = byAddress.length > 0 ? byAddress : possible.filter(({ name }) => name === word)
  const [only, ...more] = found
  if (only === undefined) throw unknown(word, possible, kind)
  if (more.length === 0) return only
  throw new Failure(
    'usage',
    `"${word}" could be ${found.map(({ location, address }) => `${location}:${address}`).join(', ')}`,
    {
      hint: 'write the address in place of the name',
    },
  )
}

function unknown(
  word: string,
  possible: readonly DesiredResource[],
  kind: ResourceKind | undefined,
): Failure {
  const addresses = possible.map(({ address }) => address)
  const rest = addresses.length - NAMES_SHOWN
  const shown = [...addresses.slice(0, NAMES_SHOWN), ...(rest > 0 ? [`${rest} more`] : [])].join(', ')
  const guess = closest(word, [...addresses, ...possible.map(({ name }) => name)])
  return new Failure(
    'usage',
    `the files have no ${kind?.title ?? 'resource'} "${word}"${didYouMean(guess)}`,
    {
      ...(addresses.length === 0 ? {} : { hint: `they have ${shown}` }),
    },
  )
}
