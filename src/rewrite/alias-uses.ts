import {
  type Alias,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { isMergeKey, keyText } from '../config/place.ts'
import type { LayoutRules } from './layout-rules.ts'

/** What each node of a document is used as. A node with an anchor may be used in several places. */
export interface AliasUses {
  readonly maps: ReadonlyMap<YAMLMap, ReadonlySet<LayoutRules>>
  readonly scalars: ReadonlyMap<Scalar, ReadonlySet<LayoutRules>>
  /** Nodes that aliases mean. */
  readonly shared: ReadonlySet<Node>
}

interface Walk {
  readonly anchors: Map<string, Node>
  readonly targets: Map<Alias, Node>
  readonly seen: Map<Node, Set<LayoutRules | null>>
  readonly shared: Set<Node>
}

/** Follows aliases and merge keys, so that what is under `x-` is known by where it is used. */
export function findAliasUses(contents: Node, shape: LayoutRules): AliasUses {
  const walk: Walk = { anchors: new Map(), targets: new Map(), seen: new Map(), shared: new Set() }
  visit(contents, shape, walk)
  const maps = new Map<YAMLMap, Set<LayoutRules>>()
  const scalars = new Map<Scalar, Set<LayoutRules>>()
  for (const [node, shapes] of walk.seen) {
    const known = new Set([...shapes].filter((each) => each !== null))
    if (isMap(node)) maps.set(node, known)
    else if (isScalar(node)) scalars.set(node, known)
  }
  return { maps, scalars, shared: walk.shared }
}

// Each node once for each shape, so that aliases of aliases cost no more than what is written.
function visit(node: Node | null, shape: LayoutRules | null, walk: Walk): void {
  if (isAlias(node)) visitAlias(node, shape, walk)
  else if (node !== null) visitNode(node, shape, walk)
}

function visitNode(node: Exclude<Node, Alias>, shape: LayoutRules | null, walk: Walk): void {
  const shapes = walk.seen.get(node)
  if (shapes?.has(shape)) return
  if (shapes === undefined) {
    walk.seen.set(node, new Set([shape]))
    if (node.anchor !== undefined) walk.anchors.set(node.anchor, node)
  } else shapes.add(shape)
  if (isSeq(node)) {
    const item = shape?.type === 'list' ? shape.item : null
    for (const each of node.items) visit(each as Node | null, item, walk)
  } else if (isMap(node)) {
    for (const pair of node.items as readonly Pair[]) visitPair(pair, shape, walk)
  }
}

// The target of an alias inside a node that is visited again: its anchor may have been given anew since then.
function visitAlias(alias: Alias, shape: LayoutRules | null, walk: Walk): void {
  const target = walk.targets.get(alias) ?? walk.anchors.get(alias.source)
  if (target === undefined) return
  walk.targets.set(alias, target)
  walk.shared.add(target)
  visit(target, shape, walk)
}

function visitPair(pair: Pair, shape: LayoutRules | null, walk: Walk): void {
  const value = pair.value as Node | null
  if (isMergeKey(pair.key)) {
    for (const source of isSeq(value) ? (value.items as Node[]) : [value]) visit(source, shape, walk)
    return
  }
  visit(pair.key as Node | null, null, walk)
  const key = keyText(pair.key)
  const inner = key !== undefined && shape?.type === 'map' ? (shape.members.get(key) ?? null) : null
  visit(value, inner, walk)
}
