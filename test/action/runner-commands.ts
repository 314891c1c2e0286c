/** One command that a log gives to the runner. */
export interface RunnerCommand {
  readonly name: string
  readonly properties: Readonly<Record<string, string>>
  readonly message: string
}

/**
 * The commands that a runner of GitHub obeys in a log, read as its ActionCommandManager does: `::name key=value::text` at
 * the beginning of a line, `##[name]text` anywhere in it, and nothing between `::stop-commands::TOKEN` and `::TOKEN::`.
 */
export function runnerCommands(log: string): readonly RunnerCommand[] {
  const commands: RunnerCommand[] = []
  let token: string | undefined
  for (const line of log.split(/\r\n|\n|\r/)) {
    const command = parse(line)
    if (command === undefined) continue
    if (token !== undefined) {
      if (command.name === token) token = undefined
    } else if (command.name === 'stop-commands') token = command.message
    else commands.push(command)
  }
  return commands
}

function parse(line: string): RunnerCommand | undefined {
  const second = /^\s*::([\w-]+)(?: (.*?))?::(.*)$/.exec(line)
  if (second !== null) {
    const [, name = '', properties = '', message = ''] = second
    return { name, properties: propertiesOf(properties), message: unescaped(message) }
  }
  const first = /##\[([\w-]+)(?: (.*?))?\](.*)$/.exec(line)
  if (first === null) return undefined
  const [, name = '', properties = '', message = ''] = first
  return { name, properties: propertiesOf(properties), message }
}

function propertiesOf(text: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    text
      .split(',')
      .filter((pair) => pair.includes('='))
      .map((pair) => [
        pair.slice(0, pair.indexOf('=')).trim(),
        unescaped(pair.slice(pair.indexOf('=') + 1))
          .replaceAll('%3A', ':')
          .replaceAll('%2C', ','),
      ]),
  )
}

function unescaped(text: string): string {
  return text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%25', '%')
}
