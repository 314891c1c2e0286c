import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { errorCode } from '../model/errors.ts'
import type { Places } from './places.ts'
import { fault, SandboxError } from './sandbox-error.ts'
import { restore, snapshot } from './snapshot.ts'
import { type LockWait, lockFile, type Unlock } from './state-lock.ts'

/** Makes the changes of a store outlive the process. */
export interface Persistence {
  /** Resolves when everything that the stores hold now is safe. */
  saved(): Promise<void>
}

/** Nothing outlives the process. */
export const IN_MEMORY: Persistence = { saved: async () => undefined }

/**
 * The stores of all locations in a JSON file. Requests that come together share one write; a write goes to a file next to it that then
 * takes its place, so that a crash leaves the old state or the new one. The file contains secrets, as the service does.
 */
export class StateFile implements Persistence {
  readonly #path: string
  readonly #places: Places
  #unlock: Unlock | undefined
  #savedRevision = -1
  #writing: Promise<void> = Promise.resolve()
  // A write that has not looked at the stores yet: whoever comes now is part of it.
  #waiting: Promise<void> | undefined

  constructor(path: string, places: Places) {
    this.#path = path
    this.#places = places
  }

  /** Takes the file for this process, and fills the stores from it, if it exists. Throws {@link SandboxError}. */
  async open(wait: LockWait): Promise<void> {
    try {
      const folder = dirname(this.#path)
      const isNew = mkdirSync(folder, { recursive: true, mode: 0o700 }) !== undefined
      // The file must not be committed by accident.
      if (isNew) writeFileSync(join(folder, '.gitignore'), '*\n')
      this.#unlock = await lockFile(this.#path, wait)
      if (this.#unlock === undefined) throw this.#inUse()
      this.#load()
    } catch (error) {
      await this.#unlock?.()
      throw error instanceof SandboxError ? error : this.#unusable(errorCode(error))
    }
  }

  /** Saves everything and lets other processes have the file. */
  async close(): Promise<void> {
    try {
      await this.saved()
    } finally {
      await this.#unlock?.()
    }
  }

  #load(): void {
    if (!existsSync(this.#path)) return
    if (!statSync(this.#path).isFile()) throw this.#unusable('it is not a regular file')
    const trouble = restore(this.#places, readFileSync(this.#path, 'utf8'))
    if (trouble !== undefined) throw this.#corrupt(trouble)
    this.#savedRevision = this.#places.revision
  }

  saved(): Promise<void> {
    if (this.#waiting !== undefined) return this.#waiting
    if (this.#savedRevision === this.#places.revision) return this.#writing
    const turn = this.#writing
      .catch(() => undefined)
      .then(() => {
        this.#waiting = undefined
        return this.#write()
      })
      .catch((error: unknown) => {
        throw this.#unusable(errorCode(error))
      })
    this.#waiting = turn
    this.#writing = turn
    return turn
  }

  async #write(): Promise<void> {
    const { revision } = this.#places
    const detail = `${this.#path}.tmp`
    // What a crash left there may have other permissions.
    await rm(detail, { force: true })
    await writeFile(detail, snapshot(this.#places), { mode: 0o600, flag: 'wx' })
    await rename(detail, this.#path)
    this.#savedRevision = revision
  }

  #corrupt(trouble: string): SandboxError {
    const hint = 'put the file right, or delete it to start with an empty sandbox'
    return new SandboxError([fault('VPN703', `${this.#path} is not a sandbox state: ${trouble}`, hint)])
  }

  #inUse(): SandboxError {
    const hint =
      'wait until it ends; if it is "vpnctl sandbox", use --endpoint with its address in place of --sandbox; or keep the state in another file: --data FILE'
    return new SandboxError([fault('VPN704', `${this.#path} is in use by another process`, hint)])
  }

  #unusable(reason: string): SandboxError {
    const hint = 'check the path and its permissions, or keep the state in another file'
    return new SandboxError([fault('VPN704', `${this.#path} cannot be used: ${reason}`, hint)])
  }
}
