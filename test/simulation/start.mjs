// Bundles the simulation, since Node 20 does not read TypeScript, and runs it: npm run simulate -- --seed 1 --trace
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { build } from 'esbuild'

// Not in dist, which is published.
const outfile = resolve('node_modules/.cache/vpnctl/simulation.mjs')
await build({
  entryPoints: ['test/simulation/command.ts'],
  outfile,
  bundle: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  define: { VPNCTL_VERSION: '"0.0.0-simulation"' },
  sourcemap: 'inline',
  logLevel: 'warning',
})
process.setSourceMapsEnabled(true)
await import(pathToFileURL(outfile).href)
