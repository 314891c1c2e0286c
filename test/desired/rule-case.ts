import type { Sample } from '../setup/sample-files.ts'

/** What brings a rule to speak, and what comes close without doing so. */
export interface RuleCase {
  readonly code: string
  readonly severity: 'error' | 'warning'
  readonly triggers: (file: Sample) => void
  readonly justDoesNot: (file: Sample) => void
  readonly env?: Readonly<Record<string, string>>
}
