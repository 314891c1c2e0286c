import { isPlainObject, type Plain, type PlainObject } from '../model/json.ts'
import { safeLine } from '../model/safe-text.ts'
import { scalarText } from './canonical-form.ts'

const WIDTH = 110

/** A mapping of a list with the comments above it. */
export interface WrittenItem {
  readonly comments: readonly string[]
  readonly members: readonly WrittenMember[]
}

/** A field: a value, or a list of mappings that are always written line by line. */
export type WrittenMember =
  | { readonly key: string; readonly value: Plain }
  | { readonly key: string; readonly items: readonly WrittenItem[] }

/** Fields as YAML in the formatter's own layout: short values in one line, all others line by line. */
export function writeMembers(members: readonly WrittenMember[], indent = 0): string {
  return members
    .map((member) =>
      'items' in member ? writeItems(member, indent) : writeValue(member.key, member.value, indent),
    )
    .join('')
}

/** Lines of comments, each with nothing in it that could end the comment. */
export function writeComments(comments: readonly string[], indent: number): string {
  return comments
    .map((comment) => `${spaces(indent)}# ${commentText(comment)}`.trimEnd().concat('\n'))
    .join('')
}

function writeItems({ key, items }: Extract<WrittenMember, { items: unknown }>, indent: number): string {
  if (items.length === 0) return `${spaces(indent)}${keyText(key)}: []\n`
  const inner = indent + 4
  return `${spaces(indent)}${keyText(key)}:\n${items
    .map((item) => {
      const members = writeMembers(item.members, inner)
      return `${writeComments(item.comments, indent + 2)}${spaces(indent + 2)}- ${members.slice(inner)}`
    })
    .join('')}`
}

function writeValue(key: string, value: Plain, indent: number): string {
  const start = `${spaces(indent)}${keyText(key)}:`
  const short = inlineText(value)
  const isShort = start.length + 1 + short.length <= WIDTH && depthOf(value) <= 3
  if (isShort && !(Array.isArray(value) && value.some(isPlainObject))) return `${start} ${short}\n`
  if (Array.isArray(value)) {
    const items = (value as readonly Plain[]).map((item) => writeListItem(item, indent + 2)).join('')
    return `${start}\n${items}`
  }
  if (!isPlainObject(value)) return `${start} ${short}\n`
  return `${start}\n${writeMembers(membersOf(value), indent + 2)}`
}

function writeListItem(item: Plain, indent: number): string {
  const short = inlineText(item)
  if (!isPlainObject(item) || indent + 2 + short.length <= WIDTH) return `${spaces(indent)}- ${short}\n`
  return `${spaces(indent)}- ${writeMembers(membersOf(item), indent + 2).slice(indent + 2)}`
}

function membersOf(value: PlainObject): readonly WrittenMember[] {
  return Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [{ key, value: inner }]))
}

/** A value in one line, as it is written inside `[]` and `{}` too. */
export function inlineText(value: Plain): string {
  if (Array.isArray(value)) return `[${(value as readonly Plain[]).map(inlineText).join(', ')}]`
  if (!isPlainObject(value)) return scalarText(value as Exclude<Plain, object>)
  const members = Object.entries(value).flatMap(([key, inner]) =>
    inner === undefined ? [] : [`${keyText(key)}: ${inlineText(inner)}`],
  )
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

/** How deep lists and mappings are in a value. */
export function depthOf(value: Plain): number {
  if (typeof value !== 'object' || value === null) return 0
  return 1 + Math.max(0, ...Object.values(value).map((inner) => depthOf((inner ?? null) as Plain)))
}

function keyText(key: string): string {
  return /^[A-Za-z][\w-]*$/.test(key) ? key : scalarText(key)
}

function spaces(count: number): string {
  return ' '.repeat(count)
}

function commentText(text: string): string {
  return safeLine(text.replace(/\s+/g, ' '))
}
