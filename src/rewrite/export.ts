import type { Address } from '../model/address.ts'
import type { Diagnostic } from '../model/diagnostic.ts'
import { type FieldPath, formatPath, type PlainObject } from '../model/json.ts'
import type { LiveState } from '../model/resource.ts'
import { type ExportItem, itemLists, itemOf, noteProblems, writtenLists } from './export-item.ts'
import { type LiveNode, liveTree } from './live-tree.ts'
import { literal } from './live-value.ts'
import { secretVariables } from './secret-variables.ts'
import { EDITOR_LINE } from './templates.ts'
import { type WrittenMember, writeComments, writeMembers } from './yaml-writer.ts'

/** A secret that the exported file refers to. */
export interface ExportedSecret {
  /** The environment variable. */
  readonly variable: string
  readonly location: string
  readonly address: Address
  readonly field: string
  /** Of the resource. */
  readonly id: string
}

/** How the file is written. */
export interface ExportOptions {
  readonly stack: string
  /** The reference to a secret; left out: its environment variable. */
  readonly referTo?: ReferTo
  /** The first comment of a document with resources; left out: that they are live. */
  readonly title?: (location: string) => string
}

/** What a file says in place of a secret. */
export type ReferTo = (secret: ExportedSecret) => PlainObject

/** A file that says what is live. */
export interface Exported {
  readonly text: string
  /** Secrets that have to be given before anything can be applied, in the order of the file. */
  readonly secrets: readonly ExportedSecret[]
  /** What the file cannot say, or says although it is not valid. */
  readonly diagnostics: readonly Diagnostic[]
  readonly resources: number
}

/**
 * All that is live as a file, one document for each location: ids pinned, secrets as references, documented defaults
 * left out. What the service chose (maintenance windows, algorithms) is written, so that the file can rebuild it all.
 * A plan of the file finds nothing to change, but for what the diagnostics report.
 */
export function exportYaml(live: LiveState, options: ExportOptions): Exported {
  const { stack } = options
  const trees = live.locations.map((location) => ({ location, ...liveTree(live, location, stack) }))
  const filled = trees.filter(({ roots }) => roots.length > 0)
  const documents = filled.length > 0 ? filled : trees.slice(0, 1)
  const variables = variablesOf(
    documents.flatMap(({ roots }) => roots),
    options.referTo,
  )
  const diagnostics = trees.flatMap((tree) => tree.diagnostics)
  const texts = documents.map(({ location, roots }) => {
    const items = roots.map((root) => itemOf(root, variables.byId))
    const value = { version: 1, stack, location, ...itemLists(items) }
    diagnostics.push(...items.flatMap(unknownFields), ...noteProblems(items, value))
    return documentText(options, location, items)
  })
  return {
    text: `${EDITOR_LINE}${texts.join('---\n')}`,
    secrets: variables.secrets,
    diagnostics,
    resources: documents.flatMap(({ roots }) => roots).reduce((sum, root) => sum + countOf(root), 0),
  }
}

function countOf(node: LiveNode): number {
  return node.children.reduce((sum, child) => sum + countOf(child), 1)
}

/** The references to the secrets of some resources and of what is below them. */
export interface Variables {
  /** In the order of the kind's secrets. */
  readonly byId: ReadonlyMap<string, readonly PlainObject[]>
  readonly secrets: readonly ExportedSecret[]
}

/** One reference for each secret. */
export function variablesOf(
  roots: readonly LiveNode[],
  referTo: ReferTo = ({ variable }) => ({ env: variable }),
): Variables {
  const places = roots
    .flatMap(withChildren)
    .flatMap((node) => node.live.kind.secrets.map(({ path, variable }) => ({ node, path, variable })))
  const names = secretVariables(
    places.map(({ node, variable }) => ({
      location: node.live.location,
      names: node.names,
      id: node.live.id,
      variable,
    })),
  )
  const byId = new Map<string, readonly PlainObject[]>()
  const secrets = places.map(({ node, path }, index): ExportedSecret => {
    const { location, id } = node.live
    const variable = names[index] ?? ''
    const secret = { variable, location, address: node.address, field: formatPath(path), id }
    byId.set(id, [...(byId.get(id) ?? []), referTo(secret)])
    return secret
  })
  return { byId, secrets }
}

function withChildren(node: LiveNode): readonly LiveNode[] {
  return [node, ...node.children.flatMap(withChildren)]
}

function unknownFields(item: ExportItem): readonly Diagnostic[] {
  const own = item.unknown.map(
    (path: FieldPath): Diagnostic => ({
      severity: 'warning',
      code: 'VPN607',
      message: `left out: the field ${JSON.stringify(formatPath(path))}, which the file format does not know`,
      hint: 'a newer vpnctl may know it; until then every update of this resource drops it',
      address: item.node.address,
    }),
  )
  return [...own, ...item.children.flatMap(unknownFields)]
}

function documentText(
  { stack, title }: ExportOptions,
  location: string,
  items: readonly ExportItem[],
): string {
  const head: readonly WrittenMember[] = [
    { key: 'version', value: 1 },
    { key: 'stack', value: literal(stack) },
    { key: 'location', value: location },
  ]
  const what =
    items.length === 0
      ? `Nothing is live in ${location}.`
      : (title?.(location) ??
        `What is live in ${location}, as vpnctl export found it. Each id says which resource an entry means.`)
  return [
    writeComments([what], 0),
    writeMembers(head),
    ...writtenLists(items).map((list) => `\n${writeMembers([list])}`),
  ].join('')
}
