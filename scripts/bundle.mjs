// Packs what is built (npm run build) into vpnctl-VERSION.tgz, which runs without any dependency once it is unpacked, and
// prints the line that action/bundle.txt needs so that the action uses it: source, SHA-256, name.
//
//   node scripts/bundle.mjs            packs into the current folder and prints the line
//   node scripts/bundle.mjs --check    fails as well unless action/bundle.txt is that line
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--ignore-scripts']))
const line = `${sourceKey()} ${createHash('sha256').update(readFileSync(filename)).digest('hex')} ${filename}\n`
process.stdout.write(line)
const RECORD = 'action/bundle.txt'
if (process.argv.includes('--check') && !(existsSync(RECORD) && readFileSync(RECORD, 'utf8') === line)) {
  process.stderr.write(`${RECORD} is not this line: commit it, and tag that commit\n`)
  process.exitCode = 1
}

// As the action computes it.
function sourceKey() {
  const folder = mkdtempSync(join(tmpdir(), 'vpnctl-bundle-'))
  try {
    const output = join(folder, 'output')
    run('bash', ['action/choose.sh'], { ACTION_FOLDER: '.', INSTALL_FOLDER: folder, GITHUB_OUTPUT: output })
    return /^key=(.*)$/m.exec(readFileSync(output, 'utf8'))?.[1]
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function run(program, args, env = {}) {
  return execFileSync(program, args, { encoding: 'utf8', env: { ...process.env, ...env } })
}
