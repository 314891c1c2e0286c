import { getPath } from '../../model/json.ts'
import { perEntry, type Rule } from '../rule.ts'
import { isTunnel } from './network-rules.ts'

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

// What every source of the API's limits accepts.
const ESP_LIFETIME = { least: 3600, most: 14400 }

const espLifetimeAccepted = perEntry(function* (tunnel) {
  if (!isTunnel(tunnel)) return
  const lifetime = getPath(tunnel.resource.spec, ['esp', 'lifetime'])
  if (typeof lifetime !== 'number') return
  if (lifetime >= ESP_LIFETIME.least && lifetime <= ESP_LIFETIME.most) return
  yield {
    severity: 'warning',
    code: 'VPN369',
    message: `the ESP lifetime (${lifetime} s) is not one that all sources of the API accept`,
    hint: `write ${ESP_LIFETIME.least} to ${ESP_LIFETIME.most}: others may be refused when the plan is applied`,
    on: tunnel,
    path: ['esp', 'lifetime'],
  }
})

function keyBits(cipher: unknown): number | undefined {
  const bits = typeof cipher === 'string' ? /^AES(128|256)\b/.exec(cipher)?.[1] : undefined
  return bits === undefined ? undefined : Number(bits)
}

const ikeKeyAsLong = perEntry(function* (tunnel) {
  if (!isTunnel(tunnel)) return
  const ike = getPath(tunnel.written, ['ike', 'encryptionAlgorithm'])
  const esp = getPath(tunnel.written, ['esp', 'encryptionAlgorithm'])
  const [own = 0, protectedBits = 0] = [keyBits(ike), keyBits(esp)]
  if (own === 0 || own >= protectedBits) return
  yield {
    severity: 'warning',
    code: 'VPN324',
    message: `ike uses ${String(ike)}, whose key is shorter than that of ${String(esp)} of esp`,
    hint: `use a cipher with ${protectedBits} bits under ike too`,
    on: tunnel,
    path: ['ike', 'encryptionAlgorithm'],
    related: [{ on: tunnel, path: ['esp', 'encryptionAlgorithm'], message: 'the longer one' }],
  }
})

// Security strength in bits: NIST SP 800-57 part 1, table 2. It has no row between 3072 and 7680 bits.
const GROUP_STRENGTH: Readonly<Record<string, number>> = {
  '15-MODP3072': 128,
  '16-MODP4096': 128,
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

/** Rules for the algorithms and lifetimes of IPSec tunnels. */
export const cryptoRules: readonly Rule[] = [espWithinIke, espLifetimeAccepted, ikeKeyAsLong, forwardSecrecy]
