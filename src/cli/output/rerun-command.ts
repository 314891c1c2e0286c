import type { Context } from '../context.ts'
import { DEFAULT_DATA, type FileFlags, type RemoteFlags } from '../flags/options.ts'

/**
 * The command line that goes on where this run stopped: the same one. Values of variables are left out where they
 * may be secrets.
 */
export function rerunCommand({ argv }: Pick<Context, 'argv'>): string {
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

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** The embedded sandbox as the end of another command, where this run uses it: without it, that one would use the account. */
export function sandboxArguments({ sandbox, data }: Pick<RemoteFlags, 'sandbox' | 'data'>): string {
  if (sandbox !== true) return ''
  return data === undefined || data === DEFAULT_DATA ? ' --sandbox' : ` --sandbox --data ${shellWord(data)}`
}

/** The files of this run as the end of another command: ` -f vpn/`, or nothing where it would read the same by itself. */
export function fileArguments({ file = [] }: FileFlags): string {
  return file
    .filter((name) => name !== '-')
    .map((name) => ` -f ${shellWord(name)}`)
    .join('')
}
