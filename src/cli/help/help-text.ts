import { wrapWords } from '../../report/writing/wrap.ts'
import type { CommandDefinition } from '../commands/command.ts'
import { EXIT_CODES } from '../exit-codes.ts'
import { type Ending, exitsOf, meaningOf } from './command-exits.ts'

/** What is below the flags in the help of a command. */
export function helpTail(command: Pick<CommandDefinition, 'examples'> & Ending, width: number): string {
  const { examples } = command
  const parts = [
    ...(examples.length === 0 ? [] : [`Examples:\n${examplesText(examples, width)}`]),
    `Exit codes (which of them to retry: vpnctl help exit-codes):\n${exitsText(command, width)}`,
  ]
  return `\n${parts.join('\n\n')}\n`
}

// What an example does is next to it where all fit, else below.
function examplesText(examples: readonly (readonly [string, string])[], width: number): string {
  const widest = Math.max(...examples.map(([line]) => line.length))
  const fits = examples.every(([, what]) => widest + what.length + 4 <= width)
  return examples
    .map(([line, what]) =>
      fits ? `  ${line.padEnd(widest)}  ${what}` : `  ${line}\n${wrap(what, width, '      ')}`,
    )
    .join('\n')
}

function exitsText(command: Ending, width: number): string {
  return exitsOf(command)
    .map((name) => {
      const { code } = EXIT_CODES[name]
      return wrap(meaningOf(command, name), width, '       ').replace(
        /^ {7}/,
        `  ${String(code).padStart(3)}  `,
      )
    })
    .join('\n')
}

/** Text in lines that are no wider, each with `indent` in front. */
export function wrap(text: string, width: number, indent = ''): string {
  return wrapWords(`${indent}${text}`, width, indent).join('\n')
}

/** Names with their meanings in a column next to them. */
export function twoColumns(rows: readonly (readonly [string, string])[], width: number): string {
  const first = Math.max(...rows.map(([name]) => name.length))
  const indent = ' '.repeat(first + 4)
  return rows
    .map(([name, meaning]) => wrap(meaning, width, indent).replace(indent, `  ${name.padEnd(first)}  `))
    .join('\n')
}
