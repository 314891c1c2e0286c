import type { Sample } from '../setup/sample-files.ts'
import type { RuleCase } from './rule-case.ts'

const withRule = (rule: unknown) => (file: Sample) => Object.assign(file, { access: [rule] })

/** Cases of the rules that the file itself writes, in its `access` list. */
export const ACCESS_RULE_CASES: Readonly<Record<string, RuleCase>> = {
  'a peer reaches what a rule denies': {
    code: 'VPN370',
    severity: 'error',
    triggers: withRule({ deny: { from: 'peers/anna', to: 'peers/ben' } }),
    justDoesNot: withRule({ deny: { from: 'peers/anna', to: 'peers/ben', except: ['10.99.0.3'] } }),
  },
  'a peer does not reach what a rule requires': {
    code: 'VPN371',
    severity: 'error',
    triggers: withRule({ allow: { from: 'wireguardgateways/hq/peers/anna', to: '10.99.0.0/30' } }),
    justDoesNot: withRule({
      allow: { from: 'wireguardgateways/hq/peers/anna', to: '10.99.0.1', except: ['lab'] },
    }),
  },
  'an access rule names nothing': {
    code: 'VPN372',
    severity: 'warning',
    triggers: withRule({ deny: { from: 'peers/anan', to: '172.16.0.0/12' } }),
    justDoesNot: withRule({ deny: { from: 'peers/an*', to: '172.16.0.0/12' } }),
  },
  'an access rule has a network that is not valid': {
    code: 'VPN373',
    severity: 'error',
    triggers: withRule({ deny: { from: 'peers/anna', to: '172.16.0.0/33' } }),
    justDoesNot: withRule({ deny: { from: 'peers/anna', to: '172.16.0.0/32' } }),
  },
}
