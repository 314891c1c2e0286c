import { isMap, isSeq, type Node, type Pair, visit, type YAMLMap, type YAMLSeq } from 'yaml'
import { isMergeKey, keyText } from '../../config/place.ts'
import { findAliasUses } from '../alias-uses.ts'
import { parseNodes } from '../document.ts'
import { documentRules } from '../layout-rules.ts'

/** An item of a list. */
export interface ListItem {
  readonly list: YAMLSeq
  readonly index: number
  /** The key of the list, and the mapping that has it. */
  readonly pair: Pair
  readonly owner: YAMLMap
}

/** Where the entry of a resource is in a text. */
export interface EntryPlace {
  readonly map: YAMLMap
  /** Undefined where the mapping is a document. */
  readonly item: ListItem | undefined
  /** The document, if it is a mapping. */
  readonly root: YAMLMap | undefined
  /** Number of the document, then keys and indices. */
  readonly path: readonly (string | number)[]
  readonly isShared: boolean
  /** Nodes of the document that aliases stand for. */
  readonly shared: ReadonlySet<Node>
}

/** The offset that means a file itself: no name starts at it. */
export const FILE_START = 0

/** The entries of a text whose names have their values at these offsets, by offset; the first document at {@link FILE_START}. */
export function findPlaces(text: string, offsets: ReadonlySet<number>): ReadonlyMap<number, EntryPlace> {
  const places = new Map<number, EntryPlace>()
  for (const [number, { contents }] of parseNodes(text).entries()) {
    const { shared } = findAliasUses(contents, documentRules())
    const root = isMap(contents) ? contents : undefined
    if (root !== undefined && root.items.length > 0 && offsets.has(FILE_START) && !places.has(FILE_START))
      places.set(FILE_START, { map: root, item: undefined, root, path: [number], isShared: false, shared })
    visit(contents, (_key, node, path) => {
      const offset = isMap(node) ? nameOffset(node) : undefined
      const [list, pair, owner] = [path.at(-1), path.at(-2), path.at(-3)]
      if (offset === undefined || !offsets.has(offset) || !isMap(node) || !isSeq(list) || !isMap(owner))
        return
      places.set(offset, {
        map: node,
        item: { list, index: list.items.indexOf(node), pair: pair as Pair, owner },
        root,
        path: [number, ...jsPath([...path, node])],
        isShared: [...path, node].some((each) => shared.has(each as Node)),
        shared,
      })
    })
  }
  return places
}

function nameOffset(map: YAMLMap): number | undefined {
  const pair = findPair(map, 'name')
  return (pair?.value as Node | null | undefined)?.range?.[0]
}

/** The pair that a mapping itself has under a key, not what is merged into it. */
export function findPair(map: YAMLMap, key: string): Pair | undefined {
  return (map.items as readonly Pair[]).find((pair) => keyText(pair.key) === key && !isMergeKey(pair.key))
}

function jsPath(nodes: readonly unknown[]): readonly (string | number)[] {
  return nodes.flatMap((node, at): readonly (string | number)[] => {
    const parent = nodes[at - 1]
    if (isSeq(parent)) return [parent.items.indexOf(node)]
    if (typeof node === 'object' && node !== null && 'key' in node) return [keyText((node as Pair).key) ?? '']
    return []
  })
}
