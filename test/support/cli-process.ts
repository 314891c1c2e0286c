import { type ChildProcess, spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { SHARED_CODE_CACHE } from './code-cache.ts'

const CLI = resolve('dist/cli/bin.js')
const HANDLES = pathToFileURL(resolve('test/support/handles.mjs')).href

/** The environment that lets a run write to `file` what still kept it alive when its result was known. */
export function watchHandles(file: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${HANDLES}`, HANDLES_FILE: file }
}

/** How a process ended and what it wrote. */
export interface Ended {
  readonly argv: readonly string[]
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** A built CLI that runs. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves, with the match, as soon as stdout and stderr together match. */
  says(pattern: RegExp): Promise<RegExpExecArray>
}

/** Starts the built CLI as users do; of this process's environment they get the path alone. */
export function start(
  argv: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Running {
  const child = spawn(process.execPath, [CLI, ...argv], {
    cwd: options.cwd,
    env: { PATH: process.env.PATH ?? '', ...SHARED_CODE_CACHE, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  const listeners = new Set<() => void>()
  const spoke = (): void => {
    for (const listener of listeners) listener()
  }
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    spoke()
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
    spoke()
  })
  const ended = new Promise<Ended>((resolveEnd, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      for (const listener of listeners) listener()
      resolveEnd({ argv, code, signal, stdout, stderr })
    })
  })
  return {
    child,
    ended,
    says: (pattern) =>
      new Promise((resolveSaid, reject) => {
        const look = (): void => {
          const said = pattern.exec(stdout + stderr)
          if (said !== null) {
            listeners.delete(look)
            resolveSaid(said)
          } else if (child.exitCode !== null || child.signalCode !== null) {
            listeners.delete(look)
            reject(new Error(`it ended without saying ${pattern}:\n${stdout}${stderr}`))
          }
        }
        listeners.add(look)
        look()
      }),
  }
}
