import { readFileSync, writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { openPageStage, type PageStage } from './page-stage.ts'

/** What happens between the commands of a page, by name. */
export type PageSteps = Readonly<Record<string, (stage: PageStage) => void | Promise<void>>>

/**
 * Plays every section (`## `) of a page that has ```console blocks, each with a sandbox and a folder of its own, and holds
 * the page to what is really printed; `npm run docs` writes it anew. At the end of a section live and files must agree.
 *
 * In comments of the page: `<!-- file: NAME -->` writes the fenced block behind it to a file, `<!-- do: NAME -->` is one of
 * the steps, `<!-- open -->` says that the section ends with changes to apply. A command that fails must be followed by
 * `$ echo $?`. Lines that start with `vpnctl` run in this process, behind a ` | ` and otherwise bash does.
 */
export function testPage(path: string, steps: PageSteps = {}): void {
  const sections = readFileSync(path, 'utf8').split(/^(?=## )/m)
  const played = [...sections]
  describe(path, () => {
    for (const [index, section] of sections.entries()) {
      if (!section.includes('```console')) continue
      test(
        /^## (.*)$/m.exec(section)?.[1] ?? 'its beginning',
        async () => {
          const text = await playSection(section, steps)
          played[index] = text
          if (process.env.UPDATE_DOCS === '1') writeFileSync(path, played.join(''))
          else expect(text, `${path} is out of date: npm run docs`).toBe(section)
        },
        LIMIT_MS,
      )
    }
  })
}

/** A section may set up hundreds of resources, on a machine that does other things too. */
const LIMIT_MS = 180_000

const PART =
  /<!-- do: (?<step>.*?) -->|<!-- file: (?<file>.*?) -->\n```\w*\n(?<text>[\s\S]*?)```|```console\n(?<script>[\s\S]*?)```/g

/** The section with the output of today. */
async function playSection(section: string, steps: PageSteps): Promise<string> {
  const stage = await openPageStage()
  try {
    let result = ''
    let end = 0
    for (const match of section.matchAll(PART)) {
      const { step, file, text, script } = match.groups ?? {}
      if (step !== undefined) await stepOf(steps, step)(stage)
      if (file !== undefined) stage.write(file, text ?? '')
      result += section.slice(end, match.index)
      result += script === undefined ? match[0] : `\`\`\`console\n${await playScript(stage, script)}\`\`\``
      end = match.index + match[0].length
    }
    if (!section.includes('<!-- open -->')) {
      const { code, output } = await stage.vpnctl(['plan', '--detailed-exitcode'])
      expect(code, output).toBe(0)
    }
    return result + section.slice(end)
  } finally {
    await stage.close()
  }
}

function stepOf(steps: PageSteps, name: string): PageSteps[string] {
  const step = steps[name]
  if (step === undefined) throw new Error(`the page has a step that the test does not know: ${name}`)
  return step
}

async function playScript(stage: PageStage, script: string): Promise<string> {
  let result = ''
  let last = { code: 0, command: '' }
  for (const command of commandsOf(script)) {
    result += `$ ${command}\n`
    if (command === 'echo $?') {
      result += `${last.code}\n`
      last = { code: 0, command: '' }
      continue
    }
    expect(last.code, `"${last.command}" failed; say so with $ echo $?\n${result}`).toBe(0)
    const { code, output } = await play(stage, command)
    last = { code, command }
    result += output === '' || output.endsWith('\n') ? output : `${output}\n`
  }
  expect(last.code, `"${last.command}" failed; say so with $ echo $?\n${result}`).toBe(0)
  return result
}

function commandsOf(script: string): readonly string[] {
  const joined = script.replace(/\\\n> ?/g, '\\\n> ')
  return [...joined.matchAll(/^\$ (.*(?:\\\n> .*)*)$/gm)].map(([, command = '']) => command)
}

async function play(stage: PageStage, command: string): Promise<{ code: number; output: string }> {
  const line = command.replace(/\\\n> /g, '')
  const [, name, value] = /^export (\w+)=(.*)$/.exec(line) ?? []
  if (name !== undefined) {
    stage.env[name] = stage.valueOf(`printf %s ${value}`)
    return { code: 0, output: '' }
  }
  if (!/^vpnctl\b/.test(line)) return stage.shell(line)
  const [own = '', ...pipe] = line.split(' | ')
  const { code, stdout, stderr, output } = await stage.vpnctl(wordsOf(own.replace(/ 2>&1$/, '')).slice(1))
  if (pipe.length === 0) return { code, output }
  const isMerged = own.endsWith(' 2>&1')
  const piped = stage.shell(pipe.join(' | '), isMerged ? output : stdout)
  return { code: piped.code, output: isMerged ? piped.output : stderr + piped.output }
}

/** The words of a command line without expansions; quotes hold words together. */
function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => word.replace(/["']/g, ''))
}
