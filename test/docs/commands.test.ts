import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { EXPLANATIONS } from '../../src/model/codes.ts'
import { runCli } from '../support/run-cli.ts'

const PAGES = ['README.md', ...readdirSync('docs').map((name) => `docs/${name}`)].filter((name) =>
  name.endsWith('.md'),
)

/** Every `vpnctl COMMAND ...` of a text: the command, and the flags that stand behind it. */
function commandLines(
  text: string,
): readonly { readonly command: string; readonly flags: readonly string[] }[] {
  return [...text.matchAll(/\bvpnctl ([a-z][a-z-]*)((?:(?!vpnctl)[^\n`|'])*)/g)].flatMap(
    ([, command = '', rest = '']) => {
      const flags = [...rest.replace(/ #.*| -- .*/, '').matchAll(/(?<=\s)--?[a-z][a-z0-9-]*/g)].map(
        ([flag]) => flag,
      )
      return [{ command, flags }]
    },
  )
}

const helps = new Map<string, string>()
async function helpOf(command: string): Promise<string> {
  const known = helps.get(command)
  if (known !== undefined) return known
  const { code, stdout } = await runCli([command, '--help'])
  const help = code === 0 ? stdout : ''
  helps.set(command, help)
  return help
}

async function unknownIn(text: string): Promise<readonly string[]> {
  const found: string[] = []
  const names = new Set((await runCli(['--help'])).stdout.match(/^ {2}[a-z-]+/gm)?.map((name) => name.trim()))
  for (const { command, flags } of commandLines(text)) {
    // In prose "vpnctl says" is not a command; with a flag behind it, it is meant as one.
    if (!names.has(command)) {
      if (flags.length > 0) found.push(command)
      continue
    }
    const known = new Set((await helpOf(command)).match(/(?<![\w-])--?[a-z][a-z0-9-]*/g))
    found.push(...flags.filter((flag) => !known.has(flag)).map((flag) => `${command} ${flag}`))
  }
  return found
}

describe('commands and flags that are written down exist', () => {
  it.each(PAGES)('in %s', async (page) => {
    expect(await unknownIn(readFileSync(page, 'utf8'))).toEqual([])
  })

  it('in what explain says', async () => {
    const texts = EXPLANATIONS.flatMap(({ meaning, hint, bad, good }) => [meaning, hint, bad, good])
    expect(await unknownIn(texts.join('\n'))).toEqual([])
  })

  it('and one that does not is seen', async () => {
    expect(await unknownIn('`vpnctl plan --nonsense --re x`, vpnctl paln -f x')).toEqual([
      'plan --nonsense',
      'plan --re',
      'paln',
    ])
  })
})
