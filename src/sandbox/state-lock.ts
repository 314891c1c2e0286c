import { createHash } from 'node:crypto'
import { realpathSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { platform, tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'

/** How long to wait for another process, and what ends the wait earlier. */
export interface LockWait {
  /** Default 0: it is not waited for. */
  readonly ms?: number
  readonly signal?: AbortSignal
  /** Called once, when there is something to wait for. */
  readonly onWaiting?: () => void
}

/** Gives the lock back. */
export type Unlock = () => Promise<void>

/**
 * Takes the lock of a file, which one process at a time can have; undefined when another one keeps it. The lock is a local
 * socket, since the system closes it when its process ends, however it ends: no crash leaves a lock.
 */
export async function lockFile(
  path: string,
  wait: LockWait = {},
  system: NodeJS.Platform = platform(),
): Promise<Unlock | undefined> {
  const address = lockAddress(path, system)
  const { ms = 0, signal, onWaiting } = wait
  // Not AbortSignal.timeout: Node 20 collects one that only AbortSignal.any refers to, and it never fires.
  const over = new AbortController()
  const timer = setTimeout(() => over.abort(), ms)
  const ends = signal === undefined ? over.signal : AbortSignal.any([over.signal, signal])
  let isReported = false
  try {
    for (;;) {
      const unlock = await tryLock(address)
      if (unlock !== undefined) return unlock
      const holder = await reach(address)
      // It was given back just now, or is the file that a crash left.
      if (holder === undefined) continue
      if (ms > 0 && !isReported) onWaiting?.()
      isReported = true
      const isReleased = ms > 0 && (await isClosed(holder, ends))
      holder.destroy()
      if (!isReleased) return undefined
    }
  } finally {
    clearTimeout(timer)
  }
}

/** The socket that represents a file in a folder that exists. */
export function lockAddress(path: string, system: NodeJS.Platform = platform()): string {
  const file = join(realpathSync(dirname(path)), basename(path))
  const name = `vpnctl-${createHash('sha256').update(file).digest('hex').slice(0, 32)}`
  if (system === 'win32') return `\\\\.\\pipe\\${name}`
  // Linux has names without a file, which vanish with their process.
  return system === 'linux' ? `\0${name}` : join(tmpdir(), `${name}.sock`)
}

function tryLock(address: string): Promise<Unlock | undefined> {
  const waiting = new Set<Socket>()
  const server = createServer((socket) => {
    waiting.add(socket)
    socket.on('error', () => undefined).on('close', () => waiting.delete(socket))
    socket.unref()
  })
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    )
    server.listen(address, () => {
      server.unref()
      resolve(() => release(server, waiting))
    })
  })
}

function release(server: Server, waiting: ReadonlySet<Socket>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    for (const socket of waiting) socket.destroy()
  })
}

// A connection to the process that has the lock; undefined when there is none.
function reach(address: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(address)
    socket.once('connect', () => resolve(socket))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (!['ECONNREFUSED', 'ECONNRESET', 'ENOENT'].includes(error.code ?? '')) return reject(error)
      if (error.code !== 'ECONNREFUSED' || address.startsWith('\0')) return resolve(undefined)
      rm(address, { force: true }).then(() => resolve(undefined), reject)
    })
  })
}

// The other end closes the connection when it gives the lock back, or ends. False when `ends` fires first.
function isClosed(socket: Socket, ends: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const leave = (): void => resolve(false)
    ends.addEventListener('abort', leave)
    socket.once('close', () => {
      ends.removeEventListener('abort', leave)
      resolve(true)
    })
    socket.resume()
    if (ends.aborted) leave()
  })
}
