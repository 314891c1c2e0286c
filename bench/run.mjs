// `npm run bench`: bundles the suite, which is TypeScript, and starts it.
import { spawnSync } from 'node:child_process'
import { build } from 'esbuild'

await build({
  entryPoints: { main: 'bench/main.ts', work: 'bench/work/work.ts' },
  outdir: 'node_modules/.cache/bench',
  bundle: true,
  format: 'esm',
  platform: 'node',
  packages: 'external',
  outExtension: { '.js': '.mjs' },
  logLevel: 'warning',
})
const { status } = spawnSync(
  process.execPath,
  ['node_modules/.cache/bench/main.mjs', ...process.argv.slice(2)],
  { stdio: 'inherit' },
)
process.exitCode = status ?? 1
