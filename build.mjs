// Builds the published files: dist/lib (library and types, by tsc) and dist/cli (one bundled CLI, by esbuild).
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { validatorsAheadOfTime } from './build/ahead-of-time.mjs'
import { bundledPackages, thirdPartyNotices } from './build/bundled-packages.mjs'
import { lazyBuiltins } from './build/lazy-builtins.mjs'

// `--cli` and `--lib` build one of the two, and leave the other alone. `--no-check` takes the types as they are, which halves
// the time: the files are the same, and `npm run typecheck` says what is wrong with them.
const only = process.argv.find((word) => word === '--cli' || word === '--lib')
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
if (only === undefined) rmSync('dist', { recursive: true, force: true })
if (only !== '--cli') buildLibrary()
if (only !== '--lib') await buildCommandLine()

function buildLibrary() {
  rmSync('dist/lib', { recursive: true, force: true })
  const tsc = ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json']
  if (process.argv.includes('--no-check')) tsc.push('--noCheck')
  execFileSync(process.execPath, tsc, { stdio: 'inherit' })
}

// One file of CommonJS, since Node 20 has a code cache for nothing else; modules behind import() run when they are asked
// for, as before. `bin.js` compiles it with the cache of an earlier run.
async function buildCommandLine() {
  const common = {
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20.19',
    // Code that was compiled by hand, as `bin.js` does, cannot import(): it would fail at the question of an apply.
    supported: { 'dynamic-import': false },
    minify: true,
    legalComments: 'none',
    logLevel: 'warning',
    write: false,
  }
  const { metafile, outputFiles } = await build({
    ...common,
    entryPoints: ['src/cli/process-io.ts'],
    outdir: 'dist/cli',
    plugins: [validatorsAheadOfTime(), lazyBuiltins()],
    // The same code as modules: what is not used stays out, and it does not ask the environment for a debugging switch at
    // every token, which costs more than the reading where the environment is large.
    alias: {
      yaml: resolve('node_modules/yaml/browser/index.js'),
      'http2-wrapper': resolve('build/no-http2.mjs'),
    },
    define: { VPNCTL_VERSION: JSON.stringify(version) },
    metafile: true,
  })
  const bundle = outputFiles[0].contents
  if (bundle.some((byte) => byte > 0x7f))
    throw new Error('the bundle is read as ASCII: write other characters as escapes')
  const name = `${createHash('sha256').update(bundle).digest('hex').slice(0, 16)}.cjs`
  const bin = await build({
    ...common,
    entryPoints: ['src/cli/bin.ts'],
    outdir: 'dist/cli',
    banner: { js: '#!/usr/bin/env node' },
    define: { VPNCTL_VERSION: JSON.stringify(version), VPNCTL_BUNDLE: JSON.stringify(name) },
  })
  mkdirSync('dist/cli', { recursive: true })
  writeFileSync('dist/cli/package.json', '{"type":"commonjs"}\n')
  writeFileSync(join('dist/cli', name), bundle)
  writeFileSync('dist/cli/bin.js', bin.outputFiles[0].contents)
  // Bundles of builds before this one.
  for (const file of readdirSync('dist/cli')) {
    if (file.endsWith('.cjs') && file !== name) rmSync(join('dist/cli', file))
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
