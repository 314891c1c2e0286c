import type { Context } from '../context.ts'
import { DEFAULT_DATA, type FileFlags, type RemoteFlags } from '../flags/options.ts'

/**
 * The command line that goes on where this run stopped: the same one, without `limits` that it reached, which are flags
 * with a value. Values of variables are left out where they may be secrets.
 */
export function rerunCommand({ argv: all }: Pick<Context, 'argv'>, limits: readonly string[] = []): string {
  const argv = all.filter((word, index) => {
    const [flag = ''] = word.split('=')
    return !limits.includes(flag) && !limits.includes(all[index - 1] ?? '')
  })
  const mayHoldSecrets = argv.includes('--allow-plaintext-secrets')
  const words = argv.map((word, index) => {
    if (!mayHoldSecrets) return word
    if (word.startsWith('--var=')) return hideValue(word, '--var='.length)
    return argv[index - 1] === '--var' ? hideValue(word, 0) : word
  })
  return ['vpnctl', ...words.map(shellWord)].join(' ')
}

function hideValue(word: string, from: number): string {
  const at = word.indexOf('=', from)
  return at < 0 ? word : `${word.slice(0, at)}=...`
}

/** A word of a command line as a shell reads it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** Flags that say which files and which API a run uses. */
export type Inputs = FileFlags & Pick<RemoteFlags, 'sandbox' | 'data' | 'endpoint' | 'config' | 'profile'>

/** The files and the API of this run as the end of another command: without them, that one would use others. */
export function sameInputs(flags: Inputs): string {
  return `${fileArguments(flags)}${apiArguments(flags)}`
}

/** The API of this run as the end of another command. */
export function apiArguments({ sandbox, data, endpoint, config, profile }: Inputs): string {
  if (sandbox === true) {
    return data === undefined || data === DEFAULT_DATA ? ' --sandbox' : ` --sandbox --data ${shellWord(data)}`
  }
  return Object.entries({ endpoint, config, profile })
    .map(([name, value]) => (value === undefined ? '' : ` --${name} ${shellWord(value)}`))
    .join('')
}

/** The files of this run and their variables as the end of another command; nothing where it would read the same by itself. */
export function fileArguments({
  file = [],
  var: values = [],
  varFile = [],
  allowPlaintextSecrets,
}: FileFlags): string {
  const mayHoldSecrets = allowPlaintextSecrets === true
  return [
    ...file.filter((name) => name !== '-').map((name) => ` -f ${shellWord(name)}`),
    ...values.map((pair) => ` --var ${shellWord(mayHoldSecrets ? hideValue(pair, 0) : pair)}`),
    ...varFile.map((name) => ` --var-file ${shellWord(name)}`),
    ...(mayHoldSecrets ? [' --allow-plaintext-secrets'] : []),
  ].join('')
}

/** A file that this run wrote as the end of another command; nothing for the one that is read by default. */
export function newFileArgument(name: string): string {
  return name === 'vpn.yaml' ? '' : fileArguments({ file: [name] })
}
