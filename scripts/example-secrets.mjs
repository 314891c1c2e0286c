import { readFileSync } from 'node:fs'

/** The throw-away keys that the examples refer to, as variables of the environment. */
export function exampleSecrets() {
  const lines = readFileSync('examples/throw-away.env', 'utf8')
    .split('\n')
    .filter((line) => /^\w+=/.test(line))
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  )
}
