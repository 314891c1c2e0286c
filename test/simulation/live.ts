import { deriveId } from '../../src/model/identity.ts'
import type { Dice } from '../faults/dice.ts'
import type { Wanted } from '../support/desired-builder.ts'
import { type EstateMaker, FILE_LOCATIONS, LEFTOVER_LOCATION, OTHER_STACK, STACK } from './estate.ts'
import { revealed, type WantedResource, wantedIn } from './files.ts'
import type { Seeded } from './scenario.ts'

/** What one gateway can have, as documented. */
const MOST_CHILDREN = 20

/** What is live: usually what a file says, some of it missing, drifted or renamed, and things of others. */
export function seededFrom(
  dice: Dice,
  maker: EstateMaker,
  file: Wanted,
  { stack = STACK, isFull = false }: { readonly stack?: string; readonly isFull?: boolean } = {},
): readonly Seeded[] {
  const seeded: Seeded[] = []
  const ids = new Map<WantedResource, string>()
  for (const wanted of wantedIn(file)) {
    const parentId = wanted.parent === null ? undefined : ids.get(wanted.parent)
    if ((wanted.parent !== null && parentId === undefined) || dice.chance(0.12)) continue
    const address = dice.chance(0.25) ? `${wanted.address}-before-it-was-renamed` : wanted.address
    const id = deriveId(stack, wanted.location, address)
    ids.set(wanted, id)
    const status = dice.chance(0.08) ? dice.pick(['PROVISIONING', 'FAILED'] as const) : undefined
    seeded.push({
      kind: wanted.kind.name,
      location: wanted.location,
      ...(parentId === undefined ? {} : { parentId }),
      id,
      properties: {
        ...revealed(wanted.properties),
        ...(dice.chance(0.15) ? { description: 'drifted' } : {}),
      },
      ...(status === undefined ? {} : { status }),
      ...(status === 'PROVISIONING' ? { forMs: 5000 } : {}),
    })
  }
  return stack === STACK ? [...seeded, ...unowned(dice, maker, seeded, isFull)] : seeded
}

/** What this stack does not manage: of nobody, of another stack, and its own leftovers. */
export function unowned(
  dice: Dice,
  maker: EstateMaker,
  seeded: readonly Seeded[],
  isFull = false,
): readonly Seeded[] {
  const strange: Seeded[] = []
  const gateways = seeded.filter(({ parentId }) => parentId === undefined)
  for (const gateway of gateways) {
    const own = seeded.filter(({ parentId }) => parentId === gateway.id).length
    const isCrowded = dice.chance(0.02) || isFull
    const count = isCrowded ? MOST_CHILDREN - own - dice.pick([0, 0, 1, 2]) : dice.chance(0.15) ? 1 : 0
    for (let number = 0; number < count; number += 1) strange.push(strangeChild(dice, maker, gateway))
  }
  const leftoverIn = dice.pick([...FILE_LOCATIONS, LEFTOVER_LOCATION])
  if (dice.chance(0.2)) strange.push(strangeGateway(dice, maker, { stack: STACK, location: leftoverIn }))
  if (dice.chance(0.2)) strange.push(strangeGateway(dice, maker, { stack: OTHER_STACK, location: 'de/fra' }))
  if (dice.chance(0.2)) strange.push(strangeGateway(dice, maker, { stack: undefined, location: 'de/fra' }))
  return strange
}

function strangeGateway(
  dice: Dice,
  maker: EstateMaker,
  { stack, location }: { readonly stack: string | undefined; readonly location: string },
): Seeded {
  const { entry, key } = maker.gateway()
  const name = `${stack === STACK ? 'leftover' : (stack ?? 'by-hand')}-${entry.name}`
  const { protect: _, location: __, ...properties } = entry
  return {
    kind: key === 'wireguardGateways' ? 'wireguard-gateway' : 'ipsec-gateway',
    location,
    id: stack === undefined ? serviceId(dice) : deriveId(stack, location, `${key.toLowerCase()}/${name}`),
    properties: revealed({ ...properties, name }),
  }
}

function strangeChild(dice: Dice, maker: EstateMaker, gateway: Seeded): Seeded {
  const isPeer = gateway.kind === 'wireguard-gateway'
  const { protect: _, ...properties } = maker.child(isPeer ? 'wireguardGateways' : 'ipsecGateways')
  return {
    kind: isPeer ? 'wireguard-peer' : 'ipsec-tunnel',
    location: gateway.location,
    parentId: gateway.id,
    id: serviceId(dice),
    properties: revealed({ ...properties, name: `by-hand-${properties.name}` }),
  }
}

function serviceId(dice: Dice): string {
  const hex = dice.bytes(16).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
}
