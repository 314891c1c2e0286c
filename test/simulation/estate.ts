import { deriveId } from '../../src/model/identity.ts'
import { Secret } from '../../src/model/secret.ts'
import type { Dice } from '../faults/dice.ts'
import { type Entry, lan, sampleKey, throwAwayKey, type Wanted } from '../support/desired-builder.ts'

/** Whose runs are judged. */
export const STACK = 'acme'
/** Another stack in the same contract. */
export const OTHER_STACK = 'other'
/** Locations that files name; some are named like what sorts after `peers` and `tunnels`. */
export const FILE_LOCATIONS = ['de/fra', 'de/txl', 'us/las', 'us/mci'] as const
/** A location that no file names. */
export const LEFTOVER_LOCATION = 'es/vit'

/** A kind of gateways, by its key in the file. */
export type GatewayKey = 'wireguardGateways' | 'ipsecGateways'

/** A gateway of a file, with what is below it. */
export interface Gateway {
  readonly key: GatewayKey
  entry: Entry
  children: Entry[]
}

/** What a file says, before it is one. */
export interface Estate {
  readonly gateways: Gateway[]
  readonly released: string[]
  readonly neighbours: string[]
}

const MUTATIONS = [
  'describe',
  'describe',
  'add',
  'add',
  'remove',
  'remove gateway',
  'add gateway',
  'rename',
  'rename gateway',
  'replace',
  'renew',
  'replace gateway',
  'replace behind another address',
  'move',
  'move',
  'swap',
  'release',
  'release gateway',
] as const

/** Makes estates; no two things that it makes share a name, a key or an address unless a mutation wants it. */
export class EstateMaker {
  readonly #dice: Dice
  #number = 0

  constructor(dice: Dice) {
    this.#dice = dice
  }

  estate(): Estate {
    const gateways = Array.from({ length: this.#dice.int(1, 2) }, () => this.gateway())
    return { gateways, released: [], neighbours: this.#dice.chance(0.15) ? [OTHER_STACK] : [] }
  }

  /** The estate after the next commits. */
  next({ gateways, released, neighbours }: Estate): Estate {
    const changed: Estate = {
      gateways: gateways.map((each) => ({ ...each, children: [...each.children] })),
      released: [...released],
      neighbours: [...neighbours],
    }
    const count = this.#dice.int(1, 3)
    for (let number = 0; number < count; number += 1) this.#mutate(changed)
    return changed
  }

  /** Takes a child of the first gateway out and puts another one in: on a full gateway the new one needs the old one's slot. */
  renew({ gateways: [gateway] }: Estate): void {
    if (gateway !== undefined) gateway.children = [...gateway.children.slice(1), this.child(gateway.key)]
  }

  /** One gateway of another stack, now and then with an address that the first stack wants too. */
  ofOtherStack({ gateways }: Estate): Wanted {
    const made = this.gateway()
    const [rival] = gateways
    const isRival = rival !== undefined && this.#dice.chance(0.2)
    const { protect: _, ...entry } = made.entry
    made.entry = isRival ? { ...(entry as Entry), gatewayIP: rival.entry.gatewayIP } : (entry as Entry)
    return { ...this.file({ gateways: [made], released: [], neighbours: [] }), stack: OTHER_STACK }
  }

  /** A file for what is in it. */
  file({ gateways, released, neighbours }: Estate): Wanted {
    const list = (key: GatewayKey, children: string): readonly Entry[] =>
      gateways
        .filter((each) => each.key === key)
        .map((each) => ({ ...each.entry, [children]: [...each.children] }))
    return {
      stack: STACK,
      location: 'de/fra',
      ...(released.length === 0 ? {} : { released: [...released] }),
      ...(neighbours.length === 0 ? {} : { neighbours: [...neighbours] }),
      wireguardGateways: list('wireguardGateways', 'peers'),
      ipsecGateways: list('ipsecGateways', 'tunnels'),
    }
  }

  gateway(): Gateway {
    const dice = this.#dice
    const number = this.#number++
    const key = dice.chance(0.6) ? 'wireguardGateways' : 'ipsecGateways'
    const location = dice.chance(0.35) ? dice.pick(['de/txl', 'us/las', 'us/mci'] as const) : undefined
    const entry: Entry = {
      name: `gw-${number}`,
      gatewayIP: `203.0.113.${10 + number}`,
      connections: [lan('2', `192.168.1.${100 + number}/24`)],
      ...(location === undefined ? {} : { location }),
      ...(key === 'wireguardGateways'
        ? { interfaceIPv4CIDR: `10.${number}.0.1/24`, privateKey: throwAwayKey(1 + (number % 4)) }
        : {}),
      ...(dice.chance(0.1) ? { protect: true } : {}),
    }
    const children = Array.from({ length: dice.pick([0, 1, 1, 2, 3, 4]) }, () => this.child(key))
    return { key, entry, children }
  }

  child(key: GatewayKey): Entry {
    const number = this.#number++
    const protect = this.#dice.chance(0.15) ? { protect: true } : {}
    return key === 'wireguardGateways'
      ? {
          name: `peer-${number}`,
          publicKey: sampleKey(number),
          allowedIPs: [`10.99.${number}.2/32`],
          ...protect,
        }
      : {
          name: `tunnel-${number}`,
          remoteHost: `vpn-${number}.example.com`,
          auth: { method: 'PSK', psk: { key: new Secret(`throw-away-key-of-tunnel-${number}`) } },
          ike: ALGORITHMS,
          esp: ALGORITHMS,
          cloudNetworkCIDRs: ['192.168.1.0/24'],
          peerNetworkCIDRs: [`10.20.${number}.0/24`],
          ...protect,
        }
  }

  // Changes one thing in an estate, as a commit would.
  #mutate(estate: Estate): void {
    const dice = this.#dice
    const { gateways } = estate
    if (gateways.length === 0) {
      gateways.push(this.gateway())
      return
    }
    const gateway = dice.pick(gateways)
    const child = gateway.children.length === 0 ? undefined : dice.pick(gateway.children)
    const put = (next: Entry): void => {
      if (child === undefined) gateway.entry = next
      else gateway.children = gateway.children.map((each) => (each === child ? next : each))
    }
    const subject = child ?? gateway.entry
    switch (dice.pick(MUTATIONS)) {
      case 'describe':
        put({ ...subject, description: `version ${this.#number++}` })
        break
      case 'add':
        gateway.children.push(this.child(gateway.key))
        break
      case 'remove':
        gateway.children = gateway.children.filter((each) => each !== child)
        break
      case 'remove gateway':
        if (gateways.length > 1) gateways.splice(gateways.indexOf(gateway), 1)
        break
      case 'add gateway':
        gateways.push(this.gateway())
        break
      case 'rename':
        put(renamed(subject))
        break
      case 'rename gateway':
        gateway.entry = renamed(gateway.entry)
        break
      case 'replace':
        put({ ...unprotected(subject), name: `${subject.name}-other` })
        break
      case 'renew':
        this.renew({ ...estate, gateways: [gateway] })
        break
      case 'replace gateway':
        this.#replace(gateway, { name: `${gateway.entry.name}-other` })
        break
      case 'replace behind another address':
        this.#replace(gateway, {
          name: `${gateway.entry.name}-other`,
          gatewayIP: `203.0.113.${100 + this.#number++}`,
        })
        break
      case 'move':
        this.#replace(gateway, { location: 'us/mci' })
        break
      case 'swap':
        swapKeys(gateway)
        break
      case 'release':
        this.#release(estate, gateway, child)
        break
      case 'release gateway':
        this.#release(estate, gateway, undefined)
        break
    }
  }

