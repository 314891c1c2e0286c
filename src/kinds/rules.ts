import { addressRules } from './address-rules.ts'
import { gatewayRules } from './gateway-rules.ts'
import { hostRules } from './host-rules.ts'
import { guessableKeys } from './ipsec/key-rules.ts'
import { ipsecRules } from './ipsec/rules.ts'
import { lanRules } from './lan-rules.ts'
import { maintenanceRules } from './maintenance-rules.ts'
import type { LateRule, Rule } from './rule.ts'
import { wireguardRules } from './wireguard/rules.ts'

/** Every rule that knows the fields of a kind. */
export const KIND_RULES: readonly Rule[] = [
  ...gatewayRules,
  ...lanRules,
  ...maintenanceRules,
  ...wireguardRules,
  ...ipsecRules,
  ...hostRules,
  ...addressRules,
]

/** Those of them that are loaded when they apply. */
export const LATE_KIND_RULES: readonly LateRule[] = [guessableKeys]
