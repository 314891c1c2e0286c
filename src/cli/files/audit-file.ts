import { closeSync, constants, fsyncSync, openSync, writeSync } from 'node:fs'
import { resolve } from 'node:path'
import { errorCode } from '../../model/errors.ts'
import { safeJson, safeLine } from '../../report/writing/safe-text.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'

/** A file of JSON lines that is only ever appended to. */
export interface AuditFile {
  write(line: Readonly<Record<string, unknown>>): void
  close(): void
}

/**
 * Opens it for appending; made for its owner's eyes only. Lines are written at once and by one call each: a killed
 * run loses none, and two runs may share a file. A reader of a pipe that takes too long ends the log, not the run.
 */
export function openAuditFile(context: Context, path: string): AuditFile {
  const file = open(context, path)
  const writeAll = writer()
  let broken = false
  const guarded = (work: () => void): void => {
    try {
      if (!broken) work()
    } catch (error) {
      // A full disk must not end an apply halfway.
      broken = true
      context.err(
        `warning: the log file ${safeLine(path)} cannot be written any more (${errorCode(error)})\n`,
      )
    }
  }
  return {
    write: (line) => guarded(() => writeAll(file, `${safeJson(line)}\n`)),
    close: () => {
      // Pipes and terminals cannot be flushed, and need not be.
      guarded(() => ignore('EINVAL', () => fsyncSync(file)))
      closeSync(file)
    },
  }
}

// Not blocking: neither a pipe that no one reads nor one whose reader is slow may stop a run.
const FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | (constants.O_NONBLOCK ?? 0)

function open(context: Context, path: string): number {
  try {
    return openSync(resolve(context.io.cwd, path), FLAGS, 0o600)
  } catch (error) {
    if (errorCode(error) === 'ENXIO') {
      throw new Failure('error', `the log file ${path} is a pipe that no one reads`, {
        hint: 'nothing was sent; start its reader first',
      })
    }
    throw new Failure('error', `the log file ${path} cannot be opened (${errorCode(error)})`, {
      hint: 'nothing was sent; name a file that can be written, in a folder that is there',
    })
  }
}

// A reader gets this long to make room, all lines of a run together.
const PATIENCE_MS = 1_000
const PAUSE_MS = 5

function writer(): (file: number, text: string) => void {
  const pause = new Int32Array(new SharedArrayBuffer(4))
  let waitedMs = 0
  return (file, text) => {
    const bytes = Buffer.from(text)
    for (let done = 0; done < bytes.length; ) {
      try {
        done += writeSync(file, bytes, done)
      } catch (error) {
        if (errorCode(error) !== 'EAGAIN' || waitedMs >= PATIENCE_MS) throw error
        waitedMs += PAUSE_MS
        Atomics.wait(pause, 0, 0, PAUSE_MS)
      }
    }
  }
}

function ignore(code: string, work: () => void): void {
  try {
    work()
  } catch (error) {
    if (errorCode(error) !== code) throw error
  }
}
