import type { Command } from 'commander'
import type { CommandDefinition } from '../commands/command.ts'
import { EXIT_CODES } from '../exit-codes.ts'
import { exitsOf } from './command-exits.ts'
import { TOPICS } from './topics.ts'

/** vpnctl(1) in the man macros, from the same texts as --help. */
export function manPage(program: Command, definitions: readonly CommandDefinition[]): string {
  return [
    '.\\" Made by "npm run man" from the texts of --help; do not edit.',
    '.TH VPNCTL 1 "" "vpnctl" "User Commands"',
    '.SH NAME',
    `vpnctl \\- ${roff('keeps an IONOS Cloud VPN estate exactly as a YAML file says')}`,
    '.SH SYNOPSIS',
    '.B vpnctl',
    '.I COMMAND',
    '[options]',
    '.SH DESCRIPTION',
    roff(program.description()),
    '.SH COMMANDS',
    ...definitions.flatMap((definition) => commandPart(program, definition)),
    ...commonPart(program),
    ...TOPICS.flatMap((topic) => [
      `.SH ${roff(topic.name === 'exit-codes' ? 'EXIT STATUS' : topic.name.toUpperCase())}`,
      '.nf',
      roff(topic.text(72).trimEnd()),
      '.fi',
    ]),
    '.SH SEE ALSO',
    roff('ionosctl(1), wg(8), wg-quick(8), swanctl(8), git(1)'),
    '.PP',
    roff('The documentation is in the folder docs/ of the package; docs/README.md lists the pages by task.'),
    '',
  ].join('\n')
}

// Options that many commands share, and that are described once.
const COMMON: readonly string[] = ['Desired state:', 'API:', 'Global options:']

type Option = Command['options'][number]

function commonPart(program: Command): string[] {
  return [
    '.SH COMMON OPTIONS',
    roff('Each command names those that it has. All have -h and --help, which print its help.'),
    ...COMMON.flatMap((group) => {
      const options = program.commands.flatMap((command) =>
        command.options.filter(({ helpGroupHeading }) => helpGroupHeading === group),
      )
      const each = new Map(options.map((option) => [option.flags, option]))
      return [`.SS ${roff(group.slice(0, -1))}`, ...[...each.values()].flatMap(optionPart)]
    }),
  ]
}

function optionPart(option: Option): string[] {
  return ['.TP', `.B ${roff(option.flags)}`, roff(`${option.description}${defaultText(option)}`)]
}

// In the order of COMMON, whatever the order of the command is.
function commonText(command: Command): string {
  const used = COMMON.filter((group) => command.options.some((option) => option.helpGroupHeading === group))
  const names = used.map((group) => group.slice(0, -1))
  return `Common options: ${names.join(', ')}.`
}

function commandPart(program: Command, definition: CommandDefinition): string[] {
  const command = program.commands.find((each) => each.name() === definition.name)
  if (command === undefined) return []
  const also = definition.alias === undefined ? '' : ` (also ${definition.alias})`
  return [
    `.SS vpnctl ${roff(`${definition.name} ${command.usage()}${also}`)}`,
    roff(definition.description),
    ...command.options
      .filter(({ helpGroupHeading = '' }) => !COMMON.includes(helpGroupHeading))
      .flatMap(optionPart),
    '.PP',
    roff(commonText(command)),
    ...(definition.examples.length === 0 ? [] : ['.PP', 'Examples:']),
    ...definition.examples.flatMap(([line, what]) => ['.TP', `.B ${roff(line)}`, roff(what)]),
    '.PP',
    roff(
      `Exit codes: ${exitsOf(definition)
        .map((name) => EXIT_CODES[name].code)
        .join(', ')}.`,
    ),
  ]
}

function defaultText({ defaultValue, defaultValueDescription, argChoices, negate }: Option): string {
  const choices = argChoices === undefined ? '' : ` (one of ${argChoices.join(', ')})`
  const isShown = defaultValue !== undefined && !negate && typeof defaultValue !== 'object'
  return `${choices}${isShown ? ` (default: ${defaultValueDescription ?? String(defaultValue)})` : ''}`
}

// A line that begins with . or ' would be a request, a - would become a hyphen that no one can paste.
function roff(text: string): string {
  return (
    text
      .replaceAll('\\', '\\e')
      .replaceAll('-', '\\-')
      // In a request, a quote groups words, and is not printed.
      .replaceAll('"', '\\(dq')
      .replace(/^(?=[.'])/gm, '\\&')
  )
}
