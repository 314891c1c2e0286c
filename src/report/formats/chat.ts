import type { Remark, Report } from '../report.ts'
import { safeLine } from '../writing/safe-text.ts'

// Slack takes 3000 characters in a text and 50 blocks; a card for Teams may have 28 KB. No one reads more than this.
const SHOWN = 10
const LONGEST = 600
const SIGNS: Readonly<Record<Remark['severity'], string>> = { error: '🔴', warning: '🟠', notice: '⚪' }

/** The pipeline that made the report: a reader of a channel asks which repository this is about, and where to look. */
export interface PipelineRun {
  readonly repository?: string
  readonly url?: string
}

/**
 * A report as a message for an incoming webhook of Slack. Everything that others wrote is plain text, in which no one
 * is mentioned and nothing is formatted.
 */
export function renderSlack(report: Report, sourceName: string, run: PipelineRun = {}): string {
  const { title, verdict } = headlines(report, sourceName)
  const plain = (text: string) => ({ type: 'plain_text', text, emoji: false })
  return JSON.stringify({
    // For notifications; here `<!channel>` would be obeyed.
    text: cut(title).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    mrkdwn: false,
    blocks: [
      { type: 'header', text: plain(cut(title, 150)) },
      // Elements of rich text need no escaping.
      ...originOf(
        run,
        (text) => ({ type: 'text', text }),
        (text, url) => ({ type: 'link', text, url }),
      ).map((elements) => ({ type: 'rich_text', elements: [{ type: 'rich_text_section', elements }] })),
      { type: 'section', text: plain(cut(verdict)) },
      ...shown(report).map((line) => ({ type: 'section', text: plain(line) })),
    ],
  })
}

/** A report as an Adaptive Card for an incoming webhook of Teams. Text runs know no markdown. */
export function renderTeams(report: Report, sourceName: string, run: PipelineRun = {}): string {
  const { title, verdict } = headlines(report, sourceName)
  const paragraph = (text: string, more: Readonly<Record<string, unknown>> = {}) => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text, ...more }],
  })
  const isCritical = report.remarks.some(({ severity }) => severity === 'error')
  return JSON.stringify({
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          msteams: { width: 'Full' },
          body: [
            paragraph(cut(title, 150), {
              size: 'large',
              weight: 'bolder',
              color: isCritical ? 'attention' : 'default',
            }),
            ...originOf(
              run,
              (text) => ({ type: 'TextRun', text }),
              (text, url) => ({ type: 'TextRun', text, selectAction: { type: 'Action.OpenUrl', url } }),
            ).map((inlines) => ({ type: 'RichTextBlock', inlines })),
            paragraph(cut(verdict)),
            ...shown(report).map((line) => paragraph(line)),
          ],
        },
      },
    ],
  })
}

// At most one line: the repository, then the run as a link.
function originOf<T>(
  { repository, url }: PipelineRun,
  text: (text: string) => T,
  link: (text: string, url: string) => T,
): readonly (readonly T[])[] {
  const name = repository === undefined ? '' : cut(safeLine(repository), 150)
  const line = [
    ...(name === '' ? [] : [text(url === undefined ? name : `${name} · `)]),
    ...(url === undefined || url.length > LONGEST ? [] : [link('run', url)]),
  ]
  return line.length === 0 ? [] : [line]
}

function headlines(report: Report, sourceName: string): { readonly title: string; readonly verdict: string } {
  return report.chat?.(sourceName) ?? { title: `vpnctl ${report.subject}`, verdict: '' }
}

function shown({ remarks }: Report): readonly string[] {
  const rest = remarks.length - SHOWN
  return [...remarks.slice(0, SHOWN).map(line), ...(rest > 0 ? [`… and ${rest} more`] : [])]
}

function line({ severity, message }: Remark): string {
  return cut(`${SIGNS[severity]} ${safeLine(message)}`)
}

// By characters, so that none is cut in half.
function cut(text: string, most = LONGEST): string {
  if (text.length <= most) return text
  let short = ''
  for (const char of text) {
    if (short.length + char.length > most - 1) break
    short += char
  }
  return `${short}…`
}
