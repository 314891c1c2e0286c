import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { safeJson } from '../../report/writing/safe-text.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'

/** A file of JSON lines that is only ever appended to. */
export interface AuditFile {
  write(line: Readonly<Record<string, unknown>>): void
  close(): void
}

/**
 * Opens it for appending; made for its owner's eyes only. Lines are written at once and by one call each: a killed
 * run loses none, and two runs may share a file.
 */
export function openAuditFile(context: Context, path: string): AuditFile {
  const file = open(context, path)
  let broken = false
  const guarded = (work: () => void): void => {
    try {
      if (!broken) work()
    } catch (error) {
      // A full disk must not end an apply halfway.
      broken = true
      context.err(`warning: the log file ${path} cannot be written any more (${codeOf(error)})\n`)
    }
  }
  return {
    write: (line) => guarded(() => writeSync(file, `${safeJson(line)}\n`)),
    close: () => {
      // Pipes and terminals cannot be flushed, and need not be.
      guarded(() => ignore('EINVAL', () => fsyncSync(file)))
      closeSync(file)
    },
  }
}

function open(context: Context, path: string): number {
  try {
    return openSync(resolve(context.io.cwd, path), 'a', 0o600)
  } catch (error) {
    throw new Failure('error', `the log file ${path} cannot be opened (${codeOf(error)})`, {
      hint: 'nothing was sent; name a file that can be written, in a folder that is there',
    })
  }
}

function ignore(code: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    if (codeOf(error) !== code) throw error
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown trouble'
}
