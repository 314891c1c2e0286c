import { KINDS } from '../../src/kinds/index.ts'
import { deriveId } from '../../src/model/identity.ts'
import type { PlainObject } from '../../src/model/json.ts'
import type { ResourceKind } from '../../src/model/resource.ts'
import type { SandboxStore, SeedOptions } from '../../src/sandbox/store-access.ts'
import type { Dice } from './dice.ts'
import { type Estate, idUnder, LOCATION, STACK, type Wanted } from './estate.ts'
import type { Values } from './values.ts'

/** What must not be touched: someone else's resources, by id, as they were. */
export type UnownedById = ReadonlyMap<string, string>

/** Fills a sandbox with what could be there before a run; changes the estate where live asks for it (ids, renames). */
export function seedWorld(
  store: SandboxStore,
  estate: Estate,
  dice: Dice,
  values: Values,
  hidesDestroying: boolean,
): UnownedById {
  const world = new World(store, dice, values, hidesDestroying)
  for (const wanted of estate) if (wanted.parent === null) world.seed(wanted, undefined)
  world.leftovers(estate)
  world.addUnowned()
  return world.unowned()
}

class World {
  readonly #store: SandboxStore
  readonly #dice: Dice
  readonly #values: Values
  readonly #hidesDestroying: boolean
  readonly #unowned = new Set<string>()

  constructor(store: SandboxStore, dice: Dice, values: Values, hidesDestroying: boolean) {
    this.#store = store
    this.#dice = dice
    this.#values = values
    this.#hidesDestroying = hidesDestroying
  }

  /** One wanted resource: missing, as wanted, drifted, renamed, or someone else's that the file takes over. */
  seed(wanted: Wanted, parentId: string | undefined): void {
    const dice = this.#dice
    if (dice.chance(0.35)) return
    const under = parentId === undefined ? {} : { parentId }
    const state = this.#state()
    const live = dice.chance(0.5) ? wanted.properties : this.#values.drifted(wanted.kind, wanted.properties)
    let id = idUnder(wanted)
    let properties = live
    const role = state.status === 'DESTROYING' ? 1 : dice.random()
    if (role < 0.15) {
      wanted.renamedFrom = `old-${wanted.name}`
      id = idUnder(wanted, wanted.renamedFrom)
      properties = { ...live, name: wanted.renamedFrom }
    } else if (role < 0.3) {
      id = this.#values.serviceId()
      wanted.id = id
    }
    this.#store.seed(wanted.kind, properties, { id, ...under, ...state })
    if (state.status === 'DESTROYING') return
    for (const child of wanted.children) this.seed(child, id)
    for (const kind of KINDS.filter(({ parent }) => parent === wanted.kind)) {
      if (dice.chance(0.25)) this.#putUnowned(kind, id)
      if (dice.chance(0.25)) this.#leftover(kind, id, {})
    }
  }

  /** What this stack made and the file does not want any more; some hold an address that the file wants. */
  leftovers(estate: Estate): void {
    const missing = estate.filter(
      (wanted) => wanted.parent === null && wanted.id === undefined && wanted.renamedFrom === undefined,
    )
    for (const kind of KINDS.filter(({ parent }) => parent === null)) {
      if (this.#dice.chance(0.5)) continue
      const heir = missing.find(({ properties }) => !this.#isHeld(properties.gatewayIP))
      const inherits = heir !== undefined && this.#dice.chance(0.5)
      this.#leftover(kind, undefined, inherits ? { gatewayIP: heir.properties.gatewayIP } : {})
    }
  }

  /** Gateways of other people and other stacks. */
  addUnowned(): void {
    for (const kind of KINDS.filter(({ parent }) => parent === null)) {
      if (this.#dice.chance(0.6)) this.#putUnowned(kind, undefined)
    }
  }

  unowned(): UnownedById {
    const texts = this.#store.resources().map((resource) => [resource.id, JSON.stringify(resource)] as const)
    return new Map(texts.filter(([id]) => this.#unowned.has(id)))
  }

  #leftover(kind: ResourceKind, parentId: string | undefined, more: PlainObject): void {
    const name = `gone-${this.#dice.int(1, 999_999)}`
    const id = deriveId(STACK, LOCATION, `${kind.collection}/${name}`)
    this.#store.seed(
      kind,
      { ...this.#values.properties(kind, name), ...more },
      { id, ...(parentId === undefined ? {} : { parentId }), ...this.#state() },
    )
    if (this.#store.get(id)?.status === 'DESTROYING') return
    for (const child of KINDS.filter(({ parent }) => parent === kind)) {
      if (this.#dice.chance(0.6)) this.#leftover(child, id, {})
    }
  }

  #putUnowned(kind: ResourceKind, parentId: string | undefined): void {
    const name = `unowned-${this.#dice.int(1, 999_999)}`
    const id = this.#dice.chance(0.5)
      ? this.#values.serviceId()
      : deriveId('another-stack', LOCATION, `${kind.collection}/${name}`)
    const status = this.#dice.pick(['AVAILABLE', 'PROVISIONING', 'FAILED'] as const)
    const under = parentId === undefined ? {} : { parentId }
    this.#store.seed(kind, this.#values.properties(kind, name), { id, ...under, status })
    this.#unowned.add(id)
    for (const child of KINDS.filter(({ parent }) => parent === kind)) this.#putUnowned(child, id)
  }

  #isHeld(address: unknown): boolean {
    return this.#store.resources().some(({ properties }) => properties.gatewayIP === address)
  }

  #state(): Pick<SeedOptions, 'status' | 'forMs'> {
    const roll = this.#dice.random()
    if (roll < 0.6) return { status: 'AVAILABLE' }
    if (roll < 0.75) return { status: 'PROVISIONING', forMs: this.#dice.int(100, 800) }
    if (roll < 0.9 || this.#hidesDestroying) return { status: 'FAILED' }
    return { status: 'DESTROYING', forMs: this.#dice.int(100, 800) }
  }
}
