import type { Status } from '../../plan/status.ts'
import { unreadText } from '../writing/coverage.ts'
import { safeLine } from '../writing/safe-text.ts'
import { count } from '../writing/words.ts'

/** What there is to say about all of a status, below its table. `narrowed`: flags may have left resources out. */
export function statusNotes(status: Status, narrowed = false): readonly string[] {
  const items = status.locations.flatMap((location) => location.items)
  const unready = items.filter(({ live }) => live.status !== 'AVAILABLE').length
  const unread = unreadText(status.unread)
  const empty = status.locations.filter((location) => location.items.length === 0)
  // What was left out must not be called absent.
  const elsewhere = narrowed ? [] : [...neighbourNotes(status), ...otherLocationsNote(status)]
  return [
    ...(empty.length === 0
      ? []
      : [
          `${empty.map(({ location }) => location).join(', ')}: no ${narrowed ? 'matching resources' : 'resources'}.`,
        ]),
    ...(elsewhere.length === 0 ? [] : [elsewhere.join(' · ')]),
    ...(unread === undefined ? [] : [`${unread}.`]),
    ...(unready === 0 ? [] : [`${count(unready, 'resource')} not AVAILABLE.`]),
    ...(status.locations.length === 0
      ? [`${(status.others ?? []).join(', ')}: no resources of this stack.`]
      : []),
    ...(items.some(({ owner }) => owner.type === 'other-stack' && owner.stack === undefined)
      ? [
          status.stack === undefined
            ? '"stack ..." is a stack whose name is not known here, since no valid files were read; equal digits are the same stack.'
            : '"stack ..." is a stack that the files do not name; equal digits are the same stack. If it is yours or a colleague\'s, name it in neighbours:.',
        ]
      : []),
  ]
}

// `de/txl: 2 gateways of acme-dev (neighbour)`; what is below them is not mentioned.
function neighbourNotes({ locations }: Status): readonly string[] {
  return locations.flatMap(({ location, items }) => {
    const counts = new Map<string, { noun: string; amount: number }>()
    for (const { live, owner, depth } of items) {
      if (depth > 0 || owner.type !== 'other-stack' || owner.stack === undefined) continue
      const { noun, amount } = counts.get(owner.stack) ?? { noun: live.kind.noun, amount: 0 }
      counts.set(owner.stack, { noun, amount: amount + 1 })
    }
    return [...counts].map(
      ([stack, { noun, amount }]) => `${location}: ${count(amount, noun)} of ${safeLine(stack)} (neighbour)`,
    )
  })
}

function otherLocationsNote({ stack, others = [], locations }: Status): readonly string[] {
  const shown = new Set(locations.map(({ location }) => location))
  const empty = others.filter((location) => !shown.has(location))
  if (empty.length === 0 || locations.length === 0 || stack === undefined) return []
  return [`${count(empty.length, 'other location')}: nothing of ${safeLine(stack)}`]
}
