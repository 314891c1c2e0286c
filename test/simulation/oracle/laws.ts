/** What must hold in every history. */
export const LAWS = [
  'nothing of others is changed',
  'nothing that the file wants is deleted',
  'what is protected stays',
  'what is released or of a neighbour stays',
  'nothing outside of the targets is written',
  'a saved plan does what was reviewed',
  'a plan is stale only when what it is about has changed',
  'what others deleted is not re-created',
  'nothing owned is doubled',
  'exit 0 means that the verification read was equal',
  'exit 0 leaves nothing owned behind in any location',
  'a run without faults converges',
  'every run ends',
  'requests are bounded',
  'a write follows a look that is not older than 10 s',
  'what others changed since the read is not overwritten',
  'a creation does not overwrite what appeared under its id',
] as const
/** One of {@link LAWS}. */
export type Law = (typeof LAWS)[number]

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
