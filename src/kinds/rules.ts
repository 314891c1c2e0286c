import { gatewayRules } from './gateway-rules.ts'
import { hostRules } from './host-rules.ts'
import { ipsecRules } from './ipsec/rules.ts'
import type { Rule } from './rule.ts'
import { wireguardRules } from './wireguard/rules.ts'

/** Every rule that knows the fields of a kind. */
export const KIND_RULES: readonly Rule[] = [...gatewayRules, ...wireguardRules, ...ipsecRules, ...hostRules]
