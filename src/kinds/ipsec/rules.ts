import type { Rule } from '../rule.ts'
import { cryptoRules } from './crypto-rules.ts'
import { keyRules } from './key-rules.ts'
import { networkRules } from './network-rules.ts'

/** Rules for IPSec tunnels. */
export const ipsecRules: readonly Rule[] = [...networkRules, ...cryptoRules, ...keyRules]
