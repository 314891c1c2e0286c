import { optional } from '../../../model/optional.ts'
import { escapedDocument } from '../../../model/safe-text.ts'
import type { Secret } from '../../../model/secret.ts'
import { safeLine } from '../../../report/writing/safe-text.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { loadValid } from '../../files/desired.ts'
import { readKeyFile } from '../../files/key-file.ts'
import { replaceIf, writeWholeFile } from '../../files/write-file.ts'
import { chooseOtherEnd, type OtherEndChoice, otherEndOptions } from './choice.ts'
import { completeInputs, inputOf, interfaceNotes, sharedSecret } from './inputs.ts'
import type { PeerConfigFlags } from './options.ts'
import { qrCode } from './qr-code.ts'
import { endText } from './render-ends.ts'

/** `vpnctl peer-config`. */
export async function run(
  context: Context,
  flags: PeerConfigFlags,
  [first, second]: readonly [string?, string?],
): Promise<number> {
  if (flags.all === true || flags.changedSince !== undefined) {
    if (first !== undefined)
      throw new Failure('usage', '--all and --changed-since take no peer, tunnel or gateway', {
        hint: 'limit them with --gateway',
      })
    return (await import('./every.ts')).writeEveryEnd(context, flags)
  }
  if (first === undefined)
    throw new Failure('usage', 'name a peer or tunnel: its address, or its gateway and its name', {
      hint: 'or write all of them: vpnctl peer-config --all --out-dir DIR',
    })
  const lone = [flags.outDir, flags.gateway].some((flag) => flag !== undefined)
  if (lone) throw new Failure('usage', '--out-dir and --gateway need --all or --changed-since')
  if (flags.qr === true && flags.privateKeyFile === undefined) {
    throw new Failure(
      'usage',
      '--qr needs --private-key-file: an app refuses a configuration without its key',
    )
  }
  // A missing key of something else does not matter here; a missing one that matters is reported below.
  const { desired } = await loadValid(context, flags, 'optional')
  const choice = chooseOtherEnd(desired, second === undefined ? [first] : [second, first], flags)
  const options = otherEndOptions(choice.format, flags)
  const secret = await secretOf(context, choice, flags)
  const known = { ...inputOf(desired, choice), options, ...optional({ secret }) }
  const [input = known] = await completeInputs(context, desired, [{ choice, input: known }], flags)
  const otherEnd = choice.format.render(input)
  if (otherEnd.type === 'refused') {
    throw new Failure(
      'error',
      `the other end of "${choice.child.name}" cannot be written: ${otherEnd.problems.join('; ')}`,
    )
  }
  const name = flags.out === undefined ? [] : interfaceNotes(choice, flags.out)
  for (const note of [...otherEnd.notes, ...name]) context.err(`note: ${safeLine(note)}\n`)
  await deliver(context, endText(otherEnd), flags)
  return exitCode('ok')
}

async function secretOf(
  context: Context,
  { child, format }: OtherEndChoice,
  flags: PeerConfigFlags,
): Promise<Secret | undefined> {
  if (format.secret === 'given') {
    return flags.privateKeyFile === undefined ? undefined : readKeyFile(context, flags.privateKeyFile)
  }
  return flags.showSecrets === true && format.secret === 'shared' ? sharedSecret(child) : undefined
}

async function deliver(context: Context, text: string, flags: PeerConfigFlags): Promise<void> {
  if (flags.out !== undefined)
    await writeWholeFile(context, flags.out, text, {
      ...replaceIf(flags.force),
      access: 'owner-only',
    })
  if (flags.qr === true) context.document(escapedDocument(await qrCode(context, text)))
  else if (flags.out === undefined) context.document(escapedDocument(text))
}
