import { EXPLANATIONS, type Explanation } from '../../src/model/codes.ts'

const GROUPS: Readonly<Record<string, string>> = {
  1: 'Files and YAML',
  2: 'What a document may contain',
  3: 'Rules across resources',
  4: 'Secrets',
  5: 'Live and plan',
  6: 'Files that vpnctl writes',
  7: 'The sandbox',
}

/** docs/diagnostics.md, from the table that `vpnctl explain` reads. */
export function diagnosticsPage(): string {
  const groups = Object.keys(GROUPS).map((digit) => ({
    title: `VPN${digit}xx: ${GROUPS[digit]}`,
    codes: EXPLANATIONS.filter(({ code }) => code[3] === digit),
  }))
  return `${[HEAD, ...groups.map(contents), ...groups.map(details)].join('\n\n')}\n`
}

const HEAD = `<!-- Made by npm run docs from src/model/codes; do not edit. -->
# Diagnostics

Every error and every warning has a code that never gets another meaning. \`vpnctl explain CODE\` shows the same text in the
terminal. Typical mistakes and their messages: [mistakes.md](mistakes.md). Terms such as *stack*, *unmanaged*, *drift*
and *stale*: [glossary.md](glossary.md).

\`\`\`
error[VPN201]: vpn.yaml:9:5 unknown field "gatewayIp" (did you mean "gatewayIP"?)
 --> vpn.yaml:9:5
  |
9 |     gatewayIp: 203.0.113.10
  |     ^^^^^^^^^
\`\`\`

- All errors are reported at once, sorted by place. The text shows at most 50, with 20 errors or 5 warnings per code, and counts
  the rest; JSON and SARIF contain all of them.
- \`:::\` marks other places that take part: the first of two, the anchor behind an alias.
- **Errors** of the files end a run before its first request, and those that depend on what is live before its first write.
  **Warnings** do not; \`validate --strict\` turns them into errors.
- A comment silences a warning about the files (not VPN5xx, which depend on what is live): \`# vpnctl-ignore VPN303\` on its line, or alone on the line above. It may list several
  codes. Errors cannot be silenced. A comment that silences nothing is a warning (VPN122).
- \`validate --format json|github|gitlab|sarif|azure\` is for programs and pipelines.

Limits: 10 MB per file, 100,000 resources in all, 64 levels deep, 500,000 values behind aliases. Files have to be UTF-8; a byte
order mark and CRLF are accepted.`

interface Group {
  readonly title: string
  readonly codes: readonly Explanation[]
}

function contents({ title, codes }: Group): string {
  const rows = codes.map((each) => `| [${each.code}](#${each.code.toLowerCase()}) | ${each.title} |`)
  return `**${title}**\n\n| code | |\n|---|---|\n${rows.join('\n')}`
}

function details({ title, codes }: Group): string {
  return [`## ${title}`, ...codes.map(detail)].join('\n\n')
}

function detail({ code, title, meaning, why, hint, bad, good, source }: Explanation): string {
  return [
    `### ${code}`,
    `**${title}.** ${meaning}`,
    `Why it matters: ${why}`,
    ...(source === undefined ? [] : [`Source: ${source}`]),
    `What to do: ${hint}`,
    `\`\`\`yaml\n# wrong\n${bad}\n\`\`\``,
    `\`\`\`yaml\n# right\n${good}\n\`\`\``,
  ].join('\n\n')
}
