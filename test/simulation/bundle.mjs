import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { build } from 'esbuild'

/** Bundles the simulation, since Node 20 does not read TypeScript; the path of the bundle. */
export async function bundleSimulation(name, more = {}) {
  // Not in dist, which is published.
  const outfile = resolve('node_modules/.cache/vpnctl', name)
  const { outputFiles } = await build({
    entryPoints: ['test/simulation/command.ts'],
    outfile,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    define: { VPNCTL_VERSION: '"0.0.0-simulation"' },
    logLevel: 'warning',
    write: false,
    ...more,
  })
  await mkdir(dirname(outfile), { recursive: true })
  // Several processes may start at once; none may read half a file.
  const written = `${outfile}.${randomUUID()}`
  await writeFile(written, outputFiles[0].contents)
  await rename(written, outfile)
  return outfile
}

/** A plugin that plants a bug in a bundle: a text that a file has once is replaced. */
export function plant({ name, file, find, put }) {
  const path = resolve(file)
  const text = readFileSync(path, 'utf8')
  if (text.split(find).length !== 2) throw new Error(`${name}: the line to change is not in ${file} once`)
  return {
    name: 'planted',
    setup: (setup) =>
      setup.onLoad({ filter: /\.ts$/ }, ({ path: loaded }) =>
        loaded === path ? { contents: text.replace(find, () => put), loader: 'ts' } : undefined,
      ),
  }
}
