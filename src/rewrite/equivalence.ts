import { CST, Lexer } from 'yaml'
import { evaluate } from '../config/evaluate.ts'
import { parseSource } from '../config/parse.ts'
import { canonicalJson, isPlainObject, type Plain } from '../model/json.ts'
import { documentRules, EXTENSION_PREFIX, type LayoutRules } from './layout-rules.ts'

/**
 * What a text says: equal for two texts that mean the same values in their canonical form, whatever the
 * order of fields, and undefined for what is not YAML. Variables mean themselves.
 */
export function equivalentForm(text: string): string | undefined {
  const { documents, diagnostics } = parseSource({ file: '', folder: '', text })
  if (diagnostics.length > 0) return undefined
  const shape = documentRules()
  return JSON.stringify(
    documents.map((document) => {
      const result = evaluate(document, { values: new Map(), used: new Set() })
      const value =
        result.document === null ? null : canonical(withoutExtensions(result.document.value), shape)
      return [canonicalJson(value), result.diagnostics.map(({ code }) => code).sort()]
    }),
  )
}

// What is under `x-` says something only where an alias brings it.
function withoutExtensions(value: unknown): unknown {
  if (!isPlainObject(value)) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => !key.startsWith(EXTENSION_PREFIX)))
}

/** The comments of a text, sorted. */
export function commentsOf(text: string): readonly string[] {
  const comments: string[] = []
  let isScalar = false
  for (const token of new Lexer().lex(text)) {
    if (!isScalar && token.startsWith('#')) comments.push(token.trimEnd())
    isScalar = token === CST.SCALAR
  }
  return comments.sort()
}

function canonical(value: unknown, shape: LayoutRules | undefined): Plain {
  if (Array.isArray(value)) {
    const item = shape?.type === 'list' ? shape.item : undefined
    return (value as readonly unknown[]).map((each) => canonical(each, item))
  }
  if (isPlainObject(value)) {
    const members = shape?.type === 'map' ? shape.members : undefined
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, canonical(inner, members?.get(key))]),
    )
  }
  const plain = value as Plain
  const isLeaf = shape?.type === 'leaf' && plain !== null && !String(plain).includes('${')
  return isLeaf ? shape.respell(plain) : plain
}
