#!/usr/bin/env node
declare const VPNCTL_VERSION: string

const argv = process.argv.slice(2)
if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  // The parser alone costs more than the answer.
  process.stdout.write(`${VPNCTL_VERSION}\n`)
} else {
  const { runProcess } = await import('./process-io.ts')
  process.exitCode = await runProcess(process, argv)
}
