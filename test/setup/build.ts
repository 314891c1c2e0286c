import { execFileSync } from 'node:child_process'

/** The CLI that tests run as a process is the one that users get. */
export default function setup(): void {
  execFileSync(process.execPath, ['build.mjs', '--cli'], { stdio: 'inherit' })
}
