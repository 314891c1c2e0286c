import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { rename, rm, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fault, SandboxError } from './sandbox-error.ts'
import { restore, snapshot } from './snapshot.ts'
import type { Store } from './store.ts'

/** Makes the changes of a store outlive the process. */
export interface Persistence {
  /** Resolves when everything that the store holds now is safe. */
  saved(): Promise<void>
}

/** Nothing outlives the process. */
export const IN_MEMORY: Persistence = { saved: async () => undefined }

/**
 * A store in a JSON file. Requests that come together share one write; a write goes to a file beside it that then
 * takes its place, so that a crash leaves the old state or the new one. The file holds secrets: it plays the server.
 */
export class StateFile implements Persistence {
  readonly #path: string
  readonly #store: Store
  #savedRevision = -1
  #writing: Promise<void> = Promise.resolve()
  // A write that has not looked at the store yet: whoever comes now is part of it.
  #waiting: Promise<void> | undefined

  constructor(path: string, store: Store) {
    this.#path = path
    this.#store = store
  }

  /** Fills the store from the file, if there is one. Throws {@link SandboxError}. */
  load(): void {
    try {
      if (!existsSync(this.#path)) {
        mkdirSync(dirname(this.#path), { recursive: true })
        return
      }
      const trouble = restore(this.#store, readFileSync(this.#path, 'utf8'))
      if (trouble !== undefined) throw this.#corrupt(trouble)
    } catch (error) {
      throw error instanceof SandboxError ? error : this.#unusable(error)
    }
    this.#savedRevision = this.#store.revision
  }

  saved(): Promise<void> {
    if (this.#waiting !== undefined) return this.#waiting
    if (this.#savedRevision === this.#store.revision) return this.#writing
    const turn = this.#writing
      .catch(() => undefined)
      .then(() => {
        this.#waiting = undefined
        return this.#write()
      })
    this.#waiting = turn
    this.#writing = turn
    return turn
  }

  async #write(): Promise<void> {
    const { revision } = this.#store
    const beside = `${this.#path}.tmp`
    // What a crash left there may have other permissions.
    await rm(beside, { force: true })
    await writeFile(beside, snapshot(this.#store), { mode: 0o600, flag: 'wx' })
    await rename(beside, this.#path)
    this.#savedRevision = revision
  }

  #corrupt(trouble: string): SandboxError {
    const hint = 'put the file right, or delete it to start with an empty sandbox'
    return new SandboxError([fault('VPN703', `${this.#path} is no sandbox state: ${trouble}`, hint)])
  }

  #unusable(error: unknown): SandboxError {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown trouble'
    const hint = 'check the path and its permissions, or keep the state in another file'
    return new SandboxError([fault('VPN704', `${this.#path} cannot be used: ${reason}`, hint)])
  }
}
