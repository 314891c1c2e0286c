// Builds the published files: dist/lib (library and types, by tsc) and dist/cli (one bundled CLI, by esbuild).
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { build } from 'esbuild'
import { validatorsAheadOfTime } from './build/ahead-of-time.mjs'
import { bundledPackages, thirdPartyNotices } from './build/bundled-packages.mjs'

// `--cli` and `--lib` build one of the two, and leave the other alone.
const only = process.argv.find((word) => word === '--cli' || word === '--lib')
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
if (only === undefined) rmSync('dist', { recursive: true, force: true })
if (only !== '--cli') buildLibrary()
if (only !== '--lib') await buildCommandLine()

function buildLibrary() {
  rmSync('dist/lib', { recursive: true, force: true })
  execFileSync(process.execPath, ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json'], {
    stdio: 'inherit',
  })
}

async function buildCommandLine() {
  const { metafile } = await build({
    entryPoints: { bin: 'src/cli/bin.ts' },
    outdir: 'dist/cli',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    minify: true,
    legalComments: 'none',
    plugins: [validatorsAheadOfTime()],
    // The same code as modules: what is not used stays out, and it does not ask the environment for a debugging switch at
    // every token, which costs more than the reading where the environment is large.
    alias: { yaml: resolve('node_modules/yaml/browser/index.js') },
    define: { VPNCTL_VERSION: JSON.stringify(version) },
    // Bundled CommonJS packages call require() for Node's own modules; ES modules have none of their own.
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
    chunkNames: 'chunks/[name]-[hash]',
    logLevel: 'warning',
    metafile: true,
  })
  // Chunks of builds before this one; not all of the folder, since a test may run what is in it.
  for (const name of readdirSync('dist/cli/chunks')) {
    const path = join('dist/cli/chunks', name)
    if (!(relative('.', path).replaceAll('\\', '/') in metafile.outputs)) rmSync(path)
  }
  const packages = bundledPackages(metafile)
  writeFileSync('dist/cli/THIRD-PARTY-LICENSES.txt', thirdPartyNotices(packages))
  mkdirSync('reports', { recursive: true })
  writeFileSync(
    'reports/bundled-packages.json',
    JSON.stringify(packages.map(({ name, version }) => `${name}@${version}`)),
  )
  chmodSync('dist/cli/bin.js', 0o755)
}
