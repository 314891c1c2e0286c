// Installs the packed package as users do, into an empty prefix, runs it in an empty folder, and measures what was
// installed; unpacks it as the action and the container do, and measures the time from nothing to the first plan. Needs what
// is built (npm run build) and the npm registry.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { exampleSecrets } from './example-secrets.mjs'

const MOST_PACKAGES = 40
// Two of them are the word lists by which weak keys are found.
const MOST_BYTES = 10 * 1024 * 1024

const root = mkdtempSync(join(tmpdir(), 'vpnctl-install-'))
try {
  const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', root]))
  const prefix = join(root, 'prefix')
  const empty = join(root, 'empty')
  mkdirSync(empty)
  const install = ['install', '--global', '--prefix', prefix, '--no-audit', '--no-fund', join(root, filename)]
  const installed = timed(() => run('npm', [...install, '--cache', join(root, 'cache')]))
  console.log(`installed from the tarball in ${(installed / 1000).toFixed(1)} s, with an empty cache of npm`)

  const env = { ...process.env, ...exampleSecrets(), PATH: `${join(prefix, 'bin')}:${process.env.PATH}` }
  const vpnctl = (...args) => run('vpnctl', args, { cwd: empty, env })
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  expect(vpnctl('--version').trim() === version, `vpnctl --version does not say ${version}`)
  const job = ['-f', resolve('examples/quickstart.yaml'), '--sandbox', '--data', 'sandbox.json']
  expect(vpnctl('completion', 'bash').includes('vpnctl'), 'no completion for bash')
  vpnctl('apply', '--yes', ...job)
  expect(/^No changes\./m.test(vpnctl('plan', ...job)), 'a plan after the apply has changes')

  const files = readdirSync(prefix, { recursive: true, withFileTypes: true })
  const bytes = files.reduce(
    (sum, file) => sum + (file.isFile() ? statSync(join(file.parentPath, file.name)).size : 0),
    0,
  )
  const packages = files.filter(
    (file) => file.name === 'package.json' && /node_modules\/(@[^/]+\/)?[^/@]+$/.test(file.parentPath),
  ).length
  firstPlan(join(root, filename), job)
  console.log(`${packages} packages, ${(bytes / 1024 / 1024).toFixed(1)} MB`)
  expect(packages <= MOST_PACKAGES, `more than ${MOST_PACKAGES} packages`)
  expect(bytes <= MOST_BYTES, `more than ${MOST_BYTES} bytes`)
} finally {
  rmSync(root, { recursive: true, force: true })
}

function firstPlan(file, job) {
  const folder = join(root, 'unpacked')
  mkdirSync(folder)
  const env = { PATH: process.env.PATH, HOME: folder, ...exampleSecrets() }
  const cold = timed(() => {
    run('tar', ['-xzf', file, '-C', folder, '--strip-components=1'])
    plan()
  })
  const warm = timed(plan)
  console.log(
    `first plan ${(cold / 1000).toFixed(1)} s cold (goal 10), ${(warm / 1000).toFixed(1)} s warm (goal 1)`,
  )

  function plan() {
    const bin = join(folder, 'dist/cli/bin.js')
    expect(
      /will be created/.test(run(process.execPath, [bin, 'plan', ...job], { cwd: folder, env })),
      'no plan',
    )
  }
}

function timed(work) {
  const started = performance.now()
  work()
  return performance.now() - started
}

function run(program, args, options = {}) {
  return execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], ...options })
}

function expect(holds, problem) {
  if (!holds) throw new Error(problem)
}
