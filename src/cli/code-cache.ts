import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cachedDataVersionTag } from 'node:v8'
import { Script } from 'node:vm'
import { optional } from '../model/optional.ts'

const KEPT_MS = 30 * 86_400_000

/** Whose cache it is. */
export interface CacheOwner {
  readonly env: Readonly<Record<string, string | undefined>>
  /** The user that runs; undefined where the system has no such ids. */
  readonly uid: number | undefined
  readonly pid: number
}

/** A file of CommonJS code, compiled. */
export interface CompiledCode {
  /** Runs it and returns its exports. */
  readonly run: (require: NodeJS.Require) => unknown
  /** Keeps what V8 has compiled by now for the next start. Errors are of no consequence. */
  readonly keep: () => void
}

/**
 * Compiles a file with the code cache of an earlier run, where there is one that fits. `build` names the content of the
 * file, since V8 compares no more than its length. V8's version and flags are part of the cache's name. The file is ASCII:
 * read as Latin-1 it is copied, read as UTF-8 it is decoded.
 */
export function compileWithCache(file: string, build: string, owner: CacheOwner): CompiledCode {
  const source = `(function (exports, require, module, __filename, __dirname) {${readFileSync(file, 'latin1')}\n})`
  const folder = cacheFolder(owner)
  const cache = join(folder ?? '', `${build}-${cachedDataVersionTag().toString(16)}.cache`)
  const cachedData = folder === undefined ? undefined : read(cache)
  const script = new Script(source, { filename: file, ...optional({ cachedData }) })
  return {
    run(require) {
      const module = { exports: {} }
      script.runInThisContext().call(module.exports, module.exports, require, module, file, join(file, '..'))
      return module.exports
    },
    keep() {
      if (folder === undefined || (cachedData !== undefined && script.cachedDataRejected !== true)) return
      write(folder, cache, owner.pid, () => script.createCachedData())
    },
  }
}

// Code in a folder that others own or may write to would be theirs: root with the HOME of another user, for instance.
function cacheFolder({ env, uid }: CacheOwner): string | undefined {
  const base = env.XDG_CACHE_HOME || (env.HOME ? join(env.HOME, '.cache') : undefined)
  if (base?.startsWith('/') !== true) return undefined
  const folder = join(base, 'vpnctl')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    const { uid: of, mode } = statSync(folder)
    return uid === undefined || (of === uid && (mode & 0o022) === 0) ? folder : undefined
  } catch {
    return undefined
  }
}

function read(file: string): Buffer | undefined {
  try {
    return readFileSync(file)
  } catch {
    return undefined
  }
}

// Whole or not at all: a second run may read it at this moment.
function write(folder: string, file: string, pid: number, data: () => Buffer): void {
  const part = join(folder, `.${pid}.part`)
  try {
    writeFileSync(part, data(), { mode: 0o600, flag: 'wx' })
    renameSync(part, file)
    removeOld(folder)
  } catch {
    rmSync(part, { force: true })
  }
}

// Each build leaves caches of its own; one that is still in use is made again.
function removeOld(folder: string): void {
  const files = readdirSync(folder).map((name) => join(folder, name))
  for (const file of files.filter((path) => Date.now() - statSync(path).mtimeMs > KEPT_MS)) rmSync(file)
}
