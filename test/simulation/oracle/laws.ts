/** What must hold in every history, with the least share of histories that have to have something to judge by it. */
export const LEAST_SHARE = {
  'nothing of others is changed': 0.8,
  'nothing that the file wants is deleted': 0.2,
  'what is protected stays': 0.05,
  'what is released or of a neighbour stays': 0.06,
  'nothing outside of the targets is written': 0.02,
  'a saved plan does what was reviewed': 0.06,
  'a plan is stale only when what it is about has changed': 0.08,
  'what others deleted is not re-created': 0.08,
  'nothing owned is doubled': 0.8,
  'exit 0 means that the verification read was equal': 0.8,
  'exit 0 leaves nothing owned behind in any location': 0.01,
  'a run without faults converges': 1,
  'a plan lists parents before their children': 0.05,
  'every run ends': 1,
  'requests are bounded': 1,
  'a write follows a read that is not older than 10 s': 0.4,
  'what others changed since the read is not overwritten': 0.04,
  'a creation does not overwrite what appeared under its id': 0.004,
} as const
/** One of {@link LAWS}. */
export type Law = keyof typeof LEAST_SHARE
/** The names of all laws. */
export const LAWS = Object.keys(LEAST_SHARE) as readonly Law[]

/** A law that a history breaks. */
export interface Broken {
  readonly law: Law
  readonly what: string
}

/** What the oracle says of a history. */
export interface Judgement {
  readonly broken: readonly Broken[]
  /** Laws that had something to judge. */
  readonly reached: ReadonlySet<Law>
}
