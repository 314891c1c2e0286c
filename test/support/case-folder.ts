import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { loadFiles } from '../../src/engine/load-files.ts'
import { KINDS, kindsUnder } from '../../src/kinds/index.ts'
import { derivePublicKey, pemPublicKey } from '../../src/kinds/wireguard/keys.ts'
import { decodeLive } from '../../src/model/decode.ts'
import { deriveId } from '../../src/model/identity.ts'
import { type Plain, withPath } from '../../src/model/json.ts'
import {
  type Collection,
  childCollection,
  type LiveResource,
  type LiveState,
} from '../../src/model/resource.ts'
import { plan } from '../../src/plan/plan.ts'
import { type PlanRecord, recordPlan, restorePlan } from '../../src/plan/saved/plan-record.ts'
import type { Change, Plan, PlanOptions } from '../../src/plan/types.ts'
import { renderDiagnostics } from '../../src/report/diagnostics/text.ts'
import { renderPlanText } from '../../src/report/plan/text.ts'

/** A resource in live.json. An id `owned:ADDRESS` is the one that the file's stack derives for that address. */
interface LiveEntry {
  readonly id: string
  readonly metadata?: Readonly<Record<string, unknown>>
  readonly properties: Readonly<Record<string, unknown>>
  readonly peers?: readonly LiveEntry[]
  readonly tunnels?: readonly LiveEntry[]
}

/** live.json: lists by collection, with the location in front of those that are not in de/fra. */
type LiveFile = Readonly<Record<string, readonly LiveEntry[]>>

/** flags.json: what the command line would say, and secrets that are (not) there. */
interface Flags {
  readonly options?: Partial<PlanOptions>
  readonly missingSecrets?: readonly string[]
  readonly locations?: readonly string[]
}

/** Throw-away secrets that every case may refer to; made for these tests, used nowhere. */
export const SECRETS: Readonly<Record<string, string>> = {
  HQ_KEY: 'aGVhZC1vZmZpY2UtdGhyb3ctYXdheS1rZXktMDAwMDE=',
  LAB_KEY: 'bGFib3JhdG9yeS10aHJvdy1hd2F5LWtleS0wMDAwMDI=',
  NEW_KEY: 'bmV3LWtleS10aHJvdy1hd2F5LWtleS0wMDAwMDAwMDM=',
  BERLIN_PSK: 'throw-away-berlin',
  PARIS_PSK: 'throw-away-paris',
}

/** What the files of a case are expected to hold. */
export interface CaseTexts {
  readonly plan: string
  readonly calls: string
  /** The plan once more, after it was written down and read again; absent where nothing was planned. */
  readonly again?: string
  /** The plan as it is written down. */
  readonly record?: string
}

/** Loads, plans, renders and walks one folder of test/cases. */
export async function runCase(folder: string): Promise<CaseTexts> {
  const flags = readJson<Flags>(join(folder, 'flags.json')) ?? {}
  const loaded = await loadFiles({
    files: ['desired.yaml'],
    cwd: folder,
    env: Object.fromEntries(
      Object.entries(SECRETS).filter(([name]) => flags.missingSecrets?.includes(name) !== true),
    ),
    readStdin: () => Promise.reject(new Error('no standard input')),
    secrets: 'optional',
  })
  const { desired, sources } = loaded
  if (desired === null) {
    const faults = loaded.diagnostics.filter(({ severity }) => severity === 'error')
    return {
      plan: renderDiagnostics(faults, sources, { color: false }),
      calls: '(invalid: nothing is sent)\n',
    }
  }
  const live = readLive(
    readJson<LiveFile>(join(folder, 'live.json')) ?? {},
    desired.stack,
    flags.locations ?? desired.locations,
  )
  const planned = plan(desired, live, flags.options ?? {})
  const record = JSON.stringify(recordPlan(planned))
  const restored = restorePlan(JSON.parse(record) as PlanRecord)
  return {
    plan: renderPlanText(planned, { color: false, sources }),
    calls: callsOf(planned),
    again: renderPlanText(restored, { color: false, sources }),
    record,
  }
}

