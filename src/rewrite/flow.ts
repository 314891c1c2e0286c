import type { CST } from 'yaml'

/** How the parts of flow collections are written. */
export interface FlowRules {
  /** The text of the scalar at an offset, where it is not what it was. */
  readonly scalars: ReadonlyMap<number, string>
  /** The order of the fields of the mapping at an offset. */
  readonly orders: ReadonlyMap<number, readonly number[]>
}

/**
 * The text of a `[]` or `{}`. On one line it gets the spacing `{ a: 1, b: [x, y] }`; over several lines its layout
 * stays, and with comments in it the order of its fields too.
 */
export function flowText(collection: CST.FlowCollection, source: string, rules: FlowRules): string {
  const end = collectionEnd(collection)
  const original = source.slice(collection.offset, end)
  const items = collection.items.filter((item) => !isEmptyItem(item))
  const texts = items.map((item) => itemText(item, source, rules))
  const order = rules.orders.get(collection.offset) ?? texts.map((_, index) => index)
  if (!original.includes('\n')) {
    const isMap = collection.start.source === '{'
    const inner = order.map((index) => texts[index]).join(', ')
    if (inner === '') return isMap ? '{}' : '[]'
    return isMap ? `{ ${inner} }` : `[${inner}]`
  }
  const keepsOrder = original.includes('#')
  let result = ''
  let done = collection.offset
  for (const [place, item] of items.entries()) {
    result +=
      source.slice(done, itemStart(item)) + (texts[keepsOrder ? place : (order[place] ?? place)] ?? '')
    done = itemEnd(item)
  }
  return result + source.slice(done, end)
}

/** Where a flow collection ends: behind its closing bracket. */
export function collectionEnd(collection: CST.FlowCollection): number {
  const close = collection.end.find((token) => token.type === 'flow-map-end' || token.type === 'flow-seq-end')
  return close === undefined ? collection.offset + 1 : close.offset + 1
}

function itemText(item: CST.CollectionItem, source: string, rules: FlowRules): string {
  const start = itemStart(item)
  const end = itemEnd(item)
  if (source.slice(start, end).includes('\n')) return withParts(item, source, rules)
  const before = meaningful(item.start).map((token) => token.source)
  const key = item.key ? [partText(item.key, source, rules)] : []
  const sep = meaningful(item.sep ?? [])
  const colon = sep.some((token) => token.type === 'map-value-ind')
  const props = sep.filter((token) => token.type !== 'map-value-ind').map((token) => token.source)
  const value = item.value ? [partText(item.value, source, rules)] : []
  const left = [...before, ...key].join(' ')
  const right = [...props, ...value].join(' ')
  if (!colon) return [left, right].filter((part) => part !== '').join(' ')
  // `*alias :` needs its space: a colon may be part of an alias.
  const separator = item.key?.type === 'alias' ? ' :' : ':'
  return right === '' ? `${left}${separator}` : `${left}${separator} ${right}`
}

// Only keys and values are written anew; what is between them stays.
function withParts(item: CST.CollectionItem, source: string, rules: FlowRules): string {
  let result = ''
  let done = itemStart(item)
  for (const part of [item.key, item.value]) {
    if (part === null || part === undefined) continue
    result += source.slice(done, part.offset) + partText(part, source, rules)
    done = partEnd(part)
  }
  return result + source.slice(done, itemEnd(item))
}

function partText(part: CST.Token, source: string, rules: FlowRules): string {
  if (part.type === 'flow-collection') return flowText(part, source, rules)
  return rules.scalars.get(part.offset) ?? source.slice(part.offset, partEnd(part))
}

function partEnd(part: CST.Token): number {
  if (part.type === 'flow-collection') return collectionEnd(part)
  return part.offset + ('source' in part ? part.source.length : 0)
}

function itemStart(item: CST.CollectionItem): number {
  const first = meaningful(item.start)[0] ?? item.key ?? meaningful(item.sep ?? [])[0] ?? item.value
  return first?.offset ?? 0
}

function itemEnd(item: CST.CollectionItem): number {
  if (item.value) return partEnd(item.value)
  const last = meaningful(item.sep ?? []).at(-1)
  if (last !== undefined) return last.offset + last.source.length
  if (item.key) return partEnd(item.key)
  const prop = meaningful(item.start).at(-1)
  return prop === undefined ? 0 : prop.offset + prop.source.length
}

function isEmptyItem(item: CST.CollectionItem): boolean {
  return !item.key && !item.value && meaningful([...item.start, ...(item.sep ?? [])]).length === 0
}

function meaningful(tokens: readonly CST.SourceToken[]): readonly CST.SourceToken[] {
  return tokens.filter((token) => !['comma', 'space', 'newline', 'comment'].includes(token.type))
}
