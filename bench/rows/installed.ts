import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { inFolder } from '../processes.ts'
import type { Row } from '../row.ts'

/** What `npm install vpnctl` puts on a disk. */
export const installedRow: Row = {
  name: 'installed',
  work: 'installed size with production dependencies only',
  measure: (build) =>
    inFolder(async (folder) => {
      const pack = ['pack', '--silent', '--pack-destination', folder]
      const tarball = execFileSync('npm', pack, { cwd: build.folder, encoding: 'utf8' })
        .trim()
        .split('\n')
        .at(-1)
      const install = ['install', '--omit=dev', '--no-audit', '--no-fund', '--silent', '--prefix', folder]
      execFileSync('npm', [...install, join(folder, tarball ?? '')], { cwd: folder, stdio: 'ignore' })
      const modules = join(folder, 'node_modules')
      const lock = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as {
        packages: object
      }
      return [
        { what: 'size', value: sizeOf(modules) / 1e6, unit: 'MB', goal: 8 },
        { what: 'packages', value: Object.keys(lock.packages).length, unit: '', goal: 40 },
      ]
    }),
}

function sizeOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0)
}
