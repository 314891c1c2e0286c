import { EXIT_CODES } from '../../src/cli/exit-codes.ts'
import { EXPLANATIONS, type Explanation } from '../../src/model/codes.ts'

const GROUPS: Readonly<Record<string, string>> = {
  1: 'Files and YAML',
  2: 'What a document may hold',
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

Every error and every warning has a code that never gets another meaning. \`vpnctl explain CODE\` shows on the terminal
what is here. Typical mistakes, with what vpnctl says about them: [mistakes.md](mistakes.md).

\`\`\`
error[VPN201]: vpn.yaml:9:5 unknown field "gatewayIp" (did you mean "gatewayIP"?)
 --> vpn.yaml:9:5
  |
9 |     gatewayIp: 203.0.113.10
  |     ^^^^^^^^^
\`\`\`

- All errors are reported at once, sorted by place; 50 in full, the rest as a number. JSON and SARIF hold all of them.
- \`:::\` marks other places that take part: the first of two, the anchor behind an alias.
- **Errors** end a run before its first request. **Warnings** do not; \`validate --strict\` turns them into errors.
- A comment silences a warning: \`# vpnctl-ignore VPN303\` on its line, or alone on the line above. Several codes may
  follow each other. Errors cannot be silenced. A comment that silences nothing is itself warned of (VPN122).
- \`validate --format json|github|gitlab|sarif|azure\` says the same to programs and pipelines.
- \`vpnctl validate\` ends with ${EXIT_CODES.ok.code} (valid, perhaps with warnings), ${EXIT_CODES.invalid.code} (invalid) or ${EXIT_CODES.usage.code} (wrong usage); with ${EXIT_CODES.error.code} only
  where a \`--report\` cannot be written.

Files are read up to 10 MB and 100,000 resources in all, 64 levels deep, with 500,000 values behind aliases. They have to
be UTF-8; a byte order mark and CRLF are fine.`

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
