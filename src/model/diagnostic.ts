/** A place in a text: 1-based line and column (in UTF-16 units), 0-based offset. */
export interface Position {
  readonly line: number
  readonly column: number
  readonly offset: number
}

/** A stretch of one file, `end` exclusive. */
export interface SourceRange {
  /** The file as the user named it; `<stdin>` for standard input. */
  readonly file: string
  readonly start: Position
  readonly end: Position
}

/** Where a value is in the text. */
export interface Place {
  /** What the reader of the value sees: inside an alias or a merge, the alias. */
  readonly at: SourceRange
  /** Where an alias or a merge gets it from. */
  readonly definition?: SourceRange
}

/** Another place that takes part in a diagnostic. */
export interface RelatedPlace {
  readonly at: SourceRange
  /** Why it is named. */
  readonly message: string
  /** The text that an alias or a merge key got from there is wrong. */
  readonly isDefinition?: true
}

/** One thing that a user should know or fix. Never thrown; collected and shown all at once. */
export interface Diagnostic {
  readonly severity: 'error' | 'warning'
  /** Stable code, for instance `VPN201`. */
  readonly code: string
  /** One sentence in the user's words. */
  readonly message: string
  /** What to do next. */
  readonly hint?: string
  readonly at?: SourceRange
  /** Other places that take part, each with why it is named. */
  readonly related?: readonly RelatedPlace[]
  /** The resource that it is about. */
  readonly address?: string
}

/** True when any of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error')
}

/** A place as the members of a diagnostic: where it is seen, and next to it where an alias gets it from. */
export function placed(
  place: Place,
  related: NonNullable<Diagnostic['related']> = [],
): Pick<Diagnostic, 'at' | 'related'> {
  const all =
    place.definition === undefined
      ? related
      : [{ at: place.definition, message: 'it is written here', isDefinition: true as const }, ...related]
  return all.length === 0 ? { at: place.at } : { at: place.at, related: all }
}

/** One value of a table, and where it is written. */
export interface Cell {
  readonly text: string
  readonly at: SourceRange
}
