import { COMMON_CODES } from './codes/common-rule-codes.ts'
import { type Explanation, toExplanation } from './codes/explanation.ts'
import { FILE_CODES } from './codes/file-codes.ts'
import { IPSEC_CODES } from './codes/ipsec-rule-codes.ts'
import { PLAN_CODES } from './codes/plan-codes.ts'
import { READING_CODES } from './codes/reading-codes.ts'
import { REWRITE_CODES } from './codes/rewrite-codes.ts'
import { SANDBOX_CODES } from './codes/sandbox-codes.ts'
import { SCHEMA_CODES } from './codes/schema-codes.ts'
import { SECRET_CODES } from './codes/secret-codes.ts'
import { WIREGUARD_CODES } from './codes/wireguard-rule-codes.ts'

export type { Explanation } from './codes/explanation.ts'

/** Every code that a diagnostic can have, in order. Codes are stable: none gets another meaning. */
export const EXPLANATIONS: readonly Explanation[] = [
  ...FILE_CODES,
  ...SCHEMA_CODES,
  ...WIREGUARD_CODES,
  ...IPSEC_CODES,
  ...COMMON_CODES,
  ...SECRET_CODES,
  ...PLAN_CODES,
  ...READING_CODES,
  ...REWRITE_CODES,
  ...SANDBOX_CODES,
].map(toExplanation)

/** What there is to say about a code, in any case; undefined when there is no such code. */
export function explain(code: string): Explanation | undefined {
  return EXPLANATIONS.find((explanation) => explanation.code === code.toUpperCase())
}
