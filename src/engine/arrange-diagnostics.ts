import type { Source } from '../config/source.ts'
import { type CodeClass, classOf } from '../model/codes.ts'
import { type Diagnostic, hasErrors, type RelatedPlace, type SourceRange } from '../model/diagnostic.ts'
import { ignoreComments } from './ignore-comments.ts'

/**
 * Diagnostics as the user gets them: sorted by place, in the order in which the files were named; without warnings
 * that a comment (`# vpnctl-ignore VPN345`, on the line or alone on the one above) silences, with one about each comment
 * that silences nothing; and without findings about a value that an earlier check refused already.
 */
export function arrange(
  diagnostics: readonly Diagnostic[],
  sources: readonly Source[],
  strict: boolean,
): readonly Diagnostic[] {
  const comments = ignoreComments(sources)
  const order = new Map(sources.map(({ file }, index) => [file, index]))
  const refused = new Set(diagnostics.filter(isFormError).map(({ at }) => placeKey(at)))
  const unknown = new Set(diagnostics.filter(isTextError).map(({ at }) => placeKey(at)))
  const kept = diagnostics.filter((diagnostic) => !comments.silences(diagnostic))
  // Where there are errors, not all that there is to warn of was looked for.
  const stale = hasErrors(kept) ? [] : comments.stale()
  const arranged = [...kept, ...stale.filter((diagnostic) => !comments.silences(diagnostic))]
    .filter((diagnostic) => !isRule(diagnostic) || !placesOf(diagnostic).some((place) => refused.has(place)))
    .filter((diagnostic) => isTextError(diagnostic) || !unknown.has(placeKey(diagnostic.at)))
    .map((diagnostic) => (strict ? { ...diagnostic, severity: 'error' as const } : diagnostic))
    .map((diagnostic, index) => ({ diagnostic, index }))
    .sort((a, b) => compare(a.diagnostic, b.diagnostic, order) || a.index - b.index)
    .map(({ diagnostic }) => diagnostic)
  return foldUses(arranged)
}

/** One text that is used through several aliases is wrong once: the other uses are named next to the first. */
function foldUses(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const uses = new Map<string, { readonly first: Diagnostic; readonly more: RelatedPlace[] }>()
  for (const [index, diagnostic] of diagnostics.entries()) {
    const { at, code, message, address } = diagnostic
    // What has an address is about a resource, of which there are several then.
    const isFoldable = at !== undefined && address === undefined
    const key = isFoldable ? `${code}\0${message}\0${originKey(diagnostic)}` : String(index)
    const known = uses.get(key)
    if (known === undefined || at === undefined) uses.set(key, { first: diagnostic, more: [] })
    else known.more.push({ at, message: 'used here too' })
  }
  return [...uses.values()].map(({ first, more }) =>
    more.length === 0
      ? first
      : { ...first, related: [...(first.related ?? []), ...more.slice(0, USES_NAMED)] },
  )
}

const USES_NAMED = 3

function originKey({ at, related = [] }: Diagnostic): string {
  return placeKey(related.find(({ isDefinition }) => isDefinition)?.at ?? at)
}

// What is missing or unknown is placed at a name or a key, which says nothing about the value there.
const isFormError = ({ code }: Diagnostic): boolean => classOf(code) === 'form'
// Whatever else is said about a text that was not filled in is about the wrong text.
const TEXT_ERRORS: ReadonlySet<CodeClass> = new Set(['unfilled', 'unset'])
const isTextError = ({ code }: Diagnostic): boolean => TEXT_ERRORS.has(classOf(code))
const RULES: ReadonlySet<CodeClass> = new Set(['rule', 'secret-rule'])
const isRule = ({ code }: Diagnostic): boolean => RULES.has(classOf(code))

// A comparison with a value that was refused says as little as one of it.
function placesOf({ at, related = [] }: Diagnostic): readonly string[] {
  return [at, ...related.map((other) => other.at)].map(placeKey)
}

function placeKey(at: SourceRange | undefined): string {
  return at === undefined ? '' : `${at.start.offset}\0${at.file}`
}

function compare(a: Diagnostic, b: Diagnostic, order: ReadonlyMap<string, number>): number {
  if (a.at === undefined || b.at === undefined) return Number(b.at === undefined) - Number(a.at === undefined)
  const byFile = (order.get(a.at.file) ?? 0) - (order.get(b.at.file) ?? 0)
  return byFile || a.at.start.offset - b.at.start.offset
}
