import { isNode, LineCounter, parseDocument, visit } from 'yaml'

/** A small YAML file of others, with the places of its values. */
export type PlainYaml =
  | {
      readonly type: 'read'
      readonly value: unknown
      /** `line:column` of the value at the path, or of the nearest one around it. */
      readonly at: (path: readonly (string | number)[]) => string
    }
  /** `at` is `line:column`. The parser's own words may quote the text, which may be a secret. */
  | { readonly type: 'broken'; readonly at: string }

/** A value that YAML reads as a number, true or false, with its text: a password may look like one. */
export class TypedScalar {
  readonly value: unknown
  readonly source: string

  constructor(value: unknown, source: string) {
    this.value = value
    this.source = source
  }
}

/**
 * Reads YAML that is not ours: no variables, no limits but the parser's own; numbers, true and false as
 * {@link TypedScalar}. Never throws.
 */
export function parsePlainYaml(text: string): PlainYaml {
  const counter = new LineCounter()
  const document = parseDocument(text, {
    lineCounter: counter,
    prettyErrors: false,
    resolveKnownTags: false,
    logLevel: 'silent',
  })
  const place = (offset: number): string => {
    const { line, col } = counter.linePos(offset)
    return `${Math.max(1, line)}:${Math.max(1, col)}`
  }
  const [problem] = document.errors
  if (problem !== undefined) return { type: 'broken', at: place(problem.pos[0]) }
  try {
    visit(document, {
      Scalar: (key, node) => {
        if (key === 'key' || node.source === undefined) return
        if (['number', 'bigint', 'boolean'].includes(typeof node.value))
          node.value = new TypedScalar(node.value, node.source)
      },
    })
    return {
      type: 'read',
      value: document.toJS(),
      at: (path) => {
        for (let length = path.length; length > 0; length -= 1) {
          const node = document.getIn(path.slice(0, length), true)
          if (isNode(node) && node.range) return place(node.range[0])
        }
        return place(document.contents?.range?.[0] ?? 0)
      },
    }
  } catch {
    return { type: 'broken', at: place(0) }
  }
}
