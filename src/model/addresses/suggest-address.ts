import type { Address } from '../address.ts'
import { exactPatterns, splitLocation } from '../address-pattern.ts'
import { closest } from '../closest.ts'

/** What a pattern may name. */
export interface Named {
  /** With or without a location in front. */
  readonly address: Address
  readonly location: string
}

interface Candidate extends Named {
  readonly path: Address
  readonly steps: readonly string[]
}

const MOST = 3

/**
 * The addresses (or patterns) that a pattern which names nothing most likely means, a few at most: those that end
 * like it, as a name alone does, or else one that is spelt nearly like it.
 */
export function suggestAddresses(pattern: string, named: readonly Named[]): readonly string[] {
  const { location, path } = splitLocation(pattern)
  if (path === '') return []
  const candidates = named.map(toCandidate)
  const shown = path.includes('*')
    ? patternsLike(path, candidates).map((meant) => (location === undefined ? meant : `${location}:${meant}`))
    : addressesLike(path, candidates).map((meant) => withPlace(meant, location))
  return [...new Set(shown)].slice(0, MOST)
}

/** ` (did you mean "x" or "y"?)`, or nothing. */
export function didYouMeanAny(suggestions: readonly string[]): string {
  if (suggestions.length === 0) return ''
  const quoted = suggestions.map((suggestion) => JSON.stringify(suggestion))
  const last = quoted.at(-1) ?? ''
  const before = quoted.slice(0, -1)
  return ` (did you mean ${before.length === 0 ? last : `${before.join(', ')} or ${last}`}?)`
}

function toCandidate({ address, location }: Named): Candidate {
  const { path } = splitLocation(address)
  return { address, location, path, steps: path.split('/') }
}

// Whoever named a location named the wrong one, or the right one and has to name it again.
function withPlace({ address, location, path }: Candidate, named: string | undefined): string {
  return named === undefined ? address : `${location}:${path}`
}

function addressesLike(path: string, candidates: readonly Candidate[]): readonly Candidate[] {
  const steps = path.split('/').filter((step) => step !== '')
  if (steps.length === 0) return []
  const ending = candidates.filter(
    (candidate) => endsLike(candidate.steps, steps) || endsLike(namesOf(candidate.steps), steps),
  )
  if (ending.length > 0) return ending
  // Step by step: among long addresses in one collection, any name would be a few letters away.
  const near = candidates.filter(
    (candidate) =>
      candidate.steps.length === steps.length &&
      candidate.steps.every((step, index) => closest(steps[index] ?? '', [step]) !== undefined),
  )
  return withNearestName(steps, near.length > 0 ? near : candidates)
}

function withNearestName(steps: readonly string[], among: readonly Candidate[]): readonly Candidate[] {
  const last = (candidate: Candidate): string => candidate.steps.at(-1) ?? ''
  const name = closest(steps.at(-1) ?? '', new Set(among.map(last)))
  return among.filter((candidate) => last(candidate) === name)
}

// `hq/peers/*`, as what comes after a collection, and collections that are misspelled.
function patternsLike(path: string, candidates: readonly Candidate[]): readonly string[] {
  const collections = new Set(candidates.flatMap(({ steps }) => steps.filter((_, index) => index % 2 === 0)))
  const respelt = path
    .split('/')
    .map((step, index) =>
      index % 2 === 0 && !step.includes('*') ? (closest(step, collections) ?? step) : step,
    )
    .join('/')
  return [respelt, `*/${path}`].filter((pattern) => {
    const test = exactPatterns([pattern])
    return candidates.some((candidate) => test(candidate.path, candidate.location))
  })
}

function namesOf(steps: readonly string[]): readonly string[] {
  return steps.filter((_, index) => index % 2 === 1)
}

function endsLike(steps: readonly string[], end: readonly string[]): boolean {
  const from = steps.length - end.length
  return from >= 0 && end.every((step, index) => step === steps[from + index])
}
