import { dirname, resolve } from 'node:path'
import type { DesiredResource, DesiredState } from '../../../model/resource.ts'
import type { Rotation } from '../../../peer-config/rotation.ts'
import type { Context } from '../../context.ts'
import type { LoadedState } from '../../files/desired.ts'
import { sameInputs, shellWord } from '../../output/rerun-command.ts'
import type { ApplyFlags } from '../apply/run.ts'

/** The folder of new keys unless --out-dir names another. */
export const DEFAULT_FOLDER = 'rotation'

/** The file of a key that was switched, in the folder of its rotation. */
export const USED_KEY = 'current.key'

/** Flags of both steps. */
export interface RotateFlags extends ApplyFlags {
  readonly switch?: boolean
  readonly apply?: boolean
  readonly outDir: string
}

/** One key that is replaced, and all that has it. */
export interface RotationTask {
  readonly word: string
  readonly desired: DesiredState
  readonly warnings: LoadedState['warnings']
  readonly rotation: Rotation
  /** The named resource first; more of them where they have the same reference. */
  readonly resources: readonly [DesiredResource, ...DesiredResource[]]
  /** The public key that the device made itself. */
  readonly given: string | undefined
  /** Where the new key is until it is in use. */
  readonly folder: string
  readonly keyFile: string
}

/** `vpnctl rotate` as it goes on where this run stopped. */
export function rotateCommandLine(flags: RotateFlags, word: string): string {
  const folder = flags.outDir === DEFAULT_FOLDER ? '' : ` --out-dir ${shellWord(flags.outDir)}`
  return `vpnctl rotate ${shellWord(word)}${folder}${sameInputs(flags)}`
}

/** The folder that relative references of a resource start from. */
export function folderOf({ io }: Context, resource: DesiredResource): string {
  return dirname(resolve(io.cwd, resource.locate(['name'])?.file ?? ''))
}
