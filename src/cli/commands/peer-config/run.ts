import { resolve } from 'node:path'
import { readLimited } from '../../../config/read-limited.ts'
import { readAndPlan } from '../../../engine/reconcile.ts'
import type { PlainObject } from '../../../model/json.ts'
import type { DesiredResource, DesiredState, LiveResource } from '../../../model/resource.ts'
import { escapedDocument } from '../../../model/safe-text.ts'
import { Secret } from '../../../model/secret.ts'
import { gatewayPublicKey, type OtherEndInput } from '../../../peer-config/index.ts'
import type { Change } from '../../../plan/types.ts'
import { safeLine } from '../../../report/writing/safe-text.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { load } from '../../files/desired.ts'
import { writeWholeFile } from '../../files/write-file.ts'
import type { FileFlags, RemoteFlags } from '../../flags/options.ts'
import { openSession } from '../../session/session.ts'
import { chooseOtherEnd, type OtherEndChoice, otherEndOptions } from './choice.ts'
import type { OtherEndFlags } from './options.ts'

/** Flags of `peer-config`. */
export interface PeerConfigFlags extends FileFlags, RemoteFlags, OtherEndFlags {
  readonly out?: string
  readonly force?: boolean
}

/** `vpnctl peer-config`. */
export async function writePeerConfig(
  context: Context,
  gatewayWord: string,
  childWord: string,
  flags: PeerConfigFlags,
): Promise<number> {
  if (flags.qr === true && flags.privateKeyFile === undefined) {
    throw new Failure(
      'usage',
      '--qr needs --private-key-file: an app refuses a configuration without its key',
    )
  }
  // A missing key of something else is no matter here; a missing one that matters is told below.
  const { desired, diagnostics, sources } = await load(context, flags, 'optional')
  if (desired === null) throw new Failure('invalid', '', { diagnostics, sources })
  const choice = chooseOtherEnd(desired, gatewayWord, childWord, flags)
  const options = otherEndOptions(choice.format, flags)
  const secret = await secretOf(context, choice, flags)
  const known = { ...inputOf(choice), options, ...(secret === undefined ? {} : { secret }) }
  const input = choice.format.lacks(known) ? await fromLive(context, desired, choice, known, flags) : known
  const farEnd = choice.format.render(input)
  if (farEnd.type === 'refused') {
    throw new Failure(
      'error',
      `the other end of "${choice.child.name}" cannot be written: ${farEnd.faults.join('; ')}`,
    )
  }
  for (const note of farEnd.notes) context.err(`note: ${safeLine(note)}\n`)
  // The one place where a secret becomes text: the user handed it over, or asked for it, for this very file.
  const text = farEnd.parts.map((part) => (part instanceof Secret ? part.reveal() : part)).join('')
  await deliver(context, text, flags)
  return exitCode('ok')
}

function inputOf(
  { gateway, child }: OtherEndChoice,
  live: { gateway?: LiveResource; spec?: PlainObject } = {},
): OtherEndInput {
  const [privateKey] = gateway.secrets
  const publicKey = gatewayPublicKey(privateKey?.value, live.gateway)
  return {
    gateway: { name: gateway.name, spec: gateway.spec, ...(publicKey === undefined ? {} : { publicKey }) },
    child: { name: child.name, spec: live.spec ?? child.spec },
  }
}

// What the service chose or derived, for the resources that the files name.
async function fromLive(
  context: Context,
  desired: DesiredState,
  choice: OtherEndChoice,
  known: OtherEndInput,
  flags: PeerConfigFlags,
): Promise<OtherEndInput> {
  const { location } = choice.gateway
  const session = await openSession(context, flags, [location], { desired })
  try {
    const { plan } = await readAndPlan({ ...desired, locations: [location] }, session.remote, {
      plan: {},
      clock: context.io.clock,
      signal: session.signal,
    })
    const gateway = liveOf(plan.changes, choice.gateway)
    const spec = specOf(plan.changes, choice.child)
    return {
      ...known,
      ...inputOf(choice, {
        ...(gateway === undefined ? {} : { gateway }),
        ...(spec === undefined ? {} : { spec }),
      }),
    }
  } finally {
    await session.close()
  }
}

function changeOf(changes: readonly Change[], resource: DesiredResource): Change | undefined {
  return changes.find((change) => change.action !== 'unmanaged' && change.desired === resource)
}

function liveOf(changes: readonly Change[], resource: DesiredResource): LiveResource | undefined {
  const change = changeOf(changes, resource)
  return change !== undefined && 'live' in change ? change.live : undefined
}

// What the file wants, with what the service chose where the file is silent.
function specOf(changes: readonly Change[], resource: DesiredResource): PlainObject | undefined {
  const change = changeOf(changes, resource)
  if (change === undefined) return undefined
  return 'spec' in change ? change.spec : change.live.spec
}

async function secretOf(
  context: Context,
  { child, format }: OtherEndChoice,
  flags: PeerConfigFlags,
): Promise<Secret | undefined> {
  if (format.secret === 'given') {
    return flags.privateKeyFile === undefined ? undefined : readKey(context, flags.privateKeyFile)
  }
  if (flags.showSecrets !== true) return undefined
  const value = child.secrets[0]?.value
  if (value === null || value === undefined) {
    throw new Failure('error', `the pre-shared key of "${child.name}" is not at hand here`, {
      hint: 'set what the file refers to, or leave --show-secrets out for a placeholder',
    })
  }
  return value
}

const MAX_KEY_BYTES = 64 * 1024

async function readKey(context: Context, name: string): Promise<Secret> {
  try {
    const limits = { maxBytes: MAX_KEY_BYTES, signal: context.ending }
    const bytes =
      name === '-'
        ? await context.io.stdin.read(limits)
        : await readLimited(resolve(context.io.cwd, name), limits)
    if (bytes.length > MAX_KEY_BYTES) throw new Failure('error', `${name} is too large for a key`)
    return new Secret(Buffer.from(bytes).toString('utf8').trim())
  } catch (error) {
    if (error instanceof Failure) throw error
    context.ending.throwIfAborted()
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    throw new Failure('error', `cannot read ${name}: ${code === 'ENOENT' ? 'there is no such file' : code}`)
  }
}

async function deliver(context: Context, text: string, flags: PeerConfigFlags): Promise<void> {
  if (flags.out !== undefined)
    await writeWholeFile(context, flags.out, text, {
      existing: flags.force === true ? 'replace' : 'refuse',
      access: 'owner-only',
    })
  if (flags.qr === true) context.document(escapedDocument(await qrCode(context, text)))
  else if (flags.out === undefined) context.document(escapedDocument(text))
}

// The last line of an odd number of rows is the margin alone: half of it is no part of the code and stays as it is.
function painter(line: string): string {
  return /^▀+$/.test(line) ? `\u001b[97m${line}\u001b[0m` : `\u001b[97;40m${line}\u001b[0m`
}

// Colours are part of the code, not decoration: light on dark is light on dark whatever the terminal's own are.
async function qrCode(context: Context, text: string): Promise<string> {
  const { renderUnicodeCompact } = await import('uqr')
  const lines = renderUnicodeCompact(text, { border: 2 }).split('\n')
  const columns = context.io.stdout.columns()
  const width = Math.max(...lines.map((line) => line.length))
  if (columns !== undefined && columns < width) {
    throw new Failure('error', `the QR code is ${width} columns wide, the terminal ${columns}`, {
      hint: 'make the window wider, or the letters smaller',
    })
  }
  const painted = context.io.stdout.isTTY ? lines.map(painter) : lines
  return `${painted.join('\n')}\n`
}
