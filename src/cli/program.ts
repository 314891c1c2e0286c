import { Command } from 'commander'
import { COMMANDS } from './commands/index.ts'
import type { Context } from './context.ts'
import { applyEnvironment } from './environment.ts'
import { exitCodeTable } from './exit-codes.ts'
import { VERSION } from './version.ts'

const WIDTH_WITHOUT_TERMINAL = 100

/** The command line as commander knows it. `finish` is told the exit code of the command that ran. */
export function createProgram(context: Context, finish: (code: number) => void): Command {
  const { io } = context
  const program = new Command('vpnctl')
    .description(
      'Keeps an IONOS Cloud VPN estate (WireGuard and IPSec gateways) exactly as a YAML file says.',
    )
    .version(VERSION, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .usage('COMMAND [options]')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      // Errors are told once, by `main`.
      writeErr: () => undefined,
      outputError: () => undefined,
      getOutHelpWidth: () => io.stdout.columns() ?? WIDTH_WITHOUT_TERMINAL,
      getOutHasColors: () => false,
    })
    .addHelpText('after', AFTER_HELP)
  for (const definition of COMMANDS) {
    const command = program
      .command(definition.name)
      .description(definition.description)
      .summary(definition.summary)
      .helpGroup(definition.group)
      .copyInheritedSettings(program)
    if (definition.alias !== undefined) command.alias(definition.alias)
    definition.configure(command)
    command.optionsGroup('Everywhere:')
    command
      .option('--no-color', 'no colour (also NO_COLOR=1)')
      .option('--verbose', 'tell more on stderr, every request among it')
    if (definition.examples.length > 0) command.addHelpText('after', examplesText(definition.examples))
    command.action(async (...given: unknown[]) => {
      applyEnvironment(command, io.env)
      finish(await definition.run(context, command.opts(), command.processedArgs))
      void given
    })
  }
  return program
}

function examplesText(examples: readonly (readonly [string, string])[]): string {
  const width = Math.max(...examples.map(([line]) => line.length))
  return `\nExamples:\n${examples.map(([line, what]) => `  ${line.padEnd(width)}  ${what}`).join('\n')}\n`
}

const AFTER_HELP = `
Examples:
  vpnctl validate                        is vpn.yaml right? offline, no account needed
  vpnctl plan --sandbox                  try it without an account, against the embedded API
  vpnctl plan -f vpn/                    what would change? sends reads only
  vpnctl apply -f vpn/ --yes             make it so

Credentials:
  IONOS_TOKEN, or IONOS_USERNAME and IONOS_PASSWORD

Exit codes:
${exitCodeTable()}
`
