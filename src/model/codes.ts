import commonRules from './codes/common-rules.json' with { type: 'json' }
import files from './codes/files.json' with { type: 'json' }
import ipsecRules from './codes/ipsec-rules.json' with { type: 'json' }
import plan from './codes/plan.json' with { type: 'json' }
import rewrite from './codes/rewrite.json' with { type: 'json' }
import sandbox from './codes/sandbox.json' with { type: 'json' }
import schema from './codes/schema.json' with { type: 'json' }
import secrets from './codes/secrets.json' with { type: 'json' }
import wireguardRules from './codes/wireguard-rules.json' with { type: 'json' }

/** What is done with a code beyond showing it; `other` for most. */
export type CodeClass =
  /** A `${var.NAME}` of the text was not replaced: whatever else is found in the text is about the wrong text. */
  | 'unfilled'
  /** The same, because the variable has no value: the rest of the file may be right. */
  | 'unset'
  /** The value itself is refused: what a rule says about it in addition is not shown. */
  | 'form'
  /** Values do not fit together. Depends on the files alone. */
  | 'rule'
  /** Values do not fit together, as far as the secrets can be read. */
  | 'secret-rule'
  /** A secret is written at this place: no frame shows it. */
  | 'leak'
  /** A secret has no value here. */
  | 'absent'
  /** Something could not be read as the files expect it: drift warns of it too. */
  | 'reading'
  /** A flag names resources that do not exist: refused by drift too. */
  | 'target'
  /** The value of a flag is wrong. */
  | 'usage'
  /** A live resource has no entry in the exported file. */
  | 'left-out'
  /** It is reported again, with its place, where the text that was written is checked. */
  | 'repeated'
  | 'other'

/** All that there is to say about one code of diagnostics. */
export interface Explanation {
  readonly code: string
  /** A few words, as in a list. */
  readonly title: string
  readonly meaning: string
  /** Why it matters. */
  readonly why: string
  readonly hint: string
  /** What causes it: a piece of a file, or a command. */
  readonly bad: string
  /** The same, corrected. */
  readonly good: string
  /** Where the reason comes from: a standard, a page, or a run that showed it. */
  readonly source?: string
}

type Entry = Omit<Explanation, 'code'> & { readonly class: CodeClass }

const ENTRIES = {
  ...files,
  ...schema,
  ...wireguardRules,
  ...ipsecRules,
  ...commonRules,
  ...secrets,
  ...plan,
  ...rewrite,
  ...sandbox,
} as Readonly<Record<string, Entry>>

/** Every code that a diagnostic can have, in order. Codes are stable: none gets another meaning. */
export const EXPLANATIONS: readonly Explanation[] = Object.entries(ENTRIES).map(
  ([code, { class: _, ...texts }]) => ({ code, ...texts }),
)

/** The class of a code; `other` for one that does not exist. */
export function classOf(code: string): CodeClass {
  return ENTRIES[code]?.class ?? 'other'
}

/** What there is to say about a code, in any case; undefined when there is no such code. */
export function explain(code: string): Explanation | undefined {
  return EXPLANATIONS.find((explanation) => explanation.code === code.toUpperCase())
}
