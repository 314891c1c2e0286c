import { newPsk, newWireguardKeys } from '../../../peer-config/index.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { replaceIf, writeWholeFile } from '../../files/write-file.ts'

/** Flags of `keygen`. */
export interface KeygenFlags {
  readonly out?: string
  readonly stdout?: boolean
  readonly force?: boolean
}

/** `vpnctl keygen`. */
export async function run(
  context: Context,
  flags: KeygenFlags,
  [what]: readonly ['wireguard' | 'psk'],
): Promise<number> {
  if ((flags.out === undefined) === (flags.stdout !== true)) {
    throw new Failure('usage', 'say where the secret part goes: --out FILE, or --stdout')
  }
  const { randomBytes } = context.io
  const made =
    what === 'wireguard'
      ? newWireguardKeys(randomBytes)
      : { privateKey: newPsk(randomBytes), publicKey: undefined }
  const text = `${made.privateKey.reveal()}\n`
  if (flags.out === undefined) {
    context.out(text)
    if (made.publicKey !== undefined) context.err(`${made.publicKey}\n`)
  } else {
    await writeWholeFile(context, flags.out, text, {
      ...replaceIf(flags.force),
      access: 'owner-only',
    })
    context.err(
      `${what === 'psk' ? 'The pre-shared' : 'The private'} key is in ${flags.out}, which only its owner can read.\n`,
    )
    if (made.publicKey !== undefined) context.out(`${made.publicKey}\n`)
  }
  return exitCode('ok')
}
