import type { SourceRange } from '../../model/diagnostic.ts'
import { safeLine } from './safe-text.ts'

// What GitHub and GitLab make links of, also behind a backslash: mentions, issues, merge requests, labels, epics,
// snippets, milestones, URLs. A zero-width space after the first character keeps it text.
const ZERO_WIDTH_SPACE = '\u200b'
const SIGILS = /[@#!$%~&^](?=[\p{L}\p{N}_"])|\b(?:GH|gh)-(?=\d)|\b(?:https?|ftp):(?=\/\/)|\bwww(?=\.)/giu
// Not what means something at the beginning of a line only: this text is never there.
const PUNCTUATION = /[\\`*_[\]|~$]/g

/** Text that others wrote, in the middle of a markdown line: no formatting, no HTML, no link, no one mentioned. */
export function markdownText(text: string): string {
  return safeLine(text)
    .replace(SIGILS, (found) => `${found}${ZERO_WIDTH_SPACE}`)
    .replace(PUNCTUATION, (char) => `\\${char}`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

/** Text that others wrote as a code span, in which nothing is a mention, a link or HTML. */
export function markdownCode(text: string): string {
  const line = safeLine(text)
  const fence = '`'.repeat(longestBacktickRun(line) + 1)
  const needsRoom = /^[` ]|[` ]$/.test(line) || line === ''
  return needsRoom ? `${fence} ${line} ${fence}` : `${fence}${line}${fence}`
}

/** {@link markdownCode} for a cell of a table, where a pipe ends the cell even in code. */
export function markdownCell(text: string): string {
  return markdownCode(text).replaceAll('|', '\\|')
}

/** A link whose address cannot end early. */
export function markdownLink(text: string, url: string): string {
  const target = url.replace(/[<>\\\s|]/g, (char) => encodeURIComponent(char))
  return `[${markdownText(text)}](<${target}>)`
}

/** The place of something in the files, as a cell of a table: a link, where there is a page to link to. */
export function markdownPlace(
  at: SourceRange | undefined,
  linkTo: ((file: string, line: number) => string | undefined) | undefined,
): string {
  if (at === undefined) return '–'
  const { file, start } = at
  const url = linkTo?.(file, start.line)
  const place = `${file}:${start.line}`
  return url === undefined ? markdownCell(place) : markdownLink(place, url)
}

/** A fence longer than any run of backticks in the text that it encloses. */
export function markdownFence(texts: readonly string[]): string {
  return '`'.repeat(Math.max(3, 1 + Math.max(0, ...texts.map(longestBacktickRun))))
}

function longestBacktickRun(text: string): number {
  return (text.match(/`+/g) ?? []).reduce((longest, run) => Math.max(longest, run.length), 0)
}
