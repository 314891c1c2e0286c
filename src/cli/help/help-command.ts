import type { Command } from 'commander'
import { closest, didYouMean } from '../../model/closest.ts'
import type { Context } from '../context.ts'
import { exitCode } from '../exit-codes.ts'
import { Failure } from '../failure.ts'
import { twoColumns } from './help-text.ts'
import { TOPICS } from './topics.ts'

const WIDTH_WITHOUT_TERMINAL = 100
const WIDEST = 100

/** The width that help is written for. */
export function helpWidth({ io }: Context): number {
  return Math.min(WIDEST, io.stdout.columns() ?? WIDTH_WITHOUT_TERMINAL)
}

/** `vpnctl help`: a command, a topic, or the overview. */
export function addHelpCommand(program: Command, context: Context, finish: (code: number) => void): void {
  program.helpCommand(false)
  program
    .command('help')
    .argument('[topic...]', 'a command or a topic')
    .summary('help on a command or a topic')
    .description('Shows the help of a command, or a page about a topic.')
    .helpGroup('Setup:')
    .copyInheritedSettings(program)
    .addHelpText('after', () => `\nTopics:\n${topicList(helpWidth(context))}\n`)
    .action((wanted: readonly string[]) => {
      context.out(helpOn(program, wanted, helpWidth(context)))
      finish(exitCode('ok'))
    })
}

/** The topics, each with what it is about. */
export function topicList(width: number): string {
  return twoColumns(
    TOPICS.map(({ name, summary }) => [name, summary]),
    width,
  )
}

function helpOn(program: Command, words: readonly string[], width: number): string {
  const [wanted, ...more] = words
  if (wanted === undefined) return wholeHelp(program)
  const topic = TOPICS.find(({ name }) => name === wanted)
  if (topic !== undefined && more.length === 0) return topic.text(width)
  const command = program.commands.find((each) => each.name() === wanted || each.aliases().includes(wanted))
  if (command !== undefined && isAction(command, more)) return wholeHelp(command)
  const known = [...program.commands.map((each) => each.name()), ...TOPICS.map(({ name }) => name)]
  throw new Failure('usage', `there is no help on ${words.join(' ')}${didYouMean(closest(wanted, known))}`, {
    hint: 'vpnctl help lists commands and topics',
  })
}

// `help peer add`: the help of a command is that of all it can do.
function isAction(command: Command, words: readonly string[]): boolean {
  const choices = command.registeredArguments[0]?.argChoices ?? []
  return words.every((word, index) => index === 0 && choices.includes(word))
}

/** The help of a command with what `addHelpText` put around it. */
function wholeHelp(command: Command): string {
  let text = ''
  const before = command.configureOutput()
  command.configureOutput({
    ...before,
    writeOut: (part) => {
      text += part
    },
  })
  command.outputHelp()
  command.configureOutput(before)
  return text
}
