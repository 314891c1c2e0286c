#!/usr/bin/env node
declare const VPNCTL_VERSION: string

const argv = process.argv.slice(2)
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  // The parser alone costs more than the answer.
  process.stdout.write(`${VPNCTL_VERSION}\n`)
} else {
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
