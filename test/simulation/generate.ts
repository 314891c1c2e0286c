import { deriveId } from '../../src/model/identity.ts'
import { Secret } from '../../src/model/secret.ts'
import type { PlanOptions } from '../../src/plan/types.ts'
import { Dice } from '../faults/dice.ts'
import { type Entry, lan, nobodysKey, throwAwayKey, type Wanted } from '../support/desired-builder.ts'
import { revealed, type WantedResource, wantedIn } from './files.ts'
import { type Actor, FAULTS, type FaultName, type RunActor, type Scenario, type Seeded } from './scenario.ts'

/** Whose runs are judged. */
const STACK = 'acme'
/** Another stack in the same contract. */
const OTHER_STACK = 'other'

interface Gateway {
  readonly kind: 'wireguardGateways' | 'ipsecGateways'
  entry: Entry
  children: Entry[]
}

/** A scenario from a seed. */
export function generate(seed: number): Scenario {
  const dice = new Dice(Math.imul(seed + 1, 0x9e3779b1) >>> 0)
  const maker = new Maker(dice)
  const first = maker.estate()
  const files = [fileOf(first)]
  const second = structure(first)
  const mutations = dice.int(1, 3)
  for (let number = 0; number < mutations; number += 1) maker.mutate(second)
  files.push(fileOf(second))
  const seeded = dice.chance(0.2) ? maker.strangers([]) : maker.live(fileOf(first))
  const isCalm = dice.chance(0.3)
  const latencyMs = dice.pick([0, 5, 50, 400])
  const odds: Partial<Record<FaultName, number>> = {}
  if (!isCalm) for (const fault of FAULTS) if (dice.chance(0.4)) odds[fault] = dice.pick([0.01, 0.03, 0.08])
  return {
    seed,
    behaviour: {
      pageCap: dice.pick([1, 2, 3, 5, 100, 1000, 1000, 1000]),
      provisionMs: dice.pick([0, 0, 300, 300, 3000, 40_000]),
      destroyMs: dice.pick([0, 0, 300, 300, 3000, 40_000]),
      hideDestroying: dice.chance(0.3),
      strictParent: dice.chance(0.3),
      exclusiveStatus: dice.chance(0.5) ? 409 : 422,
      endlessNext: dice.chance(0.1),
    },
    rate: !isCalm && dice.chance(0.15) ? { requests: dice.pick([5, 20]), perMs: 1000 } : undefined,
    latencyMs,
    odds,
    failedOdds: !isCalm && dice.chance(0.2) ? 0.1 : 0,
    files,
    seeded,
    actors: actors(dice, isCalm, latencyMs),
  }
}

function actors(dice: Dice, isCalm: boolean, latencyMs: number): readonly Actor[] {
  const all: Actor[] = []
  const span = dice.pick([1000, 20_000, 120_000])
  const runs = dice.int(1, 2)
  for (let number = 0; number < runs; number += 1) all.push(run(dice, number, dice.int(0, span), isCalm))
  const acts = dice.int(0, 3)
  for (let number = 0; number < acts; number += 1) {
    all.push({
      type: 'administrator',
      name: `administrator-${number}`,
      // Often while a run reads or writes: that is when it matters.
      at: dice.chance(0.4) ? (all[0]?.at ?? 0) + dice.int(0, 10 * latencyMs + 50) : dice.int(0, span * 2),
      act: dice.pick(['edit', 'delete', 'delete', 'replace', 'swap-keys', 'rename', 'add']),
      pick: dice.random(),
    })
  }
  return all
}

function run(dice: Dice, number: number, at: number, isCalm: boolean): RunActor {
  const options: Partial<PlanOptions> = {
    maxDeletes: { type: 'count', value: 1000 },
    prune: dice.pick(['owned', 'owned', 'owned', 'owned', 'none', 'all']),
  }
  return {
    type: 'run',
    name: `run-${number}`,
    at,
    command: dice.chance(0.1) ? 'destroy' : 'apply',
    file: dice.chance(0.75) ? 1 : 0,
    plan: options,
    pauseMs: dice.pick([0, 0, 0, 5000, 60_000]),
    onStale: dice.chance(0.5) ? 'abort' : 'skip',
    timeoutMs: dice.chance(0.1) ? dice.pick([1000, 5000, 30_000]) : 3_600_000,
    parallelism: dice.pick([1, 4, 10]),
    skewMs: dice.chance(0.2) ? dice.int(-600_000, 600_000) : 0,
    ...(!isCalm && dice.chance(0.15) ? { killAtStep: dice.int(1, 60) } : {}),
    ...(!isCalm && dice.chance(0.1) ? { signalAtStep: dice.int(1, 60) } : {}),
  }
}