function readJson<T>(path: string): T | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : undefined
}

function readLive(file: LiveFile, stack: string, locations: readonly string[]): LiveState {
  const resources: LiveResource[] = []
  for (const [key, entries] of Object.entries(file)) {
    const [location, name] = key.includes(':') ? key.split(':') : ['de/fra', key]
    const kind = KINDS.find(({ collection, parent }) => collection === name && parent === null)
    if (kind === undefined || location === undefined) throw new Error(`no collection ${key}`)
    if (!locations.includes(location)) continue
    addEntries(resources, { kind, location, parentIds: [] }, entries, stack)
  }
  return { locations, resources }
}

function addEntries(
  resources: LiveResource[],
  collection: Collection,
  entries: readonly LiveEntry[],
  stack: string,
): void {
  for (const entry of entries) {
    const id = entry.id.startsWith('owned:')
      ? deriveId(stack, collection.location, entry.id.slice('owned:'.length))
      : entry.id
    const live = decodeLive(collection, { id, metadata: metadataOf(entry), properties: entry.properties })
    resources.push(live)
    for (const child of kindsUnder(collection.kind)) {
      const below = (entry as unknown as LiveFile)[child.yamlKey] ?? []
      addEntries(resources, childCollection(live, child), below, stack)
    }
  }
}

// `publicKey: "of HQ_KEY"` is the public key of one of the secrets, as the service writes it.
function metadataOf({ metadata }: LiveEntry): Readonly<Record<string, unknown>> {
  const name = /^of (\w+)$/.exec(String(metadata?.publicKey ?? ''))?.[1]
  const key = name === undefined ? undefined : derivePublicKey(SECRETS[name] ?? '')
  return {
    status: 'AVAILABLE',
    createdDate: '2026-03-01T08:00:00Z',
    createdBy: 'ionos:identity:::users/made-up',
    ...metadata,
    ...(key === undefined ? {} : { publicKey: pemPublicKey(key) }),
  }
}

/** The writes, in an order that the needs allow: always the last of the plan that is ready, so that a missing need shows. */
function callsOf(planned: Plan): string {
  if (planned.refusals.length > 0) return '(refused: nothing is sent)\n'
  if (planned.missingSecrets.length > 0) return '(a secret is missing: nothing is sent)\n'
  const left = planned.changes.filter(({ action }) => action !== 'unmanaged')
  const done = new Set<string>()
  const calls: string[] = []
  while (left.length > 0) {
    const index = left.findLastIndex(({ needs }) => needs.every((key) => done.has(key)))
    const [change] = index < 0 ? [] : left.splice(index, 1)
    if (change === undefined) throw new Error('nothing is ready')
    calls.push(...callOf(change))
    done.add(change.key)
  }
  return calls.length === 0 ? '(nothing is sent)\n' : `${calls.join('\n')}\n`
}

function callOf(change: Change): readonly string[] {
  const path = pathOf(change)
  switch (change.action) {
    case 'create':
    case 'update': {
      const wait =
        change.action === 'create' && change.leaving !== undefined ? [`wait until gone ${path}`] : []
      return [...wait, `PUT ${path} ${JSON.stringify(bodyOf(change))}`]
    }
    case 'delete':
      return [change.reason.code === 'destroying' ? `wait until gone ${path}` : `DELETE ${path}`]
    default:
      return []
  }
}

function bodyOf(change: Extract<Change, { action: 'create' | 'update' }>): unknown {
  return change.desired.secrets.reduce(
    (body, { path }) => withPath(body, path, '(secret)' as Plain),
    change.spec as Record<string, Plain>,
  )
}

function pathOf({ target }: Change): string {
  const collections: string[] = []
  for (let kind: Collection['kind'] | null = target.kind; kind !== null; kind = kind.parent) {
    collections.unshift(kind.collection)
  }
  const ids = [...target.parentIds, target.id]
  const place = target.location === 'de/fra' ? '' : `${target.location}:`
  return `${place}/${collections.map((collection, index) => `${collection}/${ids[index] ?? ''}`).join('/')}`
}
