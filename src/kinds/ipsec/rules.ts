import { getPath } from '../../model/json.ts'
import { notPublic } from '../gateway-rules.ts'
import { contains, overlaps, parseIp } from '../ip.ts'
import { type Entry, perEntry, type Rule, writtenText, writtenTexts } from '../rule.ts'
import { ipsecTunnel } from './tunnel.ts'

const isTunnel = ({ resource: { kind, ensure } }: Entry): boolean =>
  kind === ipsecTunnel && ensure === 'present'

const CLOUD = 'cloudNetworkCIDRs'
const PEER = 'peerNetworkCIDRs'

function networksOf(tunnel: Entry, field: string) {
  return writtenTexts(tunnel, field).flatMap(({ text, path }) => {
    const range = parseIp(text)
    return range === undefined ? [] : [{ text, path, range }]
  })
}

function firstOverlap(one: ReturnType<typeof networksOf>, other: ReturnType<typeof networksOf>) {
  for (const a of one) {
    const b = other.find((candidate) => overlaps(a.range, candidate.range))
    if (b !== undefined) return { a, b }
  }
  return undefined
}

// A gateway has 20 tunnels at most; of more with one remote host, which is a fault already, the first are compared.
const MOST_COMPARED = 50

const remoteHostOnce = perEntry(function* (gateway) {
  const byHost = new Map<string, Entry[]>()
  for (const tunnel of gateway.children.filter(isTunnel)) {
    const host = String(tunnel.resource.spec.remoteHost ?? '')
    if (host !== '') byHost.set(host, [...(byHost.get(host) ?? []).slice(0, MOST_COMPARED), tunnel])
  }
  for (const tunnels of byHost.values()) {
    for (const [index, tunnel] of tunnels.entries()) {
      const other = tunnels
        .slice(0, index)
        .find((earlier) =>
          [CLOUD, PEER].every(
            (field) => firstOverlap(networksOf(tunnel, field), networksOf(earlier, field)) !== undefined,
          ),
        )
      if (other === undefined) continue
      yield {
        severity: 'error',
        code: 'VPN320',
        message: `tunnels ${JSON.stringify(other.resource.name)} and ${JSON.stringify(tunnel.resource.name)} go to one remote host with overlapping networks`,
        hint: 'the same traffic would match both: put the networks into one tunnel',
        on: tunnel,
        path: ['remoteHost'],
        related: [{ on: other, path: ['remoteHost'], message: 'the other tunnel' }],
      }
    }
  }
})

const sidesApart = perEntry(function* (tunnel) {
  if (!isTunnel(tunnel)) return
  const found = firstOverlap(networksOf(tunnel, PEER), networksOf(tunnel, CLOUD))
  if (found === undefined) return
  yield {
    severity: 'warning',
    code: 'VPN321',
    message: `${found.a.text} on the remote side and ${found.b.text} on the cloud side overlap`,
    hint: 'addresses that are on both sides cannot be reached through the tunnel: check the networks',
    on: tunnel,
    path: found.a.path,
    related: [{ on: tunnel, path: found.b.path, message: 'the cloud side' }],
  }
})

const oneFamily = perEntry(function* (tunnel) {
  if (!isTunnel(tunnel)) return
  const [first, ...rest] = [...networksOf(tunnel, CLOUD), ...networksOf(tunnel, PEER)]
  const odd = first === undefined ? undefined : rest.find(({ range }) => range.family !== first.range.family)
  if (first === undefined || odd === undefined) return
  yield {
    severity: 'warning',
    code: 'VPN322',
    message: `${JSON.stringify(tunnel.resource.name)} mixes IPv4 and IPv6 (${first.text} and ${odd.text})`,
    hint: 'many remote devices refuse both in one tunnel: use a tunnel for each',
    on: tunnel,
    path: odd.path,
    related: [{ on: tunnel, path: first.path, message: 'the other family' }],
  }
})

const espWithinIke = perEntry(function* (tunnel) {
  if (!isTunnel(tunnel)) return
  const ike = getPath(tunnel.resource.spec, ['ike', 'lifetime'])
  const esp = getPath(tunnel.resource.spec, ['esp', 'lifetime'])
  if (typeof ike !== 'number' || typeof esp !== 'number' || esp <= ike) return
  yield {
    severity: 'warning',
    code: 'VPN323',
    message: `the ESP lifetime (${esp} s) is longer than the IKE lifetime (${ike} s)`,
    hint: 'make it the shorter one, for instance a tenth',
    on: tunnel,
    path: ['esp', 'lifetime'],
  }
})

const isCbc = (algorithm: unknown): boolean => algorithm === 'AES128' || algorithm === 'AES256'

