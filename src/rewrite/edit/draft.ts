import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import { references } from '../../config/variables.ts'
import type { Plain } from '../../model/json.ts'
import { scalarText } from '../canonical-form.ts'
import type { Edit } from '../edits.ts'
import { pairEnd } from '../reorder.ts'
import { inlineText } from '../yaml-writer.ts'
import type { EntryEdit, EntryPath } from './expected-values.ts'
import { addedItems, newField, newList } from './insertions.ts'
import { type EntryPlace, findPair, type ListItem } from './place.ts'
import { removedItems, removedPairs } from './removals.ts'

/** What prevents an edit. */
export interface Obstacle {
  readonly why: 'shared' | 'unusual' | 'alias' | 'variable'
  /** Offsets of the value that prevents it. */
  readonly range?: readonly [number, number]
}

const UNUSUAL: Obstacle = { why: 'unusual' }

/**
 * Collects the edits of one text. What is removed is collected first, since what may be removed of a list in one line
 * depends on what else of it is.
 */
export class EditDraft {
  readonly #text: string
  readonly #edits: Edit[] = []
  readonly #items = new Map<
    YAMLSeq,
    { readonly owner: YAMLMap; readonly pair: Pair; readonly gone: Set<number> }
  >()
  readonly #pairs = new Map<YAMLMap, Set<number>>()
  readonly #added = new Map<YAMLMap, Map<string, Plain[]>>()

  constructor(text: string) {
    this.#text = text
  }

  /** Adds an edit, unless something prevents it. */
  add(place: EntryPlace, edit: EntryEdit): Obstacle | undefined {
    switch (edit.type) {
      case 'add':
        return this.#addItem(edit.top === true ? place.root : place.map, edit.list, edit.entry)
      case 'remove':
        return place.item === undefined ? UNUSUAL : this.#removeItem(place.item)
      case 'set':
        return this.#set(place, edit)
      default:
        return edit satisfies never
    }
  }

