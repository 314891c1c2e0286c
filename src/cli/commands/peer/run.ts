import { wireguardGateway } from '../../../kinds/wireguard/gateway.ts'
import { keyBytes } from '../../../kinds/wireguard/keys.ts'
import { newPeerEntry, nextPeerAddresses } from '../../../kinds/wireguard/new-peer.ts'
import { wireguardPeer } from '../../../kinds/wireguard/peer.ts'
import type { Diagnostic } from '../../../model/diagnostic.ts'
import { deriveId } from '../../../model/identity.ts'
import type { PlainObject } from '../../../model/json.ts'
import { optional } from '../../../model/optional.ts'
import type { DesiredResource, DesiredState, LiveResource } from '../../../model/resource.ts'
import { escapedDocument } from '../../../model/safe-text.ts'
import type { Secret } from '../../../model/secret.ts'
import { gatewayPublicKey, newWireguardKeys } from '../../../peer-config/index.ts'
import { renderWgQuick } from '../../../peer-config/wg-quick.ts'
import { daysUntil } from '../../../plan/expiry.ts'
import { safeLine } from '../../../report/writing/safe-text.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { type LoadedState, loadDesired } from '../../files/desired.ts'
import { draftEdits, writeDraft } from '../../files/edit-files.ts'
import { entryPlace, findResource } from '../../files/find-resource.ts'
import { replaceIf, writeWholeFile } from '../../files/write-file.ts'
import type { FileFlags, RemoteFlags } from '../../flags/options.ts'
import { printNote } from '../../output/folded-note.ts'
import { sameInputs } from '../../output/rerun-command.ts'
import { readLocations } from '../../session/read-live.ts'
import { endText } from '../peer-config/render-ends.ts'

/** Flags of `peer add`. */
export interface PeerAddFlags extends FileFlags, RemoteFlags {
  readonly publicKey?: string
  readonly keygen?: boolean
  readonly allowedIps?: readonly string[]
  readonly site?: readonly string[]
  readonly description?: string
  readonly expires?: string
  readonly live?: boolean
  readonly from?: string
  readonly gateway?: readonly string[]
  readonly out?: string
  readonly qr?: boolean
  readonly force?: boolean
}

interface Key {
  readonly publicKey: string
  readonly privateKey?: Secret
}

/** `vpnctl peer add`. */
export async function addPeer(
  context: Context,
  gatewayWord: string,
  name: string,
  flags: PeerAddFlags,
): Promise<number> {
  refusePast(context, flags)
  const key = chooseKey(context, flags)
  const { desired, warnings, sources } = await loadDesired(context, flags, 'optional')
  const gateway = findResource(desired, gatewayWord, { kind: wireguardGateway })
  refuseKnownName(desired, gateway, name, sources)
  const live =
    flags.live === true || needsLiveKey(gateway, flags)
      ? await readLive(context, desired, gateway, flags)
      : []
  const entry = newPeerEntry(name, key.publicKey, addressesOf(desired, gateway, live, flags), {
    ...optional({ description: flags.description, expires: flags.expires }),
  })
  const draft = await draftEdits(
    context,
    flags,
    [{ type: 'add', at: entryPlace(gateway), list: wireguardPeer.yamlKey, entry }],
    warnings,
  )
  const peer = draft.desired.resources.find(
    (resource) =>
      resource.kind === wireguardPeer && resource.name === name && resource.parent?.name === gateway.name,
  )
  const config = peer === undefined ? undefined : deviceConfig(gateway, peer, live, key, flags)
  // The configuration first: without its private key the entry would be of no use.
  if (config !== undefined) await deliver(context, config, flags)
  await writeDraft(context, draft)
  printNothingLive(context, flags)
  return exitCode('ok')
}

/** The end of what `peer add` prints. */
export function printNothingLive(context: Context, flags: PeerAddFlags): void {
  const inputs = safeLine(sameInputs(flags))
  printNote(
    context,
    `\nNothing is live yet. To review: vpnctl plan${inputs}\nTo apply: vpnctl apply${inputs}`,
  )
}

// Such a peer would never be created.
function refusePast({ io }: Context, { expires }: PeerAddFlags): void {
  const now = new Date(io.clock.now()).toISOString()
  if (expires === undefined || !(daysUntil(expires, now) < 0)) return
  throw new Failure('usage', `--expires ${expires} is in the past`)
}

