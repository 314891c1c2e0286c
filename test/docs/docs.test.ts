import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { EXIT_CODES } from '../../src/cli/exit-codes.ts'
import { stackFingerprint } from '../../src/model/identity.ts'
import { expectPage } from '../support/docs-page.ts'
import { EXAMPLE_SECRETS } from '../support/examples.ts'
import { runCli } from '../support/run-cli.ts'
import { diagnosticsPage } from './diagnostics-page.ts'
import { fieldsPage } from './fields-page.ts'
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

Typical mistakes, and what \`vpnctl validate\` says: offline, before the first request. Each file is one of \`examples/\`, with the
mistake of the heading. What a code means: [diagnostics.md](diagnostics.md), or \`vpnctl explain CODE\`.
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

describe('docs/fields.md', () => {
  it('says what the schema says', () => {
    expectPage('docs/fields.md', fieldsPage())
  })
})

describe('docs/exit-codes.md', () => {
  it('has the codes of the program', () => {
    const page = readFileSync('docs/exit-codes.md', 'utf8')
    const rows = [...page.matchAll(/^\| (\d+ \| .* \| (?:-|no|once|yes)) \| .* \|$/gm)].map(([, row]) => row)
    const codes = Object.values(EXIT_CODES)
    expect(rows).toEqual(codes.map(({ code, meaning, retry }) => `${code} | ${meaning} | ${retry}`))
  })
})

describe('the pages', () => {
  const pages = [
    'README.md',
    'ARCHITECTURE.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'CHANGELOG.md',
    'bench/README.md',
    'test/exploration/README.md',
    'test/simulation/README.md',
    ...readdirSync('docs')
      .filter((name) => name.endsWith('.md'))
      .map((name) => `docs/${name}`),
  ]

  it.each(pages)('%s links to files and headings that exist', (page) => {
    const links = [...withoutCode(readFileSync(page, 'utf8')).matchAll(/\]\(([^)\s]+)\)/g)]
    const broken = links.filter(([, target = '']) => {
      const [path = '', anchor] = target.split('#')
      const file = path === '' ? page : join(dirname(page), path)
      const isWeb = /^[a-z]+:/.test(target)
      return !isWeb && (!existsSync(file) || (anchor !== undefined && !anchorsOf(file).includes(anchor)))
    })
    expect(broken).toEqual([])
  })

  it('link the glossary where they use its terms', () => {
    const without = pages
      .filter((page) => page.startsWith('docs/') && page !== 'docs/glossary.md')
      .filter((page) => {
        const text = withoutCode(readFileSync(page, 'utf8'))
        return (
          /\b(?:stack|unmanaged|adopt|drift|stale)/i.test(text.replaceAll(/\]\([^)]*\)/g, '')) &&
          !text.includes('glossary.md')
        )
      })
    expect(without).toEqual([])
  })

  it('of a newcomer come before the reference of the README, on two screens', () => {
    const [before = ''] = readFileSync('README.md', 'utf8').split('## Reference')
    const lines = before.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 140)), 0)
    expect(lines).toBeLessThanOrEqual(110)
  })

  it('are all in the table of contents', () => {
    const contents = readFileSync('docs/README.md', 'utf8')
    for (const page of pages.filter((name) => name.startsWith('docs/') && name !== 'docs/README.md'))
      expect(contents, page).toContain(`(${page.slice('docs/'.length)}`)
  })

  it('show ids that follow from the stack', () => {
    expect(readFileSync('docs/ids.md', 'utf8').replaceAll('-', '')).toContain(stackFingerprint('acme-prod'))
  })
})

function withoutCode(text: string): string {
  return text.replaceAll(/^```.*?^```/gms, '').replaceAll(/`[^`\n]*`/g, '')
}

// As GitHub makes them: lowercase, without punctuation, spaces as hyphens.
function anchorsOf(file: string): readonly string[] {
  const headings = readFileSync(file, 'utf8')
    .replaceAll(/^```.*?^```/gms, '')
    .matchAll(/^#+ (.*)$/gm)
  return [...headings].map(([, title = '']) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  )
}
