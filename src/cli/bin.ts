import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { compileWithCache } from './code-cache.ts'
import type { runProcess } from './process-io.ts'

declare const VPNCTL_VERSION: string
/** The name of the bundle next to this file: a hash of its content and `.cjs`. */
declare const VPNCTL_BUNDLE: string

const argv = process.argv.slice(2)
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  process.stdout.on('error', ({ code }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE') process.exitCode = 1
  })
  // The parser alone costs more than the answer.
  process.stdout.write(`${VPNCTL_VERSION}\n`)
} else {
  // Flags first: they are part of what a code cache was made for.
  optimiseLater()
  // One cache per command: with that of another a run reads what it does not use, and compiles what it does.
  const [command = ''] = argv
  const name = /^[a-z][a-z-]*$/.test(command) ? `${VPNCTL_BUNDLE}-${command}` : VPNCTL_BUNDLE
  const code = compileWithCache(join(__dirname, VPNCTL_BUNDLE), name, {
    env: process.env,
    uid: process.getuid?.(),
    pid: process.pid,
  })
  const bundle = code.run(require) as { readonly runProcess: typeof runProcess }
  void bundle.runProcess(process, argv).then((exitCode) => {
    process.exitCode = exitCode
    // None for a command that does not exist.
    if (exitCode !== 64) code.keep()
  })
}

// V8 optimises what has run for a while. A run over some hundred resources ends before that pays, and would give a third of
// its time to it; with these limits a long one does so some milliseconds later. The names are those of V8 11 (Node 20), and
// 12 to 14 (Node 22 to 26); an unknown one would be reported to the user.
function optimiseLater(): void {
  const major = process.versions.v8.split('.')[0] ?? ''
  if (major === '11') setFlagsFromString('--interrupt-budget=2000000')
  if (major === '12' || major === '13' || major === '14')
    setFlagsFromString('--invocation-count-for-turbofan=30000')
}