function chooseKey({ io }: Context, { publicKey, keygen, out, qr }: PeerAddFlags): Key {
  if (publicKey !== undefined && keygen === true)
    throw new Failure('usage', '--public-key and --keygen exclude each other')
  if (publicKey === undefined && keygen !== true) {
    throw new Failure(
      'usage',
      'the peer needs a key: --public-key KEY for one that exists, or --keygen for a new one',
    )
  }
  if (publicKey !== undefined) {
    if (keyBytes(publicKey) === undefined) {
      throw new Failure('usage', '--public-key is not a WireGuard key: 32 bytes in base64, 44 characters')
    }
    return { publicKey }
  }
  if (out === undefined && qr !== true) {
    throw new Failure('usage', 'the new private key needs a place: --out FILE for a configuration, or --qr')
  }
  return newWireguardKeys(io.randomBytes)
}

function refuseKnownName(
  { resources }: DesiredState,
  gateway: DesiredResource,
  name: string,
  sources: LoadedState['sources'],
): void {
  const known = resources.find((resource) => resource.parent === gateway && resource.name === name)
  if (known === undefined) return
  const at = known.locate(['name'])
  const diagnostic: Diagnostic = {
    severity: 'error',
    code: 'VPN210',
    message: `the files have a peer "${name}" of "${gateway.name}" already`,
    hint: `another device needs another name; a new key for the same device: vpnctl rotate ${known.address}`,
    address: known.address,
    ...optional({ at }),
  }
  throw new Failure('invalid', '', { diagnostics: [diagnostic], sources })
}

function wantsConfig({ out, qr }: PeerAddFlags): boolean {
  return out !== undefined || qr === true
}

function needsLiveKey(gateway: DesiredResource, flags: PeerAddFlags): boolean {
  return wantsConfig(flags) && gatewayPublicKey(gateway.secrets[0]?.value, undefined) === undefined
}

async function readLive(
  context: Context,
  desired: DesiredState,
  gateway: DesiredResource,
  flags: PeerAddFlags,
): Promise<readonly LiveResource[]> {
  const id = gateway.id ?? deriveId(desired.stack, gateway.location, gateway.address)
  const { resources } = await readLocations(context, flags, [gateway.location])
  return resources.filter((live) => live.id === id || live.parentIds.at(-1) === id)
}

function addressesOf(
  { resources }: DesiredState,
  gateway: DesiredResource,
  live: readonly LiveResource[],
  { allowedIps, site = [] }: PeerAddFlags,
): readonly string[] {
  if (allowedIps !== undefined) return [...allowedIps, ...site]
  const peers = [
    ...resources.filter(({ parent }) => parent === gateway),
    ...live.filter(({ kind }) => kind === wireguardPeer),
  ].map(({ spec }): PlainObject => spec)
  const next = nextPeerAddresses(gateway.spec, peers)
  const free = next.filter((address) => address !== undefined)
  if (free.length < next.length || free.length === 0) {
    throw new Failure(
      'error',
      next.length === 0
        ? `the interface of "${gateway.name}" has no network to take an address from`
        : `the interface network of "${gateway.name}" has no free address`,
      { hint: 'say which address the peer has: --allowed-ips 10.99.0.9/32' },
    )
  }
  return [...free, ...site]
}

function deviceConfig(
  gateway: DesiredResource,
  peer: DesiredResource,
  live: readonly LiveResource[],
  { privateKey }: Key,
  flags: PeerAddFlags,
): string | undefined {
  if (!wantsConfig(flags)) return undefined
  const publicKey = gatewayPublicKey(
    gateway.secrets[0]?.value,
    live.find(({ kind }) => kind === wireguardGateway),
  )
  const end = renderWgQuick({
    gateway: { name: gateway.name, spec: gateway.spec, ...optional({ publicKey }) },
    child: { name: peer.name, spec: peer.spec },
    ...optional({ secret: privateKey }),
  })
  if (end.type === 'refused') {
    throw new Failure(
      'error',
      `the configuration of "${peer.name}" cannot be written: ${end.problems.join('; ')}`,
    )
  }
  return endText(end)
}

async function deliver(context: Context, config: string, { out, qr, force }: PeerAddFlags): Promise<void> {
  if (out !== undefined) {
    await writeWholeFile(context, out, config, {
      ...replaceIf(force),
      access: 'owner-only',
    })
    printNote(context, `The configuration is in ${safeLine(out)}, which only its owner can read.`)
  }
  if (qr === true) {
    const { qrCode } = await import('../peer-config/qr-code.ts')
    context.document(escapedDocument(await qrCode(context, config)))
  }
}
