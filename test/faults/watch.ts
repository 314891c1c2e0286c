import type { SandboxResource, SandboxStore } from '../../src/sandbox/store-access.ts'
import { Dice, seedOf } from './dice.ts'
import type { UnownedById } from './world.ts'

/** Faults with which nothing was done. */
const BEFORE = /^(\d+|html|hang|reset-before)$/

/** Sees every request before the API does: chooses its fault, and checks that it may be sent now. */
export class Watch {
  readonly broken: string[] = []
  /** Called at each request, with its number from 1. */
  onRequest: (number: number) => void = () => undefined
  /** How likely each fault is; empty: none. */
  probabilities: readonly (readonly [string, number])[] = []
  readonly #seed: number
  readonly #strictParent: boolean
  readonly #hidesDestroying: boolean
  #store: SandboxStore | undefined
  #unowned: UnownedById = new Map()
  #number = 0
  readonly #times = new Map<string, number>()
  // Whose write made a gateway PROVISIONING: with strict parents that may be a child's.
  readonly #busyByChild = new Set<string>()

  constructor(seed: number, behaviour: { strictParent: boolean; hideDestroying: boolean }) {
    this.#seed = seed
    this.#strictParent = behaviour.strictParent
    this.#hidesDestroying = behaviour.hideDestroying
  }

  follow(store: SandboxStore, unowned: UnownedById): void {
    this.#store = store
    this.#unowned = unowned
  }

  /** The fault of a request. Depends on the request and on how often it came, so that a seed repeats it. */
  readonly inject = ({ method, path }: { method: string; path: string }): string | undefined => {
    this.onRequest(++this.#number)
    const key = `${method} ${path}`
    const times = (this.#times.get(key) ?? 0) + 1
    this.#times.set(key, times)
    const fault = this.#draw(new Dice(seedOf(this.#seed, key, times)))
    if (method !== 'GET') this.#checkWrite(method, path, fault)
    return fault
  }

  #draw(dice: Dice): string | undefined {
    let left = dice.random()
    for (const [name, probability] of this.probabilities) {
      if (left < probability) return name
      left -= probability
    }
    return undefined
  }

  #checkWrite(method: string, path: string, fault: string | undefined): void {
    const steps = path.split('/').slice(1)
    const id = steps[steps.length - 1] ?? ''
    const parentId = steps[steps.length - 3]
    if (method !== 'PUT' && method !== 'DELETE')
      this.broken.push(`${method} ${path} is not a request of ours`)
    if (this.#unowned.has(id)) this.broken.push(`${method} ${path} touches what belongs to someone else`)
    if (method === 'DELETE') this.#checkChildrenGone(id, path)
    if (method === 'PUT' && parentId !== undefined) this.#checkParentReady(parentId, path)
    if (fault === undefined || !BEFORE.test(fault)) this.#remember(id, parentId)
  }

  #checkChildrenGone(id: string, path: string): void {
    const left = this.#resources().filter(
      ({ parentIds, status }) =>
        parentIds.includes(id) && !(this.#hidesDestroying && status === 'DESTROYING'),
    )
    for (const child of left) this.broken.push(`DELETE ${path} while ${child.path} is ${child.status}`)
  }

  #checkParentReady(parentId: string, path: string): void {
    const parent = this.#resources().find(({ id }) => id === parentId)
    if (parent?.status === 'AVAILABLE') return
    if (this.#strictParent && this.#busyByChild.has(parentId)) return
    this.broken.push(`PUT ${path} while its gateway is ${parent?.status ?? 'not there'}`)
  }

  #remember(id: string, parentId: string | undefined): void {
    if (parentId === undefined) this.#busyByChild.delete(id)
    else if (this.#resources().find((each) => each.id === parentId)?.status === 'AVAILABLE')
      this.#busyByChild.add(parentId)
  }

  #resources(): readonly SandboxResource[] {
    return this.#store?.resources() ?? []
  }
}
