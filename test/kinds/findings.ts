import { loadConfig } from '../../src/config/load.ts'
import { buildDesired } from '../../src/desired/build-desired.ts'
import type { SourceRange } from '../../src/model/diagnostic.ts'
import { type Sample, sample, toYaml } from '../setup/sample-files.ts'

/**
 * What the rules find in the bent sample under some codes, whatever the schema says of it: a line for the finding with the text that it points at,
 * one for what to do, and one for each other place.
 */
export async function found(
  codes: string | readonly string[],
  bend: (file: Sample) => unknown,
  env?: Readonly<Record<string, string>>,
): Promise<readonly string[]> {
  const file = sample()
  bend(file)
  const yaml = toYaml(file)
  const shown = ({ start, end }: SourceRange): string =>
    yaml.slice(start.offset, end.offset).split('\n')[0] ?? ''
  const stdin = { files: ['-'], cwd: '/', env: {}, readStdin: async () => Buffer.from(yaml) }
  const { documents } = await loadConfig({ ...stdin, vars: {}, varFiles: [] })
  const { diagnostics } = await buildDesired(documents, env === undefined ? null : { env, mode: 'optional' })
  return diagnostics
    .filter(({ code }) => codes.includes(code))
    .flatMap(({ severity, code, message, hint, at, related = [] }) => [
      `${severity} ${code} at ${at === undefined ? 'nothing' : shown(at)}: ${message}`,
      `  do: ${hint}`,
      ...related.map((other) => `  see ${shown(other.at)}: ${other.message}`),
    ])
}
