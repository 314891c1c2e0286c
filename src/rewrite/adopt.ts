import { isMap, isScalar, type Node, type Pair, visit, type YAMLMap } from 'yaml'
import { isMergeKey, keyText } from '../config/place.ts'
import type { Address } from '../model/address.ts'
import type { Diagnostic, SourceRange } from '../model/diagnostic.ts'
import { findAliasUses } from './alias-uses.ts'
import { parseNodes } from './document.ts'
import { applyEdits, type Edit } from './edits.ts'
import { commentsOf } from './equivalence.ts'
import { documentRules } from './layout-rules.ts'
import { pairEnd } from './reorder.ts'

/** An id to be written into a file. */
export interface Adoption {
  readonly address: Address
  readonly id: string
  /** Where the name of the resource stands in the file: what `locate()` of a desired resource gives. */
  readonly at: SourceRange
}

/** The text with the ids written in, and those that could not be. */
export interface Adopted {
  readonly text: string
  readonly written: readonly Adoption[]
  readonly diagnostics: readonly Diagnostic[]
}

/**
 * Writes `id` behind the name of each resource; nothing else of the text changes. A resource whose text serves
 * several places (an anchor with aliases, a merge) is left alone: they would all get the one id.
 */
export function adoptIds(text: string, adoptions: readonly Adoption[]): Adopted {
  const names = namePlaces(text)
  const diagnostics: Diagnostic[] = []
  const written: { adoption: Adoption; edit: Edit; ordinal: number }[] = []
  for (const adoption of adoptions) {
    const ordinal = names.findIndex(({ offset }) => offset === adoption.at.start.offset)
    const place = names[ordinal]
    if (place === undefined || place.isShared) diagnostics.push(cannotAdopt(adoption, 'VPN602'))
    else if (place.map.has('id')) diagnostics.push(cannotAdopt(adoption, 'VPN603'))
    else written.push({ adoption, edit: insertion(text, place, adoption.id), ordinal })
  }
  const result = applyEdits(
    text,
    written.map(({ edit }) => edit),
  )
  const after = namePlaces(result)
  const isRight =
    after.length === names.length &&
    commentsOf(result).join('\n') === commentsOf(text).join('\n') &&
    written.every(({ adoption, ordinal }) => after[ordinal]?.map.get('id') === adoption.id)
  if (isRight) return { text: result, written: written.map(({ adoption }) => adoption), diagnostics }
  return { text, written: [], diagnostics: adoptions.map((adoption) => cannotAdopt(adoption, 'VPN603')) }
}

interface NamePlace {
  readonly map: YAMLMap
  readonly pair: Pair
  /** Where the value starts. */
  readonly offset: number
  readonly isShared: boolean
}

function namePlaces(text: string): readonly NamePlace[] {
  const places: NamePlace[] = []
  for (const { contents } of parseNodes(text)) {
    const { shared } = findAliasUses(contents, documentRules())
    visit(contents, (_key, node, path) => {
      if (!isMap(node)) return
      const pair = (node.items as readonly Pair[]).find(
        ({ key }) => keyText(key) === 'name' && !isMergeKey(key),
      )
      const offset = (pair?.value as Node | null | undefined)?.range?.[0]
      if (pair === undefined || offset === undefined) return
      const isShared = [...path, node].some((owner) => shared.has(owner as Node))
      places.push({ map: node, pair, offset, isShared })
    })
  }
  return places
}

function insertion(text: string, { map, pair }: NamePlace, id: string): Edit {
  const end = pairEnd(pair)
  if (map.flow === true) return { start: end, end, text: `, id: ${id}` }
  const key = isScalar(pair.key) ? (pair.key.range?.[0] ?? 0) : 0
  const column = key - (text.lastIndexOf('\n', key) + 1)
  const newline = text.includes('\r\n') ? '\r\n' : '\n'
  const line = `${' '.repeat(column)}id: ${id}`
  const stop = text.indexOf('\n', Math.max(0, end - 1))
  if (stop === -1) return { start: text.length, end: text.length, text: `${newline}${line}` }
  return { start: stop + 1, end: stop + 1, text: `${line}${newline}` }
}

function cannotAdopt({ address, id, at }: Adoption, code: 'VPN602' | 'VPN603'): Diagnostic {
  const why =
    code === 'VPN602'
      ? 'its text is shared by an anchor or a merge key, and an id belongs to one resource only'
      : 'it is written in an unusual way, or has an id'
  return {
    severity: 'error',
    code,
    message: `no id was written into ${address}: ${why}`,
    hint: `write the resource out on its own, with this line: id: ${id}`,
    at,
    address,
  }
}
