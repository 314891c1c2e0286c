import type { Drift, DriftFinding } from '../../drift/types.ts'
import type { Severity } from '../../model/resource.ts'
import { safeLine } from '../writing/safe-text.ts'
import { alarmsOf, driftVerdict, findingText, severityCounts, whoText } from './words.ts'

// Slack takes 3000 characters in a text and 50 blocks; a card for Teams may have 28 KB. Nobody reads more than this.
const SHOWN = 10
const LONGEST = 600
const SIGNS: Readonly<Record<Severity, string>> = { critical: '🔴', warning: '🟠', notice: '⚪' }

/**
 * Drift as a message for an incoming webhook of Slack. Everything that others wrote is plain text, in which nobody
 * is mentioned and nothing is formatted.
 */
export function renderDriftSlack(drift: Drift, sourceName: string): string {
  const verdict = cut(driftVerdict(drift, sourceName))
  const plain = (text: string) => ({ type: 'plain_text', text, emoji: false })
  return JSON.stringify({
    // For notifications; here `<!channel>` would be obeyed.
    text: cut(title(drift)).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'),
    mrkdwn: false,
    blocks: [
      { type: 'header', text: plain(cut(title(drift), 150)) },
      { type: 'section', text: plain(verdict) },
      ...shown(drift).map((line) => ({ type: 'section', text: plain(line) })),
    ],
  })
}

/** Drift as an Adaptive Card for an incoming webhook of Teams. Text runs know no markdown. */
export function renderDriftTeams(drift: Drift, sourceName: string): string {
  const paragraph = (text: string, more: Readonly<Record<string, unknown>> = {}) => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text, ...more }],
  })
  const isCritical = drift.summary.bySeverity.critical > 0
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
            paragraph(cut(title(drift), 150), {
              size: 'large',
              weight: 'bolder',
              color: isCritical ? 'attention' : 'default',
            }),
            paragraph(cut(driftVerdict(drift, sourceName))),
            ...shown(drift).map((line) => paragraph(line)),
          ],
        },
      },
    ],
  })
}

function title(drift: Drift): string {
  const stack = safeLine(drift.stack)
  return drift.findings.length === 0
    ? `No VPN drift in ${stack}`
    : `VPN drift in ${stack}: ${severityCounts(drift.summary)}`
}

function shown({ findings }: Drift): readonly string[] {
  const rest = findings.length - SHOWN
  return [...findings.slice(0, SHOWN).map(line), ...(rest > 0 ? [`… and ${rest} more`] : [])]
}

function line(finding: DriftFinding): string {
  const who = finding.state === 'conflict' ? [] : whoText(finding)
  const facts = [...alarmsOf(finding).map(safeLine), ...who]
  const what = `${safeLine(finding.address)} ${findingText(finding)}`
  return cut(`${SIGNS[finding.severity]} ${finding.severity}: ${[what, ...facts].join(' · ')}`)
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
