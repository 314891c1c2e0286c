import { mkdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { errorCode } from '../../model/errors.ts'
import type { Context } from '../context.ts'
import { Failure } from '../failure.ts'

/** Makes a folder that only its owner reads, with those above it. True when it is new; ends the run when it cannot be made. */
export async function makeOwnFolder({ io }: Pick<Context, 'io'>, name: string): Promise<boolean> {
  try {
    return (await mkdir(resolve(io.cwd, name), { recursive: true, mode: 0o700 })) !== undefined
  } catch (error) {
    throw new Failure('error', `the folder ${name} cannot be made: ${errorCode(error)}`, {
      hint: 'choose another folder',
    })
  }
}