// Weaker than what stands beside it: whoever wrote the better cipher knows that both ends can do it.
const cipherAsGood = perEntry(function* (tunnel) {
  if (!isTunnel(tunnel)) return
  for (const [phase, other] of [
    ['ike', 'esp'],
    ['esp', 'ike'],
  ] as const) {
    const own = getPath(tunnel.written, [phase, 'encryptionAlgorithm'])
    const better = getPath(tunnel.written, [other, 'encryptionAlgorithm'])
    if (!isCbc(own) || typeof better !== 'string' || isCbc(better)) continue
    yield {
      severity: 'warning',
      code: 'VPN324',
      message: `${phase} uses ${String(own)} (CBC), which is weaker than ${better} of ${other}`,
      hint: `use ${better} in both phases`,
      on: tunnel,
      path: [phase, 'encryptionAlgorithm'],
      related: [{ on: tunnel, path: [other, 'encryptionAlgorithm'], message: 'the stronger one' }],
    }
  }
})

// Strength in bits, roughly, after NIST SP 800-57 part 1.
const GROUP_STRENGTH: Readonly<Record<string, number>> = {
  '15-MODP3072': 128,
  '16-MODP4096': 140,
  '19-ECP256': 128,
  '20-ECP384': 192,
  '21-ECP521': 256,
  '28-ECP256BP': 128,
  '29-ECP384BP': 192,
  '30-ECP512BP': 256,
}

const forwardSecrecy = perEntry(function* (tunnel) {
  if (!isTunnel(tunnel)) return
  const ike = getPath(tunnel.written, ['ike', 'diffieHellmanGroup'])
  const esp = getPath(tunnel.written, ['esp', 'diffieHellmanGroup'])
  if (typeof ike !== 'string') return
  const isWeaker = typeof esp === 'string' && (GROUP_STRENGTH[esp] ?? 0) < (GROUP_STRENGTH[ike] ?? 0)
  if (typeof esp === 'string' && !isWeaker) return
  yield {
    severity: 'warning',
    code: 'VPN325',
    message: isWeaker
      ? `esp uses ${String(esp)}, which is weaker than ${ike} of ike`
      : 'esp names no diffieHellmanGroup, so that keys may be renewed without forward secrecy',
    hint: `write diffieHellmanGroup: ${ike} under esp`,
    on: tunnel,
    path: isWeaker ? ['esp', 'diffieHellmanGroup'] : ['esp'],
    part: isWeaker ? 'value' : 'key',
    related: [{ on: tunnel, path: ['ike', 'diffieHellmanGroup'], message: 'the group of ike' }],
  }
})

const DOCUMENTATION = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'].flatMap(
  (text) => parseIp(text) ?? [],
)

const remoteHostIsReachable = perEntry(function* (tunnel) {
  const host = isTunnel(tunnel) ? writtenText(tunnel, 'remoteHost') : undefined
  const range = host === undefined ? undefined : parseIp(host)
  // What is no IPv4 address is judged by its form.
  if (host === undefined || range === undefined || range.family === 6 || host.includes('/')) return
  const isExample = DOCUMENTATION.some((documentation) => contains(documentation, range))
  const what = isExample ? 'an address for documentation' : notPublic(host)
  if (what === undefined) return
  yield {
    severity: 'warning',
    code: 'VPN329',
    message: `remoteHost ${host} is ${what}`,
    hint: 'use the public address or the host name of the other end',
    on: tunnel,
    path: ['remoteHost'],
  }
})

const SHORTEST_KEY = 20
const LEAST_BITS = 50

const strongKeys = perEntry(function* (tunnel) {
  if (!isTunnel(tunnel)) return
  for (const { path, value } of tunnel.resource.secrets) {
    const key = value?.reveal()
    if (key === undefined || key === '') continue
    const isShort = key.length < SHORTEST_KEY
    if (!isShort && estimatedBits(key) >= LEAST_BITS) continue
    yield {
      severity: 'warning',
      code: isShort ? 'VPN327' : 'VPN328',
      message: isShort
        ? `the pre-shared key of ${JSON.stringify(tunnel.resource.name)} is shorter than ${SHORTEST_KEY} characters`
        : `the pre-shared key of ${JSON.stringify(tunnel.resource.name)} is easy to guess`,
      hint: 'make one with: openssl rand -base64 32',
      on: tunnel,
      path,
    }
  }
})

// Shannon's measure over the part that is not a repetition.
function estimatedBits(text: string): number {
  const period = `${text}${text}`.indexOf(text, 1)
  const chars = [...text.slice(0, period)]
  const counts = new Map<string, number>()
  for (const char of chars) counts.set(char, (counts.get(char) ?? 0) + 1)
  return [...counts.values()].reduce((bits, count) => bits - count * Math.log2(count / chars.length), 0)
}

/** Rules for IPSec tunnels. */
export const ipsecRules: readonly Rule[] = [
  remoteHostOnce,
  sidesApart,
  oneFamily,
  espWithinIke,
  cipherAsGood,
  forwardSecrecy,
  remoteHostIsReachable,
  strongKeys,
]