  // What was protected is protected still, now and then: then only a person gets it out of the way.
  #replace(gateway: Gateway, more: Readonly<Record<string, unknown>>): void {
    const isKept = this.#dice.chance(0.3)
    gateway.entry = { ...(isKept ? gateway.entry : unprotected(gateway.entry)), ...more }
    if (!isKept) gateway.children = gateway.children.map(unprotected)
  }

  #release(estate: Estate, gateway: Gateway, child: Entry | undefined): void {
    const { gateways, released } = estate
    const above = `${gateway.key.toLowerCase()}/${gateway.entry.name}`
    const below = gateway.key === 'wireguardGateways' ? 'peers' : 'tunnels'
    const address = child === undefined ? above : `${above}/${below}/${child.name}`
    if (child === undefined && gateways.length < 2) return
    const location = (gateway.entry.location as string | undefined) ?? 'de/fra'
    released.push(this.#dice.chance(0.5) ? address : deriveId(STACK, location, address))
    if (child === undefined) gateways.splice(gateways.indexOf(gateway), 1)
    else gateway.children = gateway.children.filter((each) => each !== child)
  }
}

const ALGORITHMS = {
  diffieHellmanGroup: '19-ECP256',
  encryptionAlgorithm: 'AES256',
  integrityAlgorithm: 'SHA256',
} as const

function renamed(entry: Entry): Entry {
  return { ...entry, name: `${entry.name}-new`, renamedFrom: entry.name }
}

function swapKeys(gateway: Gateway): void {
  const [one, other, ...rest] = gateway.children
  if (one === undefined || other === undefined || gateway.key !== 'wireguardGateways') return
  gateway.children = [{ ...one, publicKey: other.publicKey }, { ...other, publicKey: one.publicKey }, ...rest]
}

function unprotected({ protect: _, ...entry }: Entry): Entry {
  return entry as Entry
}
