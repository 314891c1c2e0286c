import { KINDS } from '../../src/kinds/index.ts'
import { derivePublicKey, pemPublicKey } from '../../src/kinds/wireguard/keys.ts'
import { decodeLive } from '../../src/model/decode.ts'
import { getPath, isPlainObject, type Plain, type PlainObject, withPath } from '../../src/model/json.ts'
import type { WireResource } from '../../src/model/remote.ts'
import {
  type Collection,
  type LiveState,
  type ResourceKind,
  type Target,
  targetKey,
} from '../../src/model/resource.ts'
import type { Secret } from '../../src/model/secret.ts'
import type { Change, Plan } from '../../src/plan/types.ts'

interface Stored {
  readonly target: Target
  readonly properties: PlainObject
  readonly metadata: Record<string, unknown>
}

const ALGORITHMS = {
  diffieHellmanGroup: '16-MODP4096',
  encryptionAlgorithm: 'AES256',
  integrityAlgorithm: 'SHA256',
}

/** What the service does with a PUT and a DELETE, without HTTP: fills in, chooses, withholds secrets, cascades. */
export class ApiModel {
  readonly #resources = new Map<string, Stored>()
  /** Every write, in order. */
  readonly writes: string[] = []

  put(target: Target, spec: PlainObject, secrets: readonly { readonly value: Secret | null }[] = []): void {
    const parentId = target.parentIds.at(-1)
    const parent = parentId === undefined ? undefined : this.#find(parentId)
    if (parentId !== undefined && parent === undefined) throw new Error(`no parent ${parentId}`)
    const key = targetKey(target)
    for (const goes of [parent, this.#resources.get(key)]) {
      if (goes?.metadata.status === 'DESTROYING') throw new Error(`being destroyed: ${goes.target.id}`)
    }
    const elsewhere = this.#find(target.id)
    if (elsewhere !== undefined && targetKey(elsewhere.target) !== key)
      throw new Error(`id in use: ${target.id}`)
    this.writes.push(`PUT ${key}`)
    const before = this.#resources.get(key)
    const properties = fill(target.kind, spec)
    const privateKey = secrets[0]?.value
    const publicKey =
      target.kind.name === 'wireguard-gateway' && privateKey
        ? pemPublicKey(derivePublicKey(privateKey.reveal()) ?? '')
        : undefined
    this.#resources.set(key, {
      target,
      properties,
      metadata: {
        ...before?.metadata,
        status: 'AVAILABLE',
        createdDate: before?.metadata.createdDate ?? '2026-01-02T03:04:05Z',
        createdBy:
          before?.metadata.createdBy ?? 'ionos:identity:::users/00000000-0000-4000-8000-000000000001',
        ...(publicKey === undefined ? {} : { publicKey }),
      },
    })
  }

  delete(target: Target): void {
    const key = targetKey(target)
    if (!this.#resources.has(key)) throw new Error(`nothing to delete: ${key}`)
    this.writes.push(`DELETE ${key}`)
    this.#resources.delete(key)
    for (const [other, stored] of this.#resources) {
      if (stored.target.parentIds.includes(target.id)) this.#resources.delete(other)
    }
  }

  /** Changes what a resource says, as someone in a web console would. */
  edit(
    id: string,
    change: (stored: { properties: Record<string, unknown>; metadata: Record<string, unknown> }) => void,
  ): void {
    const stored = this.#find(id)
    if (stored === undefined) throw new Error(`no ${id}`)
    change(stored as never)
  }

  /** Two gateways of one location must never hold one public address. */
  sharedAddresses(): readonly string[] {
    const seen = new Map<string, number>()
    for (const { properties, target } of this.#resources.values()) {
      const ip = properties.gatewayIP
      if (typeof ip !== 'string') continue
      const key = `${target.location} ${ip}`
      seen.set(key, (seen.get(key) ?? 0) + 1)
    }
    return [...seen].filter(([, count]) => count > 1).map(([key]) => key)
  }

  /** What a run would read. */
  live(locations: readonly string[] = ['de/fra']): LiveState {
    const byDepth = [...this.#resources.values()].sort(
      (a, b) => a.target.parentIds.length - b.target.parentIds.length,
    )
    const resources = byDepth
      .filter(({ target }) => locations.includes(target.location))
      .map(({ target, properties, metadata }) => {
        const { kind, location, parentIds, id } = target
        const wire: WireResource = { id, properties: properties as Record<string, unknown>, metadata }
        return decodeLive({ kind, location, parentIds }, wire)
      })
    return { locations, resources }
  }

  /** Carries out one change of a plan. */
  carryOut(change: Change): void {
    // The applier waits for the end of what is being destroyed; its parent may have taken it along.
    const isLive = this.#resources.has(targetKey(change.target))
    const isOver = change.reason.code === 'destroying' && !isLive
    if (change.action === 'delete' && !isOver) this.delete(change.target)
    if (change.action === 'create' && change.leaving !== undefined && isLive) this.delete(change.target)
    if (change.action === 'create' || change.action === 'update') {
      this.put(change.target, change.spec, change.desired.secrets)
    }
  }

  /** Carries out a plan, in an order that its needs allow; `pick` chooses among what is ready. */
  apply(plan: Plan, pick: (ready: number) => number = () => 0, after: () => void = () => undefined): void {
    const done = new Set<string>()
    const left = plan.changes.filter((change) => change.action !== 'unmanaged')
    while (left.length > 0) {
      const ready = left.filter((change) => change.needs.every((key) => done.has(key)))
      const next = ready[pick(ready.length)]
      if (next === undefined)
        throw new Error(`nothing is ready: ${left.map(({ address }) => address).join()}`)
      this.carryOut(next)
      done.add(next.key)
      left.splice(left.indexOf(next), 1)
      after()
    }
  }

  #find(id: string): Stored | undefined {
    return [...this.#resources.values()].find(({ target }) => target.id === id)
  }
}

// "Non present data is filled with defaults or left empty."
function fill(kind: ResourceKind, spec: PlainObject): PlainObject {
  let filled: PlainObject = spec
  for (const [key, value] of Object.entries(kind.defaults)) {
    if (isPlainObject(value)) {
      const inner = filled[key]
      if (isPlainObject(inner)) filled = { ...filled, [key]: { ...value, ...inner } }
    } else if (filled[key] === undefined) filled = { ...filled, [key]: value }
  }
  for (const path of kind.serverChosen) {
    if (getPath(filled, path) !== undefined) continue
    if (path.length > 1 && getPath(filled, path.slice(0, -1)) === undefined) continue
    filled = withPath(filled as Record<string, Plain>, path, choice(path))
  }
  return filled
}

function choice(path: readonly string[]): Plain {
  const last = path.at(-1) ?? ''
  if (last === 'maintenanceWindow') return { dayOfTheWeek: 'Wednesday', time: '04:30:00' }
  return (ALGORITHMS as Record<string, string>)[last] ?? 'chosen by the server'
}

/** The collection of a kind by its name. */
export function collectionOf(
  kindName: string,
  parentIds: readonly string[] = [],
  location = 'de/fra',
): Collection {
  const kind = KINDS.find(({ name }) => name === kindName)
  if (kind === undefined) throw new Error(`no kind ${kindName}`)
  return { kind, location, parentIds }
}

/** A resource that someone else made. */
export function unownedId(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`
}
