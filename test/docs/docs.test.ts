import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXIT_CODES } from '../../src/cli/exit-codes.ts'
import { expectPage } from '../support/docs-page.ts'
import { EXAMPLE_SECRETS } from '../support/examples.ts'
import { runCli } from '../support/run-cli.ts'
import { diagnosticsPage } from './diagnostics-page.ts'
import { MISTAKES, type Mistake } from './mistakes.ts'

async function transcript({ file, edits, argv, env }: Mistake) {
  const folder = mkdtempSync(join(tmpdir(), 'vpnctl-mistake-'))
  const text = edits.reduce(
    (current, [from, to]) => {
      expect(current).toContain(from)
      return current.replace(from, to)
    },
    readFileSync(`examples/${file}`, 'utf8'),
  )
  writeFileSync(join(folder, 'vpn.yaml'), text)
  const { code, stdout, stderr } = await runCli(argv, { cwd: folder, ...(env === undefined ? {} : { env }) })
  rmSync(folder, { recursive: true })
  return { code, output: `${stderr}${stdout}` }
}

const HEAD = `<!-- Made by npm run docs from real runs; do not edit. The mistakes are in test/docs/mistakes.ts. -->
# ${MISTAKES.length} typical mistakes

What people get wrong, and what \`vpnctl validate\` says: offline, before the first request. Each output is from a real run
over one of the files in \`examples/\`, bent as the heading says. What a code means: [diagnostics.md](diagnostics.md), or
\`vpnctl explain CODE\`.
`

describe('docs/mistakes.md', () => {
  it('shows what is said about every mistake, with its exit code, and no secret', async () => {
    const parts = [HEAD]
    for (const mistake of MISTAKES) {
      const { code, output } = await transcript(mistake)
      expect(code, mistake.title).toBe(mistake.code)
      for (const says of mistake.says) expect(output, mistake.title).toContain(`[${says}]`)
      const meaning = Object.values(EXIT_CODES).find((exit) => exit.code === code)?.meaning
      expect(meaning).toBeDefined()
      parts.push(
        `## ${mistake.title}\n\n${mistake.story}\n\n\`\`\`console\n$ vpnctl ${mistake.argv.join(' ')}\n${output}$ echo $?\n${code}\n\`\`\`\n`,
      )
    }
    const page = parts.join('\n')
    for (const secret of EXAMPLE_SECRETS) expect(page).not.toContain(secret)
    expectPage('docs/mistakes.md', page)
  })
})

describe('docs/diagnostics.md', () => {
  it('says what the table of codes says', () => {
    expectPage('docs/diagnostics.md', diagnosticsPage())
  })
})
