import { type Document, type Node, parseAllDocuments } from 'yaml'

/** The nodes of one document, each with the tokens that it was read from. */
export interface SourceDocument {
  readonly contents: Node
  /** False when there is certainly no anchor in the text. */
  readonly hasAnchors: boolean
}

/** The documents of a text that contains no error, with their tokens. Empty ones are left out. */
export function parseNodes(text: string): readonly SourceDocument[] {
  const documents = parseAllDocuments(text, {
    uniqueKeys: false,
    prettyErrors: false,
    resolveKnownTags: false,
    logLevel: 'silent',
    keepSourceTokens: true,
  }) as readonly Document.Parsed[]
  return documents.flatMap((document) =>
    document.contents === null ? [] : [{ contents: document.contents, hasAnchors: text.includes('&') }],
  )
}
