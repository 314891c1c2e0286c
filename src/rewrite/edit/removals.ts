import type { Node, Pair, YAMLMap, YAMLSeq } from 'yaml'
import type { Edit } from '../edits.ts'
import { endOfLine, lineStart, nodeEnd, pairEnd } from '../reorder.ts'

/** The edits that remove items of a list. */
export function removedItems(text: string, list: YAMLSeq, gone: ReadonlySet<number>): readonly Edit[] {
  const items = list.items as readonly Node[]
  if (list.flow === true) {
    return removedStretches(
      items.map(({ range }) => ({ start: range?.[0] ?? 0, end: range?.[1] ?? 0 })),
      gone,
    )
  }
  return [...gone].flatMap((index): readonly Edit[] => {
    const item = items[index]
    if (item === undefined) return []
    const start = lineStart(text, text.lastIndexOf('-', (item.range?.[0] ?? 1) - 1))
    return [
      {
        start: index === 0 ? start : aboveComments(text, start),
        end: endOfLine(text, nodeEnd(item)),
        text: '',
      },
    ]
  })
}

/** The edits that remove pairs of a mapping; undefined where nothing of it would be left. */
export function removedPairs(
  text: string,
  map: YAMLMap,
  gone: ReadonlySet<number>,
): readonly Edit[] | undefined {
  const pairs = map.items as readonly Pair[]
  if (gone.size === pairs.length) return undefined
  const places = pairs.map((pair) => ({ start: (pair.key as Node).range?.[0] ?? 0, end: pairEnd(pair) }))
  if (map.flow === true) return removedStretches(places, gone)
  return [...gone].flatMap((index): readonly Edit[] => {
    const { start, end } = places[index] ?? { start: 0, end: 0 }
    const line = lineStart(text, start)
    // On the line of the dash: the next key takes its place.
    const next = places[index + 1]
    const isOnDash = text.slice(line, start).includes('-')
    return [
      {
        start: isOnDash ? start : line,
        end: isOnDash && next !== undefined ? next.start : endOfLine(text, end),
        text: '',
      },
    ]
  })
}

interface Stretch {
  readonly start: number
  readonly end: number
}

// Between brackets: with the comma behind, or that in front where nothing stays behind.
function removedStretches(places: readonly Stretch[], gone: ReadonlySet<number>): readonly Edit[] {
  const edits: Edit[] = []
  for (let index = 0; index < places.length; index += 1) {
    if (!gone.has(index)) continue
    const first = index
    while (gone.has(index + 1)) index += 1
    const [before, after] = [places[first - 1], places[index + 1]]
    const start = after === undefined && before !== undefined ? before.end : (places[first]?.start ?? 0)
    edits.push({ start, end: after?.start ?? places[index]?.end ?? start, text: '' })
  }
  return edits
}

// Comments directly above an entry are about it. Those above the first one may be about the list.
function aboveComments(text: string, start: number): number {
  let at = start
  while (at > 0) {
    const line = lineStart(text, at - 1)
    if (!text.slice(line, at).trimStart().startsWith('#')) return at
    at = line
  }
  return at
}
