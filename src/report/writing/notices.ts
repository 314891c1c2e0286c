import { firstOf } from '../../model/lists.ts'
import { dateText, userName } from '../../model/live-metadata.ts'
import type { Change, Expiring, LeftDrift, NeighbourResources, ReleasedResources } from '../../plan/types.ts'
import { safeLine } from './safe-text.ts'
import { count } from './words.ts'

/** `stack acme-dev: 14 resources (neighbour)` for each neighbour. */
export function neighbourTexts(neighbours: readonly NeighbourResources[]): readonly string[] {
  return neighbours.map(
    ({ stack, resources }) =>
      `stack ${safeLine(stack)}: ${resources === 0 ? 'no resources' : count(resources, 'resource')} (neighbour)`,
  )
}

/** What no file of the run has, other ends that a plan makes outdated, what the files release and what expires soon, one line each; none where there is nothing. */
export function noticeLines({
  released,
  expiring,
  otherEnds = [],
  between,
  left = [],
  pending = 0,
  changes = [],
  stack = '',
}: {
  readonly changes?: readonly Change[]
  readonly stack?: string
  readonly pending?: number
  readonly left?: readonly LeftDrift[]
  readonly released: readonly ReleasedResources[]
  readonly expiring: readonly Expiring[]
  readonly otherEnds?: readonly string[]
  readonly between?: { readonly before: string }
}): readonly string[] {
  const missing = changes.filter(isMissingAtTheTop)
  return [
    ...(pending === 0 ? [] : [`  Merged and not applied yet: ${count(pending, 'change')}`]),
    ...(missing.length === 0 ? [] : [`  ${missingText(missing, changes, stack)}`]),
    ...left.map((drift) => `  Left as it is live: ${leftText(drift)}`),
    ...(otherEnds.length === 0 ? [] : [`  ${otherEndsText(otherEnds, between?.before)}`]),
    ...(released.length === 0
      ? []
      : [`  Released (will not be changed): ${firstOf(released.map(releasedText))}`]),
    ...(expiring.length === 0 ? [] : [`  Expires soon: ${firstOf(expiring.map(expiringText))}`]),
  ]
}

// A run with some of the files of a stack takes what is in the others for removed.
function isMissingAtTheTop({ action, reason, target }: Change): boolean {
  return action === 'delete' && reason.code === 'not-in-file' && target.parentIds.length === 0
}

function missingText(missing: readonly Change[], all: readonly Change[], stack: string): string {
  const what = firstOf(missing.map(({ address }) => safeLine(address)))
  const locations = new Set(all.flatMap((each) => ('desired' in each ? [each.target.location] : [])))
  const isElsewhere = missing.every(({ target }) => !locations.has(target.location))
  return `In no file of this run, so deleted: ${what}. If another file of the stack ${JSON.stringify(safeLine(stack))} has it, add that file with -f, or ${isElsewhere ? 'set "locations:" in this one, where each file has locations of its own' : 'give each file a stack of its own'}`
}

// One line each: who leaves drift has to know all of it.
function leftText({ address, action, fields, by, at }: LeftDrift): string {
  const facts = [
    ...(action === 'create' ? ['deleted live'] : []),
    ...(action === 'delete' ? ['not in the files'] : []),
    ...(fields.length === 0 ? [] : [fields.join(', ')]),
    ...(by === undefined && at === undefined
      ? []
      : [
          `last change${at === undefined ? '' : ` ${dateText(at)}`}${by === undefined ? '' : ` by ${safeLine(userName(by))}`}`,
        ]),
  ]
  return `${safeLine(address)} (${facts.join('; ')})`
}

function otherEndsText(addresses: readonly string[], before: string | undefined): string {
  const what = count(addresses.length, 'other end')
  const [only = ''] = addresses
  const since = before === undefined ? 'plan.json' : safeLine(before)
  const command =
    addresses.length === 1
      ? `vpnctl peer-config ${safeLine(only)}`
      : `${before === undefined ? 'with this plan as plan.json: ' : ''}vpnctl peer-config --changed-since ${since} --out-dir DIR`
  return `${what} must be configured as in the files: ${firstOf(addresses.map(safeLine))} (${command})`
}

function releasedText({ address, resources, reason }: ReleasedResources): string {
  const below = resources === 1 ? '' : ` with ${count(resources - 1, 'child', 'children')}`
  return `${safeLine(address)}${below}${reason === undefined ? '' : ` (${safeLine(reason)})`}`
}

function expiringText({ address, expires, days }: Expiring): string {
  return `${safeLine(address)} on ${safeLine(expires)} (${daysText(days)})`
}

/** `today`, `in 6 days`. */
function daysText(days: number): string {
  return days === 0 ? 'today' : `in ${count(days, 'day')}`
}
