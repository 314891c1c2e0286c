import { join } from 'node:path'
import { keyBytes } from '../../../kinds/wireguard/keys.ts'
import { fileName } from '../../../peer-config/index.ts'
import { rotationOf, sameReference } from '../../../peer-config/rotation.ts'
import { stateAt } from '../../../plan/expiry.ts'
import type { Context } from '../../context.ts'
import { Failure } from '../../failure.ts'
import { loadDesired } from '../../files/desired.ts'
import { findResource } from '../../files/find-resource.ts'
import { prepare } from './prepare.ts'
import { switchKeys } from './switch.ts'
import { folderOf, type RotateFlags, type RotationTask } from './task.ts'

/** Flags of `rotate`. */
export interface RotateCommandFlags extends RotateFlags {
  readonly publicKey?: string
}

/** `vpnctl rotate`. */
export async function run(
  context: Context,
  flags: RotateCommandFlags,
  [word]: readonly [string],
): Promise<number> {
  checkFlags(flags)
  const loaded = await loadDesired(context, flags, 'optional')
  const desired = stateAt(loaded.desired, new Date(context.io.clock.now()).toISOString())
  const resource = findResource(desired, word)
  const rotation = rotationOf(resource)
  if (rotation === undefined) {
    throw new Failure('usage', `${resource.address} has no key of its own`, {
      hint: 'name something below it that has one',
    })
  }
  if (resource.ensure === 'absent') throw new Failure('usage', `${resource.address} is to be absent`)
  if (resource.canary !== undefined) {
    throw new Failure('refused', `${resource.address} is a canary: its key has no other end`, {
      hint: 'make a new key pair with vpnctl keygen wireguard --out FILE --force, where FILE is that of its probe; write the public key, which it prints, into the entry, and apply',
    })
  }
  if (rotation.type !== 'device' && rotation.secret.reference.from === 'literal') {
    throw new Failure('refused', `the key of ${resource.address} is written in the file itself`, {
      hint: 'replace it with a reference, { env: NAME } or { file: path }, then rotate',
    })
  }
  if (flags.publicKey !== undefined && rotation.type !== 'device')
    throw new Failure('usage', '--public-key is for a peer: everything else needs the private key')
  const [location, ...path] = [resource.location, ...resource.address.split('/')].map(fileName)
  // Not the folder that has those of its children: it is removed when the rotation is done.
  const own = resource.parent === null ? ['gateway'] : []
  const folder = join(flags.outDir, location ?? '', ...path, ...own)
  const others = sameReference(desired.resources, resource, (each) => folderOf(context, each)).slice(1)
  const task: RotationTask = {
    word,
    desired,
    warnings: loaded.warnings,
    rotation,
    resources: [resource, ...others],
    given: flags.publicKey,
    folder,
    keyFile: join(folder, 'new.key'),
  }
  return flags.switch === true ? switchKeys(context, flags, task) : prepare(context, flags, task)
}

function checkFlags(flags: RotateCommandFlags): void {
  const { apply, publicKey } = flags
  if (flags.switch !== true && apply === true)
    throw new Failure('usage', '--apply needs --switch', { hint: 'prepare first, without both' })
  if (publicKey === undefined) return
  if (flags.switch !== true)
    throw new Failure('usage', 'with --public-key there is nothing to prepare: add --switch')
  if (keyBytes(publicKey) === undefined)
    throw new Failure('usage', '--public-key is not a WireGuard key: 32 bytes in base64, 44 characters')
}
