import { type CST, isCollection, isMap, isSeq, type Node, type Pair, type YAMLMap } from 'yaml'
import { parseSource } from '../config/parse.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { type AliasUses, findAliasUses } from './alias-uses.ts'
import { canonicalText } from './canonical-form.ts'
import { parseNodes, type SourceDocument } from './document.ts'
import { applyEdits, type Edit } from './edits.ts'
import { commentsOf, equivalentForm } from './equivalence.ts'
import { collectionEnd, flowText } from './flow.ts'
import { documentRules } from './layout-rules.ts'
import { canonicalOrder } from './order.ts'
import { reorderEdits } from './reorder.ts'
import { tidyLines } from './whitespace.ts'

/** A formatted text, or why it cannot be formatted. */
export type Formatted =
  | { readonly text: string; readonly changed: boolean }
  | { readonly diagnostics: readonly Diagnostic[] }

/**
 * A file with its fields in canonical order and its values in canonical form. Comments, anchors, quotes, the
 * order of lists, indentation and blank lines between fields stay. Idempotent, and never changes what the file
 * says: a text for which that cannot be shown is left alone, with a diagnostic.
 */
export function formatText(text: string, { file }: { readonly file: string }): Formatted {
  const { diagnostics } = parseSource({ file, folder: '', text })
  if (diagnostics.length > 0) return { diagnostics }
  const unix = text.replaceAll('\r\n', '\n')
  const spelt = respellValues(unix.endsWith('\n') ? unix : `${unix}\n`)
  const formatted = tidyLines(reorderMembers(spelt))
  if (!saysTheSame(text, formatted)) return { diagnostics: [cannotFormat(file)] }
  return { text: formatted, changed: formatted !== text }
}

function saysTheSame(before: string, after: string): boolean {
  if (before === after) return true
  const comments = commentsOf(before.replaceAll('\r\n', '\n'))
  return (
    equivalentForm(before) === equivalentForm(after) && comments.join('\n') === commentsOf(after).join('\n')
  )
}

function cannotFormat(file: string): Diagnostic {
  return {
    severity: 'error',
    code: 'VPN601',
    message: `${file} is written in a way that cannot be formatted without changing what it says; it was left alone`,
    hint: 'write values and comments on lines of their own, and avoid "? key" and anchors that are given twice',
  }
}

// Values first, since their places do not depend on the order of fields.
function respellValues(text: string): string {
  const edits: Edit[] = []
  for (const document of parseNodes(text)) {
    const uses = findAliasUses(document.contents, documentRules())
    const scalars = new Map<number, string>()
    for (const [scalar, shapes] of uses.scalars) {
      const form = canonicalText(scalar, shapes)
      if (form !== undefined && scalar.range != null) scalars.set(scalar.range[0], form)
    }
    const rules = { scalars, orders: flowOrders(document, uses) }
    const collections = outermostFlow(document.contents)
    for (const collection of collections) {
      const [start, end] = [collection.offset, collectionEnd(collection)]
      edits.push({ start, end, text: flowText(collection, text, rules) })
    }
    edits.push(...blockScalars(uses, scalars, edits))
  }
  return applyEdits(text, edits)
}

function blockScalars(
  uses: AliasUses,
  forms: ReadonlyMap<number, string>,
  flows: readonly Edit[],
): readonly Edit[] {
  const isInFlow = (offset: number): boolean =>
    flows.some(({ start, end }) => start <= offset && offset < end)
  return [...uses.scalars.keys()].flatMap((scalar) => {
    const [start, end] = scalar.range ?? [0, 0]
    const text = forms.get(start)
    return text === undefined || isInFlow(start) ? [] : [{ start, end, text }]
  })
}

function flowOrders(document: SourceDocument, uses: AliasUses): ReadonlyMap<number, readonly number[]> {
  return new Map(
    [...uses.maps.keys()].flatMap((map) => {
      const order = map.flow === true ? orderOf(map, uses, document) : undefined
      return order === undefined || map.range == null ? [] : [[map.range[0], order] as const]
    }),
  )
}

function outermostFlow(node: Node | null): readonly CST.FlowCollection[] {
  if (!isCollection(node)) return []
  if (node.srcToken?.type === 'flow-collection') return [node.srcToken]
  if (isSeq(node)) return node.items.flatMap((item) => outermostFlow(item as Node | null))
  if (!isMap(node)) return []
  return (node.items as readonly Pair<Node | null, Node | null>[]).flatMap((pair) =>
    outermostFlow(pair.value),
  )
}

// A round for each level of the deepest document that is read.
const MAX_ROUNDS = 64

// Innermost mappings first, as many at once as do not hold one another; what is left waits for the next round.
function reorderMembers(text: string): string {
  let current = text
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const edits = parseNodes(current).flatMap((document) => {
      const uses = findAliasUses(document.contents, documentRules())
      return blockEdits(document.contents, false, { document, uses, text: current })
    })
    if (edits.length === 0) return current
    current = applyEdits(current, edits)
  }
  return current
}

interface Situation {
  readonly document: SourceDocument
  readonly uses: AliasUses
  readonly text: string
}

function blockEdits(node: Node | null, isValue: boolean, situation: Situation): readonly Edit[] {
  if (!isCollection(node) || node.flow === true) return []
  const inner = isMap(node)
    ? (node.items as readonly Pair<Node | null, Node | null>[]).flatMap((pair) =>
        blockEdits(pair.value, true, situation),
      )
    : node.items.flatMap((item) => blockEdits(item as Node | null, false, situation))
  if (inner.length > 0 || !isMap(node)) return inner
  const order = orderOf(node, situation.uses, situation.document)
  return order === undefined ? [] : (reorderEdits(node, order, situation.text, isValue) ?? [])
}

// Undefined also when the places that use it want different orders.
function orderOf(map: YAMLMap, uses: AliasUses, document: SourceDocument): readonly number[] | undefined {
  const orders = [...(uses.maps.get(map) ?? [])].flatMap((shape) =>
    shape.type === 'map' ? [canonicalOrder(map.items as readonly Pair[], shape, document.hasAnchors)] : [],
  )
  const [first, ...others] = orders
  return others.every((other) => other?.join() === first?.join()) ? first : undefined
}
