import { FAULTS, type Fault } from './replay.ts'
import { ACTS, type Act } from './worlds.ts'

/** A start world, and who acts in it next to both runs. */
export interface Space {
  readonly world: string
  readonly acts: readonly Act[]
  readonly faults: readonly Fault[]
}

/** What `npm run explore` exhausts. */
export const SPACES: readonly Space[] = [
  { world: 'a peer is to be deleted', acts: ACTS, faults: FAULTS },
  { world: 'a peer differs', acts: ACTS, faults: FAULTS },
  { world: 'the gateway differs', acts: ACTS, faults: FAULTS },
  { world: 'nothing exists', acts: ACTS, faults: [] },
  { world: 'nothing exists', acts: [], faults: FAULTS },
  { world: 'the gateway differs', acts: [], faults: ['late answer'] },
]
