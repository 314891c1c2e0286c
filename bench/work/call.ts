import { resolve } from 'node:path'
import type { Build } from '../builds.ts'
import { runNode } from '../processes.ts'

/** Does a piece of work in a process of its own, on the library of `build`; what it found. */
export async function call<T>(build: Build, name: string, args: readonly (string | number)[]): Promise<T> {
  const work = resolve('node_modules/.cache/bench/work.mjs')
  const { stdout } = await runNode([
    '--max-old-space-size=6000',
    work,
    name,
    build.folder,
    ...args.map(String),
  ])
  return JSON.parse(stdout) as T
}
