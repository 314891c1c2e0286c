// Is the package that would be published in order? Packs what is built (npm run build), and asks publint, attw, knip and
// typedoc. Needs no network.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folder = mkdtempSync(join(tmpdir(), 'vpnctl-package-'))
try {
  const packed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], { encoding: 'utf8' })
  const tarball = join(folder, JSON.parse(packed)[0].filename)
  run('publint', 'run', tarball, '--strict')
  // The package is for ES modules alone; what CommonJS would make of it is not a problem.
  run('attw', tarball, '--profile', 'esm-only', '--format', 'ascii')
  run('knip')
  run('typedoc', '--emit', 'none')
} catch (error) {
  // The tool has said what is wrong.
  process.exitCode = typeof error.status === 'number' ? error.status : 1
  if (typeof error.status !== 'number') console.error(error)
} finally {
  rmSync(folder, { recursive: true, force: true })
}

function run(tool, ...args) {
  console.log(`$ ${tool} ${args.join(' ')}`.replace(folder, '.'))
  execFileSync(join('node_modules/.bin', tool), args, { stdio: 'inherit' })
}
