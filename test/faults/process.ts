import { type ChildProcess, spawn } from 'node:child_process'
import { resolve } from 'node:path'

const CLI = resolve('dist/cli/bin.js')

/** How a process ended and what it wrote. */
export interface Ended {
  readonly argv: readonly string[]
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
  /** Milliseconds from the last byte that it wrote to its end. */
  readonly lingeredMs: number
}

/** A built CLI at work. */
export interface Running {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** Resolves as soon as stdout and stderr together match. */
  says(pattern: RegExp): Promise<void>
}

/** Starts the built CLI as users do; nothing of this process's environment but the path goes along. */
export function start(
  argv: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Running {
  const child = spawn(process.execPath, [CLI, ...argv], {
    cwd: options.cwd,
    env: { PATH: process.env.PATH ?? '', ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  let spokeAt = performance.now()
  let exitedAt = spokeAt
  const listeners = new Set<() => void>()
  const spoke = (): void => {
    spokeAt = performance.now()
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
  child.once('exit', () => {
    exitedAt = performance.now()
  })
  const ended = new Promise<Ended>((resolveEnd, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      for (const listener of listeners) listener()
      resolveEnd({ argv, code, signal, stdout, stderr, lingeredMs: exitedAt - spokeAt })
    })
  })
  return {
    child,
    ended,
    says: (pattern) =>
      new Promise((resolveSaid, reject) => {
        const look = (): void => {
          if (pattern.test(stdout + stderr)) {
            listeners.delete(look)
            resolveSaid()
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
