import type { Diagnostic } from '../model/diagnostic.ts'
import type { AccessRule, AccessWord } from '../model/networks/access-rule.ts'
import type { DesiredState } from '../model/resource.ts'
import { desiredEstate, type Estate, endpointsOf } from './estate.ts'
import { type Violation, violations } from './rules.ts'
import { isBadWord, type Nameable, selectionOf, unmatched } from './select.ts'

/** What is wrong with the `access` list of files, or with the files by its rules. */
export function ruleFindings(
  rules: readonly AccessRule[],
  { resources }: Pick<DesiredState, 'resources'>,
): readonly Diagnostic[] {
  if (rules.length === 0) return []
  const estate = desiredEstate({ resources })
  const named = [...resources, ...endpointsOf(estate)]
  return [
    ...rules.flatMap(({ from, to, except }) =>
      [from, to, ...except].flatMap((word) => wordFindings(word, named)),
    ),
    ...violations(rules, estate).map((violation): Diagnostic => {
      const isDenied = violation.rule.effect === 'deny'
      return {
        severity: 'error',
        code: isDenied ? 'VPN370' : 'VPN371',
        message: sentenceOf(violation),
        hint: isDenied
          ? `take the network from one of them, or add it to "except"; ${question(violation)} shows all`
          : `add the network where it belongs, or correct the rule; ${question(violation)} shows what is reached`,
        ...(violation.rule.at === undefined ? {} : { at: violation.rule.at }),
      }
    }),
  ]
}

function wordFindings({ text, at }: AccessWord, named: readonly Nameable[]): readonly Diagnostic[] {
  const place = at === undefined ? {} : { at }
  const read = selectionOf(text)
  if (isBadWord(read)) {
    const hint =
      'write an address (10.99.0.2), a network (10.20.0.0/16), a pattern of addresses (anna-*) or the name of a LAN (LAN 2)'
    return [{ severity: 'error', code: 'VPN373', message: read.message, hint, ...place }]
  }
  const meant = unmatched(read, named)
  if (meant === undefined) return []
  return [
    {
      severity: 'warning',
      code: 'VPN372',
      message: `${JSON.stringify(text)} in an access rule names nothing in the files, so the rule checks only what is live for it${meant}`,
      hint: 'correct the pattern; * matches any characters, and the beginning of an address may be left out',
      ...place,
    },
  ]
}

/**
 * The rules that do not hold once a plan is applied: an error where the plan breaks them, a warning where they are
 * broken already, for instance by an unmanaged peer.
 */
export function planFindings(
  rules: readonly AccessRule[],
  before: Estate,
  after: Estate,
): readonly Diagnostic[] {
  const broken = violations(rules, after)
  if (broken.length === 0) return []
  const already = new Set(violations(rules, before).map(({ rule }) => rule))
  return broken.map((violation): Diagnostic => {
    const place = violation.rule.at === undefined ? {} : { at: violation.rule.at }
    const isOld = already.has(violation.rule)
    return {
      severity: isOld ? 'warning' : 'error',
      code: isOld ? 'VPN547' : 'VPN546',
      message: isOld
        ? `live breaks a rule of the files: ${sentenceOf(violation)}`
        : `once this plan is applied, ${sentenceOf(violation)}`,
      hint: 'see what is unmanaged or outside of the targets; vpnctl access --live shows who reaches what',
      ...place,
    }
  })
}

function sentenceOf({ rule, message }: Violation): string {
  return `${message}, which this rule ${rule.effect === 'deny' ? 'denies' : 'requires'}`
}

function question({ rule }: Violation): string {
  return `vpnctl access ${shellWord(rule.from.text)} ${shellWord(rule.to.text)}`
}

function shellWord(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text}'`
}