  /** All edits of the text; undefined where some of them cannot be made. */
  edits(): readonly Edit[] | undefined {
    const removals: Edit[] = []
    const added = this.#additions()
    if (added === undefined) return undefined
    for (const [list, { owner, pair, gone }] of this.#items) {
      const isEmptied = gone.size === list.items.length
      if (isEmptied && this.#isGrowing(owner, pair)) return undefined
      if (isEmptied && owner.items.length > 1) this.#gonePairs(owner).add(owner.items.indexOf(pair))
      else removals.push(...removedItems(this.#text, list, gone))
    }
    for (const [map, gone] of this.#pairs) {
      const edits = removedPairs(this.#text, map, gone)
      if (edits === undefined) return undefined
      removals.push(...edits)
    }
    return [...this.#edits, ...added, ...removals]
  }

  // All items of a list together, since a list is made once.
  #additions(): readonly Edit[] | undefined {
    const edits: Edit[] = []
    for (const [map, lists] of this.#added) {
      for (const [list, entries] of lists) {
        const own = additions(this.#text, map, list, entries)
        if (own === undefined) return undefined
        edits.push(...own)
      }
    }
    return edits
  }

  #isGrowing(owner: YAMLMap, pair: Pair): boolean {
    return [...(this.#added.get(owner)?.keys() ?? [])].some((list) => findPair(owner, list) === pair)
  }

  #gonePairs(map: YAMLMap): Set<number> {
    const gone = this.#pairs.get(map) ?? new Set()
    this.#pairs.set(map, gone)
    return gone
  }

  #addItem(map: YAMLMap | undefined, list: string, entry: Plain): Obstacle | undefined {
    if (map === undefined) return UNUSUAL
    const value = findPair(map, list)?.value
    if (isAlias(value)) return blockedBy(value, 'alias')
    if (additions(this.#text, map, list, [entry]) === undefined) return UNUSUAL
    const lists = this.#added.get(map) ?? new Map<string, Plain[]>()
    this.#added.set(map, lists.set(list, [...(lists.get(list) ?? []), entry]))
    return undefined
  }

  #removeItem({ list, index, owner, pair }: ListItem): undefined {
    const known = this.#items.get(list) ?? { owner, pair, gone: new Set<number>() }
    known.gone.add(index)
    this.#items.set(list, known)
  }

  #set(place: EntryPlace, { path, value, order }: Extract<EntryEdit, { type: 'set' }>): Obstacle | undefined {
    const found = holderOf(place.map, path)
    if ('why' in found) return found
    const { holder, owner, pair: listPair } = found
    const last = path.at(-1) ?? ''
    const pair = isMap(holder) ? findPair(holder, String(last)) : undefined
    const node = (isMap(holder) ? pair?.value : holder.items[Number(last)]) as Node | null | undefined
    const obstacle = node === null || node === undefined ? undefined : fixedBy(node, place.shared)
    if (obstacle !== undefined) return obstacle
    if (isSeq(holder)) {
      if (node?.range === null || node?.range === undefined) return UNUSUAL
      if (value === undefined) {
        return owner === undefined || listPair === undefined
          ? UNUSUAL
          : this.#removeItem({ list: holder, index: Number(last), owner, pair: listPair })
      }
      const [start, end] = node.range
      this.#edits.push({ start, end, text: newText(value, node) })
    } else if (pair === undefined) {
      if (value !== undefined)
        this.#edits.push(newField(this.#text, holder, `${last}: ${inlineText(value)}`, order))
    } else if (value === undefined) {
      this.#gonePairs(holder).add(holder.items.indexOf(pair))
    } else {
      const colon = this.#text.indexOf(':', (pair.key as Node).range?.[1] ?? 0)
      this.#edits.push({ start: colon + 1, end: pairEnd(pair), text: ` ${newText(value, node)}` })
    }
    return undefined
  }
}

function additions(
  text: string,
  map: YAMLMap,
  list: string,
  entries: readonly Plain[],
): readonly Edit[] | undefined {
  const value = findPair(map, list)?.value
  return isSeq(value) && value.items.length > 0
    ? [addedItems(text, value, entries)]
    : newList(text, map, list, entries)
}

interface Holder {
  readonly holder: YAMLMap | YAMLSeq
  /** Of a list: the mapping that has it, and the pair there. */
  readonly owner?: YAMLMap
  readonly pair?: Pair
}

function holderOf(map: YAMLMap, path: EntryPath): Holder | Obstacle {
  let found: Holder = { holder: map }
  for (const step of path.slice(0, -1)) {
    const { holder } = found
    const pair = isMap(holder) ? findPair(holder, String(step)) : undefined
    const node = isMap(holder) ? pair?.value : holder.items[Number(step)]
    if (isAlias(node)) return blockedBy(node, 'alias')
    if (!isMap(node) && !isSeq(node)) return UNUSUAL
    found = { holder: node, ...(isMap(holder) && pair !== undefined ? { owner: holder, pair } : {}) }
  }
  return found
}

// A value that is written elsewhere, or is used by others too.
function fixedBy(value: Node, shared: ReadonlySet<Node>): Obstacle | undefined {
  let obstacle: Obstacle | undefined
  visit(value, (_key, node) => {
    if (isAlias(node) || shared.has(node as Node)) obstacle = blockedBy(node as Node, 'alias')
    else if (isScalar(node) && hasVariable(node.value)) obstacle = blockedBy(node, 'variable')
    return obstacle === undefined ? undefined : visit.BREAK
  })
  return obstacle
}

function hasVariable(value: unknown): boolean {
  return typeof value === 'string' && references(value).some(({ inner }) => inner !== undefined)
}

function blockedBy({ range }: Node, why: 'alias' | 'variable'): Obstacle {
  return range === null || range === undefined ? { why } : { why, range: [range[0], range[1]] }
}

// In the quotes of the value before.
function newText(value: Plain, before: Node | null | undefined): string {
  const isQuoted = isScalar(before) && (before.type === 'QUOTE_SINGLE' || before.type === 'QUOTE_DOUBLE')
  return isQuoted && typeof value === 'string' && before.type !== undefined
    ? scalarText(value, before.type)
    : inlineText(value)
}
