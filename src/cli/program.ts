import { Command, Help } from 'commander'
import { escapedDocument } from '../model/safe-text.ts'
import type { CommandDefinition } from './commands/command.ts'
import { COMMANDS } from './commands/index.ts'
import type { Context } from './context.ts'
import { Failure } from './failure.ts'
import { duration, durationFlag, positiveDuration } from './flags/options.ts'
import { ALL_EXITS } from './help/command-exits.ts'
import { addHelpCommand, helpWidth, topicList } from './help/help-command.ts'
import { helpTail, twoColumns, wrap } from './help/help-text.ts'
import { sameInputs } from './output/rerun-command.ts'
import { applyEnvironment, refuseEmptyValues } from './session/environment.ts'
import { VERSION } from './version.ts'

/**
 * The command line as commander knows it. `finish` receives the exit code of the command that ran. With `first`, the
 * first word of the line: only that command, if it is the name of one, since describing all of them takes longer than
 * the work of most.
 */
export function createProgram(
  context: Context,
  finish: (code: number, definition?: CommandDefinition) => void,
  first?: string,
): Command {
  const { io } = context
  const program = new Command('vpnctl')
    .description(
      'Keeps an IONOS Cloud VPN estate (WireGuard and IPSec gateways) exactly as a YAML file says.',
    )
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .usage('COMMAND [options]')
    .enablePositionalOptions()
    // Arguments and flags are reported by the help of the command itself.
    .configureHelp({
      minWidthToWrap: 20,
      subcommandTerm: (command) => [command.name(), ...command.aliases()].join(', '),
      // Those of the program itself stand below: who reads the overview looks for a command.
      visibleOptions: (command) =>
        command.parent === null ? [] : Help.prototype.visibleOptions.call(new Help(), command),
    })
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.out(text),
      // Errors are reported once, by `main`.
      writeErr: () => undefined,
      outputError: () => undefined,
      getOutHelpWidth: () => helpWidth(context),
      getOutHasColors: () => false,
    })
    .addHelpText('after', () => afterHelp(helpWidth(context)))
  const named = COMMANDS.filter(({ name, alias }) => first !== undefined && [name, alias].includes(first))
  for (const definition of named.length > 0 ? named : COMMANDS) {
    const command = program
      .command(definition.name)
      .description(definition.description)
      .summary(definition.summary)
      .helpGroup(definition.group)
      .copyInheritedSettings(program)
    if (definition.alias !== undefined) command.alias(definition.alias)
    definition.configure(command)
    for (const option of command.options) spellDuration(option)
    command
      .optionsGroup('Global options:')
      .helpOption('-h, --help', 'print help')
      .option('--color', 'force colour')
      .option('--no-color', 'no colour (also NO_COLOR=1)')
      .option('--verbose', 'verbose output on stderr, including every request')
    command.addHelpText('after', () => helpTail(definition, helpWidth(context)))
    command.action(async (...given: unknown[]) => {
      applyEnvironment(command, io.env)
      refuseEmptyValues(command)
      const { timeout } = command.opts<{ readonly timeout?: unknown }>()
      const release = typeof timeout === 'number' ? context.limitTime(timeout) : undefined
      try {
        finish(
          await definition.run(context, command.opts() as never, command.processedArgs as never),
          definition,
        )
      } catch (error) {
        throw error instanceof Failure ? error.withInputs(sameInputs(command.opts())) : error
      } finally {
        release?.()
      }
      void given
    })
  }
  addHelpCommand(program, context, finish)
  addHidden(program, context)
  return program
}

// For scripts of ours alone: what completion asks, and the page that man shows.
function addHidden(program: Command, context: Context): void {
  program
    .command('__complete', { hidden: true })
    .argument('[words...]')
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (words: readonly string[]) => {
      const { complete } = await import('./commands/completion/complete.ts')
      await complete(program, context, words)
    })
  program.command('__man', { hidden: true }).action(async () => {
    const { manPage } = await import('./help/man-page.ts')
    context.document(escapedDocument(manPage(program, COMMANDS)))
  })
}

// Kept in milliseconds, given and shown in the units of people.
function spellDuration(option: Command['options'][number]): void {
  const isDuration = option.parseArg === duration || option.parseArg === positiveDuration
  if (!isDuration || typeof option.defaultValue !== 'number') return
  option.default(option.defaultValue, durationFlag(option.defaultValue))
}

function afterHelp(width: number): string {
  const examples = [
    ['vpnctl init', 'a vpn.yaml to start from'],
    ['vpnctl validate', 'check the file, offline'],
    ['vpnctl plan --sandbox', 'try it without an account'],
    ['vpnctl plan', 'what would change? reads only'],
    ['vpnctl apply', 'show the plan, ask, apply'],
  ] as const
  return [
    helpTail({ examples, ...ALL_EXITS }, width).trimEnd(),
    '',
    'Topics (vpnctl help TOPIC):',
    topicList(width),
    '',
    'Options:',
    twoColumns(
      [
        ['-V, --version', 'print the version'],
        ['-h, --help', 'print help; of a command: vpnctl COMMAND --help'],
      ],
      width,
    ),
    '',
    wrap('Credentials: IONOS_TOKEN, or IONOS_USERNAME and IONOS_PASSWORD, or a profile.', width),
    '',
  ].join('\n')
}
