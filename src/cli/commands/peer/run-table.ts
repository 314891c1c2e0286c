import { parseCsv } from '../../../config/csv.ts'
import { readSources } from '../../../config/source.ts'
import { wireguardGateway } from '../../../kinds/wireguard/gateway.ts'
import { wireguardPeer } from '../../../kinds/wireguard/peer.ts'
import { readPeerTable, tableProblem } from '../../../kinds/wireguard/peer-table.ts'
import { type PeerHost, spreadPeers } from '../../../kinds/wireguard/spread-peers.ts'
import type { Diagnostic } from '../../../model/diagnostic.ts'
import type { DesiredResource, DesiredState, LiveResource } from '../../../model/resource.ts'
import { stateAt } from '../../../plan/expiry.ts'
import { safeLine } from '../../../report/writing/safe-text.ts'
import { count } from '../../../report/writing/words.ts'
import type { EntryEdit } from '../../../rewrite/entry-edits.ts'
import type { Context } from '../../context.ts'
import { exitCode } from '../../exit-codes.ts'
import { Failure } from '../../failure.ts'
import { loadDesired } from '../../files/desired.ts'
import { draftEdits, writeDraft } from '../../files/edit-files.ts'
import { entryPlace, findResource } from '../../files/find-resource.ts'
import { printNote } from '../../output/folded-note.ts'
import { readUnmanagedPeers } from './live-peers.ts'
import { type PeerAddFlags, printNothingLive } from './run.ts'

interface Host extends PeerHost {
  readonly gateway: DesiredResource
}

const NO_PEERS: ReadonlyMap<DesiredResource, readonly LiveResource[]> = new Map()

/** `vpnctl peer add --from`. */
export async function addPeersOf(context: Context, from: string, flags: PeerAddFlags): Promise<number> {
  const { desired, warnings } = await loadDesired(context, flags, 'ignore')
  const { rows, findings, sources } = await readTable(context, from)
  const now = stateAt(desired, new Date(context.io.clock.now()).toISOString())
  const gateways = gatewaysFor(now, flags)
  const live = flags.live === true ? await readUnmanagedPeers(context, now, gateways, flags) : NO_PEERS
  const {
    added,
    known,
    diagnostics: conflicts,
  } = spreadPeers(
    rows,
    gateways.map((gateway) => hostOf(now, gateway, live.get(gateway) ?? [])),
  )
  const diagnostics = [...findings, ...conflicts].sort(inOrder)
  if (diagnostics.length > 0) throw new Failure('invalid', '', { diagnostics, sources })
  if (added.length === 0) {
    printNote(
      context,
      `Nothing to do: the files have ${count(known, 'peer')} of ${safeLine(from)} already, and it has no others.`,
    )
    return exitCode('ok')
  }
  const edits = added.map(
    ({ host: { gateway }, entry }): EntryEdit => ({
      type: 'add',
      at: entryPlace(gateway),
      list: wireguardPeer.yamlKey,
      entry,
    }),
  )
  await writeDraft(context, await draftEdits(context, flags, edits, warnings))
  printNote(context, `\n${summary(added, known).trimEnd()}`)
  printNothingLive(context, flags)
  return exitCode('ok')
}

async function readTable(context: Context, from: string) {
  const { io, ending } = context
  const { sources, diagnostics } = await readSources([from], {
    cwd: io.cwd,
    readStdin: io.stdin.read,
    signal: ending,
  })
  const [source] = sources
  if (source === undefined || diagnostics.length > 0) throw new Failure('invalid', '', { diagnostics })
  const texts = new Map([[source.file, source.text]])
  const { records, problems } = parseCsv(source)
  if (records.length === 0) throw new Failure('invalid', `${source.file} is empty`)
  const broken = problems.map(({ message, at }) =>
    tableProblem(message, 'write a quote inside of quotes twice', at),
  )
  const table = readPeerTable(records)
  const fatal = broken.length > 0 ? broken : table.headerFindings
  if (fatal.length > 0) throw new Failure('invalid', '', { diagnostics: fatal, sources: texts })
  return { rows: table.rows, findings: table.rowFindings, sources: texts }
}

function inOrder(a: Diagnostic, b: Diagnostic): number {
  return (a.at?.start.offset ?? 0) - (b.at?.start.offset ?? 0)
}

function gatewaysFor(
  { resources }: DesiredState,
  { gateway: words }: PeerAddFlags,
): readonly DesiredResource[] {
  const all = resources.filter(({ kind, ensure }) => kind === wireguardGateway && ensure === 'present')
  if (all.length === 0) throw new Failure('error', 'the files have no WireGuard gateway to add to')
  return words === undefined
    ? all
    : [...new Set(words.map((word) => findResource({ resources: all }, word, { kind: wireguardGateway })))]
}

function hostOf(
  { resources }: DesiredState,
  gateway: DesiredResource,
  others: readonly LiveResource[],
): Host {
  return {
    gateway,
    name: gateway.name,
    spec: gateway.spec,
    children: resources
      .filter(({ parent, ensure }) => parent === gateway && ensure === 'present')
      .map(({ name, spec, locate }) => ({ name, spec, at: locate(['name']) })),
    others: others.map(({ spec }) => spec),
  }
}

function summary(added: readonly { readonly host: Host }[], known: number): string {
  const perHost = new Map<string, number>()
  for (const { host } of added) perHost.set(host.name, (perHost.get(host.name) ?? 0) + 1)
  const hosts = [...perHost].map(([name, amount]) => `${safeLine(name)} ${amount}`).join(', ')
  const before = known === 0 ? '' : ` ${known} already in the files.`
  return `${count(added.length, 'peer')} added to ${count(perHost.size, 'gateway')}: ${hosts}.${before}\n`
}
