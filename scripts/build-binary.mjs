// Makes one executable of the built command line (npm run build) and Node, and tries it out. The code cache in it was made
// under the V8 flags that it runs with.
//
//   node scripts/build-binary.mjs                  for this machine: reports/binary/vpnctl-VERSION-PLATFORM-ARCH
//   node scripts/build-binary.mjs --node PATH      with this Node, 25.5 or later, instead of the pinned one
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { exampleSecrets } from './example-secrets.mjs'

// Packages of the npm registry that hold the official binaries. To move on: the version, and `npm view NAME@VERSION dist.integrity`.
const NODE = '26.12.1'
const INTEGRITY = {
  'linux-x64':
    'sha512-jk5LMAmgHlPlPMWpsUrSOqNaEZG+11UNd35hWQ+p5/XGaelWuTqJ69IcAy/5xtPPN4d5ZRBNOGB6gLMCh2kL9A==',
  'linux-arm64':
    'sha512-8Oxs6Y7rDcKufVIM/zYRSwytj46WOrZk7yFCLTKDcs17bBjAeD9HMAqo97hMfMyxozIud0S4vZCs5WB/3iavNQ==',
}
// The same as in src/cli/bin.ts: V8 optimises what pays only.
const V8_FLAGS = ['--invocation-count-for-turbofan=30000']

// The bundle exports what bin.js calls.
const START = `module.exports.runProcess(process, process.argv.slice(2)).then((code) => { process.exitCode = code })`

const { values } = parseArgs({ options: { node: { type: 'string' } } })
const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
const platform = `${process.platform}-${process.arch}`
const folder = resolve('reports/binary')
const output = join(folder, `vpnctl-${version}-${platform}`)
mkdirSync(folder, { recursive: true })
const work = mkdtempSync(join(tmpdir(), 'vpnctl-binary-'))
try {
  const node = values.node === undefined ? pinnedNode() : resolve(values.node)
  const main = join(work, 'main.cjs')
  writeFileSync(main, `${bundle()}\n${START}`)
  const config = join(work, 'config.json')
  writeFileSync(
    config,
    JSON.stringify({
      main,
      executable: node,
      output,
      disableExperimentalSEAWarning: true,
      useCodeCache: true,
      execArgv: V8_FLAGS,
    }),
  )
  execFileSync(node, [...V8_FLAGS, '--build-sea', config], { stdio: ['ignore', 'ignore', 'inherit'] })
  chmodSync(output, 0o755)
  tryOut()
  const bytes = statSync(output).size
  const sum = createHash('sha256').update(readFileSync(output)).digest('hex')
  console.log(`${output}\n${(bytes / 1024 / 1024).toFixed(0)} MiB, sha256 ${sum}`)
} finally {
  rmSync(work, { recursive: true, force: true })
}

// The very file that a release's package runs, so that the two cannot differ.
function bundle() {
  const [name, ...others] = readdirSync('dist/cli').filter((file) => file.endsWith('.cjs'))
  if (name === undefined || others.length > 0) throw new Error('run npm run build first')
  return readFileSync(join('dist/cli', name), 'utf8')
}

function pinnedNode() {
  const expected = INTEGRITY[platform]
  if (expected === undefined) throw new Error(`no Node is pinned for ${platform}: use --node PATH`)
  const spec = `node-${platform}@${NODE}`
  const [{ filename, integrity }] = JSON.parse(
    run('npm', ['pack', '--json', '--pack-destination', work, spec]),
  )
  const file = readFileSync(join(work, filename))
  const seen = `sha512-${createHash('sha512').update(file).digest('base64')}`
  if (seen !== expected) throw new Error(`${spec} is ${seen} (${integrity}) and not the pinned ${expected}`)
  run('tar', ['-xzf', join(work, filename), '-C', work])
  return join(work, 'package/bin/node')
}

// An empty environment: neither Node nor a package is on the path.
function tryOut() {
  const home = join(work, 'home')
  mkdirSync(home)
  const env = { HOME: home, PATH: '/nonexistent', ...exampleSecrets() }
  const vpnctl = (...args) => run(output, args, { cwd: home, env })
  const job = ['-f', resolve('examples/quickstart.yaml'), '--sandbox', '--data', 'sandbox.json']
  expect(vpnctl('--version').trim() === version, `--version does not print ${version}`)
  expect(/^Usage: vpnctl plan/m.test(vpnctl('plan', '--help')), 'plan --help prints no usage')
  vpnctl('apply', '--yes', ...job)
  expect(/^No changes\./m.test(vpnctl('plan', ...job)), 'a plan after the apply has changes')
}

function run(program, args, options = {}) {
  return execFileSync(program, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 26,
    ...options,
  })
}

function expect(holds, message) {
  if (!holds) throw new Error(message)
}