/** A file for what is in it. */
function fileOf(gateways: readonly Gateway[]): Wanted {
  const list = (kind: Gateway['kind'], children: string): readonly Entry[] =>
    gateways
      .filter((each) => each.kind === kind)
      .map((each) => ({ ...each.entry, [children]: [...each.children] }))
  return {
    stack: STACK,
    location: 'de/fra',
    wireguardGateways: list('wireguardGateways', 'peers'),
    ipsecGateways: list('ipsecGateways', 'tunnels'),
  }
}

function structure(gateways: readonly Gateway[]): Gateway[] {
  return gateways.map((each) => ({ ...each, children: [...each.children] }))
}

class Maker {
  readonly #dice: Dice
  #number = 0

  constructor(dice: Dice) {
    this.#dice = dice
  }

  estate(): Gateway[] {
    return Array.from({ length: this.#dice.int(1, 2) }, () => this.#gateway())
  }

  #gateway(): Gateway {
    const dice = this.#dice
    const number = this.#number++
    const kind = dice.chance(0.6) ? 'wireguardGateways' : 'ipsecGateways'
    const location = dice.chance(0.25) ? dice.pick(['de/txl', 'us/las']) : undefined
    const entry: Entry = {
      name: `gw-${number}`,
      gatewayIP: `203.0.113.${10 + number}`,
      connections: [lan('2', `192.168.1.${100 + number}/24`)],
      ...(location === undefined ? {} : { location }),
      ...(kind === 'wireguardGateways'
        ? { interfaceIPv4CIDR: `10.${number}.0.1/24`, privateKey: throwAwayKey(1 + (number % 4)) }
        : {}),
      ...(dice.chance(0.1) ? { protect: true } : {}),
    }
    const children = Array.from({ length: dice.int(0, 3) }, () => this.#child(kind))
    return { kind, entry, children }
  }

  #child(kind: Gateway['kind']): Entry {
    const number = this.#number++
    const protect = this.#dice.chance(0.1) ? { protect: true } : {}
    return kind === 'wireguardGateways'
      ? {
          name: `peer-${number}`,
          publicKey: nobodysKey(number),
          allowedIPs: [`10.99.${number}.2/32`],
          ...protect,
        }
      : {
          name: `tunnel-${number}`,
          remoteHost: `vpn-${number}.example.com`,
          auth: { method: 'PSK', psk: { key: new Secret(`throw-away-key-of-tunnel-${number}`) } },
          ike: {
            diffieHellmanGroup: '19-ECP256',
            encryptionAlgorithm: 'AES256',
            integrityAlgorithm: 'SHA256',
          },
          esp: {
            diffieHellmanGroup: '19-ECP256',
            encryptionAlgorithm: 'AES256',
            integrityAlgorithm: 'SHA256',
          },
          cloudNetworkCIDRs: ['192.168.1.0/24'],
          peerNetworkCIDRs: [`10.20.${number}.0/24`],
          ...protect,
        }
  }

  /** Changes one thing in an estate, as the next commit would. */
  mutate(gateways: Gateway[]): void {
    const dice = this.#dice
    const gateway = gateways.length === 0 ? undefined : dice.pick(gateways)
    const child =
      gateway === undefined || gateway.children.length === 0 ? undefined : dice.pick(gateway.children)
    if (gateway === undefined) {
      gateways.push(this.#gateway())
      return
    }
    const put = (next: Entry): void => {
      if (child === undefined) gateway.entry = next
      else gateway.children = gateway.children.map((each) => (each === child ? next : each))
    }
    const subject = child ?? gateway.entry
    switch (
      dice.pick([
        'describe',
        'describe',
        'add',
        'add',
        'remove',
        'remove gateway',
        'add gateway',
        'rename',
        'replace',
        'replace gateway',
        'move',
        'swap',
      ] as const)
    ) {
      case 'describe':
        put({ ...subject, description: `version ${this.#number++}` })
        break
      case 'add':
        gateway.children = [...gateway.children, this.#child(gateway.kind)]
        break
      case 'remove':
        gateway.children = gateway.children.filter((each) => each !== child)
        break
      case 'remove gateway':
        if (gateways.length > 1) gateways.splice(gateways.indexOf(gateway), 1)
        break
      case 'add gateway':
        gateways.push(this.#gateway())
        break
      case 'rename':
        put({ ...subject, name: `${subject.name}-new`, renamedFrom: subject.name })
        break
      case 'replace':
        put({ ...unprotected(subject), name: `${subject.name}-other` })
        break
      case 'replace gateway':
        gateway.entry = { ...unprotected(gateway.entry), name: `${gateway.entry.name}-other` }
        gateway.children = gateway.children.map(unprotected)
        break
      case 'move':
        gateway.entry = { ...unprotected(gateway.entry), location: 'us/mci' }
        gateway.children = gateway.children.map(unprotected)
        break
      case 'swap':
        this.#swap(gateway)
        break
    }
  }

  #swap(gateway: Gateway): void {
    const [one, other, ...rest] = gateway.children
    if (one === undefined || other === undefined || gateway.kind !== 'wireguardGateways') return
    gateway.children = [
      { ...one, publicKey: other.publicKey },
      { ...other, publicKey: one.publicKey },
      ...rest,
    ]
  }

  /** What is live: usually what a file says, some of it missing, drifted or renamed, and things of others. */
  live(file: Wanted): readonly Seeded[] {
    const dice = this.#dice
    const seeded: Seeded[] = []
    const ids = new Map<WantedResource, string>()
    for (const wanted of wantedIn(file)) {
      const parentId = wanted.parent === null ? undefined : ids.get(wanted.parent)
      if ((wanted.parent !== null && parentId === undefined) || dice.chance(0.12)) continue
      const address = dice.chance(0.15) ? `${wanted.address}-before-it-was-renamed` : wanted.address
      const id = deriveId(STACK, wanted.location, address)
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
    return [...seeded, ...this.strangers(seeded)]
  }

  /** What this stack does not manage: of others, and of another stack. */
  strangers(seeded: readonly Seeded[]): readonly Seeded[] {
    const dice = this.#dice
    const strange: Seeded[] = []
    for (const gateway of seeded.filter(({ parentId }) => parentId === undefined)) {
      const isCrowded = dice.chance(0.07)
      const own = seeded.filter(({ parentId }) => parentId === gateway.id).length
      const count = isCrowded ? 20 - own - dice.int(0, 2) : dice.chance(0.15) ? 1 : 0
      for (let number = 0; number < count; number += 1) strange.push(this.#strangeChild(gateway))
    }
    if (dice.chance(0.15))
      strange.push(this.#strangeGateway(STACK, 'leftover', dice.pick(['de/fra', 'es/vit'])))
    if (dice.chance(0.2)) strange.push(this.#strangeGateway(OTHER_STACK, 'of-other-stack', 'de/fra'))
    if (dice.chance(0.2)) strange.push(this.#strangeGateway(undefined, 'by-hand', 'de/fra'))
    return strange
  }

  #strangeGateway(stack: string | undefined, prefix: string, location: string): Seeded {
    const { entry, kind } = this.#gateway()
    const collection = kind.toLowerCase()
    const name = `${prefix}-${entry.name}`
    const { protect: _, location: __, ...properties } = entry
    return {
      kind: kind === 'wireguardGateways' ? 'wireguard-gateway' : 'ipsec-gateway',
      location,
      id: stack === undefined ? this.#serviceId() : deriveId(stack, location, `${collection}/${name}`),
      properties: revealed({ ...properties, name }),
    }
  }

  #strangeChild(gateway: Seeded): Seeded {
    const isPeer = gateway.kind === 'wireguard-gateway'
    const { protect: _, ...properties } = this.#child(isPeer ? 'wireguardGateways' : 'ipsecGateways')
    return {
      kind: isPeer ? 'wireguard-peer' : 'ipsec-tunnel',
      location: gateway.location,
      parentId: gateway.id,
      id: this.#serviceId(),
      properties: revealed({ ...properties, name: `by-hand-${properties.name}` }),
    }
  }

  #serviceId(): string {
    const hex = this.#dice.bytes(16).toString('hex')
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`
  }
}

function unprotected({ protect: _, ...entry }: Entry): Entry {
  return entry as Entry
}
