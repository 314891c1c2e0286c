import { readFileSync } from 'node:fs'

/** The throw-away secrets of the examples, as an environment. */
export const EXAMPLE_ENV: Readonly<Record<string, string>> = Object.fromEntries(
  readFileSync('examples/throw-away.env', 'utf8')
    .split('\n')
    .filter((line) => /^\w+=/.test(line))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
)

/** Every throw-away secret, and how it looks in other spellings: none of them may appear in any output. */
export const EXAMPLE_SECRETS: readonly string[] = Object.values(EXAMPLE_ENV).flatMap((secret) => [
  secret,
  Buffer.from(secret).toString('base64'),
  encodeURIComponent(secret),
])
