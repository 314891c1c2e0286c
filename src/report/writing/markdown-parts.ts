import type { Diagnostic } from '../../model/diagnostic.ts'
import type { Section } from './markdown-budget.ts'
import { markdownCode, markdownFence, markdownText } from './safe-markdown.ts'

/** What a comment may be made of. */
export type MarkdownFlavor = 'github' | 'gitlab' | 'plain'

/** A line that no reader sees, by which a later run finds the comment of this stack again. */
export function markerText(stack: string, flavor: MarkdownFlavor, what: string): string {
  const marker = `vpnctl:${what} stack=${encodeURIComponent(stack.replace(/\p{Cs}/gu, '\ufffd'))} version=1`
  return flavor === 'plain' ? `[//]: # "${marker}"\n` : `<!-- ${marker} -->`
}

/** A section that is never shortened; none for empty text. */
export function fixed(text: string): Section {
  return { priority: 0, items: text === '' ? [] : [text], render: (items) => items.join('') }
}

/** A link to the run that made a report; empty without one. */
export function runLink(url: string | undefined): string {
  return url === undefined ? '' : `[run](<${url.replace(/[<>\s]/g, '')}>)`
}

/** A part that can be opened and closed, where the flavor has that. */
export function folded(title: string, body: string, flavor: MarkdownFlavor, isOpen: boolean): string {
  if (flavor === 'plain') return `**${title}**\n\n${body}`
  return `<details${isOpen ? ' open' : ''}><summary>${title}</summary>\n\n${body}\n\n</details>`
}

/** Blocks of a diff, folded, with a count of those that did not fit. */
export function diffSection(
  blocks: readonly string[],
  title: string,
  priority: number,
  flavor: MarkdownFlavor,
  isOpen: boolean,
): Section {
  const fence = markdownFence(blocks)
  return {
    priority,
    items: blocks,
    render: (items, left) => {
      const more = left === 0 ? '' : `\n\n… ${left} more, left out for length; the JSON report has them`
      const body = items.length === 0 ? '' : `${fence}diff\n${items.join('\n\n')}\n${fence}`
      return folded(`${title} (${blocks.length})`, `${body}${more}`.trim(), flavor, isOpen)
    },
  }
}

/** Warnings or refusals, one line each. */
export function diagnosticsSection(
  diagnostics: readonly Diagnostic[],
  title: string,
  priority: number,
  flavor: MarkdownFlavor,
  isOpen: boolean,
): Section {
  const head = `${title} (${diagnostics.length})`
  return {
    priority,
    items: diagnostics.map(({ code, message, hint, at }) => {
      const place = at === undefined ? '' : ` ${markdownCode(`${at.file}:${at.start.line}`)}`
      return `- **${markdownText(code)}**${place} ${markdownText(message)}${hint === undefined ? '' : ` (${markdownText(hint)})`}`
    }),
    render: (items, left) => {
      const list = [...items, ...(left === 0 ? [] : [`- … and ${left} more`])].join('\n')
      return folded(head, list, isOpen ? 'plain' : flavor, false)
    },
  }
}
