import type { Space } from './spaces.ts'

/** A counterexample that the API's missing If-Match makes unavoidable. docs/failures.md has its history in words. */
export interface Known {
  readonly world: string
  readonly law: string
  readonly what: string
  readonly reason: string
  /** The steps of the shortest history that was found, up to the write. */
  readonly history: readonly string[]
}

/** What the exploration of a space has to find, and nothing else. */
export function knownIn({ world, acts, faults }: Space): readonly Known[] {
  const possible = new Set<string>([...acts, ...faults])
  return KNOWN.filter(
    (each) => each.world === world && each.history.every((step) => isPossible(step, possible)),
  )
}

function isPossible(step: string, possible: ReadonlySet<string>): boolean {
  const needed = /^the administrator tries to (.*)/.exec(step)?.[1] ?? /\((.*)\)$/.exec(step)?.[1]
  return needed === undefined || possible.has(needed)
}

const LAW = 'a write knows the latest version'

/** All that the exploration may find; a test compares the list exactly. */
const KNOWN: readonly Known[] = [
  {
    world: 'a peer is to be deleted',
    law: LAW,
    what: 'a run deletes an edited peer',
    reason: 'a DELETE cannot name the version that the run read',
    history: [
      'A GET wireguardgateways/hq/peers -> 200',
      'the administrator tries to edit peer',
      'A DELETE wireguardgateways/hq/peers/ben -> 202',
    ],
  },
  {
    world: 'a peer differs',
    law: LAW,
    what: 'a run overwrites an edited peer',
    reason: 'a PUT cannot name the version that the run read',
    history: [
      'A GET wireguardgateways/hq/peers -> 200',
      'the administrator tries to edit peer',
      'A PUT wireguardgateways/hq/peers/anna -> 200',
    ],
  },
  {
    world: 'a peer differs',
    law: LAW,
    what: 'a run re-creates a deleted peer',
    reason: 'a PUT cannot say that it is an update; the run deletes what it has re-created',
    history: [
      'A GET wireguardgateways/hq/peers -> 200',
      'the administrator tries to delete peer',
      'A PUT wireguardgateways/hq/peers/anna -> 200',
      'A DELETE wireguardgateways/hq/peers/anna -> 202',
    ],
  },
  {
    world: 'a peer differs',
    law: LAW,
    what: 'a run re-creates a deleted peer, and is killed before it deletes it again',
    reason: 'a PUT cannot say that it is an update, and nobody is left to delete what it has re-created',
    history: [
      'A GET wireguardgateways/hq/peers -> 200',
      'the administrator tries to delete peer',
      'A PUT wireguardgateways/hq/peers/anna -> 200 (kill)',
    ],
  },
  {
    world: 'a peer differs',
    law: 'nothing that the file wants is deleted',
    what: 'a run deletes wireguardgateways/hq/peers/anna (anna)',
    reason:
      'a DELETE cannot name the version: sent again after its answer was lost, it deletes what the other run has re-created; both runs report it and exit 9',
    history: [
      'the administrator tries to delete peer',
      'A PUT wireguardgateways/hq/peers/anna -> 200',
      'A DELETE wireguardgateways/hq/peers/anna -> 202 (lost answer)',
      'B PUT wireguardgateways/hq/peers/anna -> 200',
      'A DELETE wireguardgateways/hq/peers/anna -> 202',
    ],
  },
  {
    world: 'the gateway differs',
    law: LAW,
    what: 'a run overwrites an edited gateway',
    reason: 'a PUT cannot name the version that the run read',
    history: ['the administrator tries to edit gateway', 'A PUT wireguardgateways/hq -> 200'],
  },
  {
    world: 'the gateway differs',
    law: LAW,
    what: 'a run re-creates a deleted gateway',
    reason: 'a PUT cannot say that it is an update; the run deletes what it has re-created',
    history: ['the administrator tries to delete gateway', 'A PUT wireguardgateways/hq -> 200'],
  },
  {
    world: 'the gateway differs',
    law: LAW,
    what: 'a run re-creates a deleted gateway, and is killed before it deletes it again',
    reason: 'a PUT cannot say that it is an update, and nobody is left to delete what it has re-created',
    history: ['the administrator tries to delete gateway', 'A PUT wireguardgateways/hq -> 200 (kill)'],
  },
  {
    world: 'the gateway differs',
    law: 'nothing that the file wants is deleted',
    what: 'a run deletes wireguardgateways/hq (hq)',
    reason:
      'a DELETE cannot name the version: sent again after its answer was lost, it deletes what the other run has re-created; both runs report it and exit 9',
    history: [
      'the administrator tries to delete gateway',
      'A PUT wireguardgateways/hq -> 200',
      'A DELETE wireguardgateways/hq -> 202 (lost answer)',
      'B PUT wireguardgateways/hq -> 200',
      'A DELETE wireguardgateways/hq -> 202',
    ],
  },
]
