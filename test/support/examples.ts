import { readFileSync } from 'node:fs'

/** The throw-away secrets of the examples, as an environment. */
export const EXAMPLE_ENV: Readonly<Record<string, string>> = Object.fromEntries(
  readFileSync('examples/throw-away.env', 'utf8')
    .split('\n')
    .filter((line) => /^\w+=/.test(line))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
)

/** Every form of a secret that a text can carry: raw, base64, base64url, hex, URL- and JSON-escaped. */
export function formsOf(secret: string): readonly string[] {
  const bytes = Buffer.from(secret)
  return [
    secret,
    ...(['base64', 'base64url', 'hex'] as const).map((encoding) => bytes.toString(encoding)),
    bytes.toString('hex').toUpperCase(),
    encodeURIComponent(secret),
    JSON.stringify(secret).slice(1, -1),
  ]
}

/** Every throw-away secret in each of its forms: none of them may appear in any output. */
export const EXAMPLE_SECRETS: readonly string[] = Object.values(EXAMPLE_ENV).flatMap(formsOf)
