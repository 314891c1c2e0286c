// Bundles the harness, since Node 20 does not read TypeScript, and runs it: npm run test:faults -- --runs 200 --seed 1
import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

execFileSync(process.execPath, ['build.mjs', '--cli'], { stdio: 'inherit' })
const outfile = resolve('dist/test/faults.mjs')
await build({
  entryPoints: ['test/faults/command.ts'],
  outfile,
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  define: { VPNCTL_VERSION: '"0.0.0-faults"' },
  logLevel: 'warning',
})
await import(pathToFileURL(outfile).href)
