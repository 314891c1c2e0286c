import type { AccessChange } from '../../access/lines.ts'
import type { Section } from '../writing/markdown-budget.ts'
import { markdownText } from '../writing/safe-markdown.ts'
import { type AccessView, accessSentence, accessTitle } from './words.ts'

/** Who reaches what, as a section of a comment. */
export function accessMarkdown(changes: readonly AccessChange[] = [], view: AccessView): Section {
  return {
    priority: 2,
    // An entity, since an escaped backtick still is one to whoever looks for code spans.
    items: changes.map(
      (change) => `- ${markdownText(accessSentence(change, view)).replaceAll('\\`', '&#96;')}`,
    ),
    render: (items, left) =>
      [
        `**${accessTitle(view)}**\n`,
        ...items,
        ...(left === 0 ? [] : [`- … and ${left} more; the JSON report has them`]),
      ].join('\n'),
  }
}
