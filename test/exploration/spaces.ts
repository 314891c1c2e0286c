import { ACTS, type Act } from './worlds.ts'

/** A start world, and who acts in it next to both runs. */
export interface Space {
  readonly world: string
  readonly acts: readonly Act[]
  readonly faults: boolean
}

/** What `npm run explore` exhausts. */
export const SPACES: readonly Space[] = [
  { world: 'a peer is to be deleted', acts: ACTS, faults: true },
  { world: 'a peer differs', acts: ACTS, faults: true },
  { world: 'the gateway differs', acts: ACTS, faults: false },
  { world: 'the gateway differs', acts: [], faults: true },
  { world: 'nothing exists', acts: [], faults: false },
]
