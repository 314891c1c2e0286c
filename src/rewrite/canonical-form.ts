import { Document, isScalar, type Scalar, YAMLSeq } from 'yaml'
import type { Plain } from '../model/json.ts'
import { isSafeLine, safeJson } from '../model/safe-text.ts'
import type { LayoutRules } from './layout-rules.ts'

/**
 * The canonical text of a scalar, or undefined when it stays as it is: it is spelt so already, its uses do not agree,
 * or it contains a variable. Block scalars and values over several lines stay.
 */
export function canonicalText(scalar: Scalar, shapes: ReadonlySet<LayoutRules>): string | undefined {
  const { value, tag } = scalar
  const source = writtenAs(scalar)
  if (source === undefined || source.includes('\n') || tag !== undefined) return undefined
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  if (typeof value === 'string' && value.includes('${')) return undefined
  const canonical = agreedValue(value, shapes)
  if (canonical === undefined || canonical === value) return undefined
  return scalarText(canonical, typeof canonical === typeof value ? scalar.type : undefined)
}

function writtenAs({ srcToken }: Scalar): string | undefined {
  switch (srcToken?.type) {
    case 'scalar':
    case 'single-quoted-scalar':
    case 'double-quoted-scalar':
      return srcToken.source
    default:
      return undefined
  }
}

function agreedValue(value: string | number, shapes: ReadonlySet<LayoutRules>): string | number | undefined {
  const outcomes = new Set<Plain>()
  for (const shape of shapes) if (shape.type === 'leaf') outcomes.add(shape.respell(value))
  const [only, ...others] = outcomes
  const isScalarValue = typeof only === 'string' || typeof only === 'number'
  return others.length === 0 && isScalarValue ? only : undefined
}

/** A value as it is written in one line, also inside `[]` and `{}`; in quotes where it needs them. */
export function scalarText(value: string | number | boolean | null, type?: Scalar.Type): string {
  // What a terminal or the log of a pipeline would obey, as YAML's own escapes: those of JSON.
  if (typeof value === 'string' && !isSafeLine(value)) return safeJson(value)
  const document = new Document()
  const item = document.createNode(value)
  if (type !== undefined && isScalar(item)) item.type = type
  const list = new YAMLSeq()
  list.flow = true
  list.items.push(item)
  document.contents = list as never
  const text = document.toString({
    lineWidth: 0,
    flowCollectionPadding: false,
    doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER,
  })
  return text.slice(text.indexOf('[') + 1, text.lastIndexOf(']'))
}
