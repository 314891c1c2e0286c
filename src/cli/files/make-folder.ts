import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'

/** Makes a folder that only its owner reads, with those above it. True when it is new; ends the run when it cannot be made. */
export async function makeOwnFolder({ io }: Pick<Context, 'io'>, name: string): Promise<boolean> {
  try {
    return (await mkdir(resolve(io.cwd, name), { recursive: true, mode: 0o700 })) !== undefined
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new Failure('error', `the folder ${name} cannot be made: ${code}`, {
      hint: 'choose another folder',
    })
  }
}
