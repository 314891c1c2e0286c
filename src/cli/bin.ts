#!/usr/bin/env node
declare const VPNCTL_VERSION: string

const argv = process.argv.slice(2)
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') process.exitCode = 1
  })
  // The parser alone costs more than the answer.
  process.stdout.write(`${VPNCTL_VERSION}\n`)
} else {
  optimiseLater((await import('node:v8')).setFlagsFromString)
  keepCompiledCode(await import('node:module'))
  const { runProcess } = await import('./process-io.ts')
  process.exitCode = await runProcess(process, argv)
}

// Node 22 and later can keep what it compiled, for the next start. In the user's own cache: code in a folder that others
// may write to would be theirs.
function keepCompiledCode(modules: object): void {
  const { XDG_CACHE_HOME, HOME } = process.env
  const cache = XDG_CACHE_HOME || (HOME ? `${HOME}/.cache` : undefined)
  // The types are those of Node 20.
  const { enableCompileCache } = modules as { readonly enableCompileCache?: (folder: string) => unknown }
  if (cache?.startsWith('/')) enableCompileCache?.(`${cache}/vpnctl`)
}

// V8 optimises what has run for a while. A run over some hundred resources ends before that pays, and would give a third of
// its time to it; with these limits a long one does so some milliseconds later. The names are those of V8 11 (Node 20), and
// 12 and 13 (Node 22 and 24); an unknown one would be told to the user.
function optimiseLater(setFlag: (flag: string) => void): void {
  const major = process.versions.v8.split('.')[0] ?? ''
  if (major === '11') setFlag('--interrupt-budget=500000')
  if (major === '12' || major === '13') setFlag('--invocation-count-for-turbofan=10000')
}
