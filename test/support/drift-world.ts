import { wireguardPeer } from '../../src/kinds/wireguard/peer.ts'
import type { PlainObject } from '../../src/model/json.ts'
import type { RunningSandbox, SandboxOptions } from '../../src/sandbox/server.ts'
import { startSandbox } from '../../src/sandbox/server.ts'
import { VirtualClock } from './virtual-clock.ts'

/** Who did it, as the API names people. */
export const CULPRIT = '5e1f0000-0000-4000-8000-00000000beef'
/** A key that nobody uses, and a private one. */
export const OTHER_PUBLIC_KEY = 'Y291bnRpbmctdXAta2V5LWZvci10ZXN0cy1vbmx5ISE='
export const OTHER_PRIVATE_KEY = Buffer.from('THROW-AWAY-SWAPPED-KEY-TEST-ONLY').toString('base64')
const ROGUE_ID = '0bad0000-0000-4000-8000-000000000bad'

/** A sandbox whose clock is set by hand. */
export interface World {
  readonly sandbox: RunningSandbox
  readonly now: () => number
  pass(ms: number): void
}

/** Starts a world at a moment. */
export async function startWorld(at: string, options: SandboxOptions = {}): Promise<World> {
  const clock = new VirtualClock({ start: Date.parse(at) })
  const sandbox = await startSandbox({ provisionMs: 0, destroyMs: 0, now: clock.now, ...options })
  return { sandbox, now: clock.now, pass: (ms) => clock.advance(ms) }
}

/** The id of the one resource of a kind and name. */
export function idOf({ sandbox }: World, name: string): string {
  const found = sandbox.store.resources().find(({ properties }) => properties.name === name)
  if (found === undefined) throw new Error(`there is nothing named ${name}`)
  return found.id
}

/** Someone changes a live resource by hand. */
export function edit(world: World, name: string, change: PlainObject): void {
  world.sandbox.store.edit(idOf(world, name), (properties) => ({ ...properties, ...change }), CULPRIT)
}

/** Someone adds a peer by hand. */
export function addRogue(world: World, gateway: string, name = 'rogue'): void {
  world.sandbox.store.seed(
    wireguardPeer,
    { name, publicKey: OTHER_PUBLIC_KEY, allowedIPs: ['10.99.0.66/32'] },
    { id: ROGUE_ID, parentId: idOf(world, gateway), user: CULPRIT },
  )
}
