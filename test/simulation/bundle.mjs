import { resolve } from 'node:path'
import { build } from 'esbuild'

/** Bundles the simulation, since Node 20 does not read TypeScript; the path of the bundle. */
export async function bundleSimulation(name, more = {}) {
  // Not in dist, which is published.
  const outfile = resolve('node_modules/.cache/vpnctl', name)
  await build({
    entryPoints: ['test/simulation/command.ts'],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    define: { VPNCTL_VERSION: '"0.0.0-simulation"' },
    logLevel: 'warning',
    ...more,
  })
  return outfile
}
