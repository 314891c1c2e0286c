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
    ...TOPICS.flatMap((topic) => [
      `.SH ${roff(topic.name === 'exit-codes' ? 'EXIT STATUS' : topic.name.toUpperCase())}`,
      '.nf',
      roff(topic.text(72).trimEnd()),
      '.fi',
    ]),
    '',
  ].join('\n')
}

function commandPart(program: Command, definition: CommandDefinition): string[] {
  const command = program.commands.find((each) => each.name() === definition.name)
  if (command === undefined) return []
  const also = definition.alias === undefined ? '' : ` (also ${definition.alias})`
  return [
    `.SS vpnctl ${roff(`${definition.name} ${command.usage()}${also}`)}`,
    roff(definition.description),
    ...command.options.flatMap((option) => [
      '.TP',
      `.B ${roff(option.flags)}`,
      roff(`${option.description}${defaultText(option)}`),
    ]),
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

function defaultText({
  defaultValue,
  defaultValueDescription,
  argChoices,
  negate,
}: Command['options'][number]): string {
  const choices = argChoices === undefined ? '' : ` (one of ${argChoices.join(', ')})`
  const isShown = defaultValue !== undefined && !negate && typeof defaultValue !== 'object'
  return `${choices}${isShown ? ` (default: ${defaultValueDescription ?? String(defaultValue)})` : ''}`
}

// A line that begins with . or ' would be a request, a - would become a hyphen that no one can paste.
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(?=[.'])/gm, '\\&')
}
