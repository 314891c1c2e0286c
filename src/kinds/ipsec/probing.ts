import { getPath, type PlainObject } from '../../model/json.ts'
import type { IkeProposal, Probing } from '../../model/probe.ts'
import { parseIp } from '../ip.ts'

const IKE_PORT = 500

// IANA's numbers (ikev2-parameters) for the API's names.
const CIPHERS: Readonly<Record<string, { readonly id: number; readonly keyBits: number }>> = {
  AES128: { id: 12, keyBits: 128 },
  AES256: { id: 12, keyBits: 256 },
  'AES128-CTR': { id: 13, keyBits: 128 },
  'AES256-CTR': { id: 13, keyBits: 256 },
  'AES128-CCM-12': { id: 15, keyBits: 128 },
  'AES256-CCM-12': { id: 15, keyBits: 256 },
  'AES128-GCM-12': { id: 19, keyBits: 128 },
  'AES256-GCM-12': { id: 19, keyBits: 256 },
  'AES128-GCM-16': { id: 20, keyBits: 128 },
  'AES256-GCM-16': { id: 20, keyBits: 256 },
}
const AUTHENTICATING = [15, 19, 20]
const HASHES: Readonly<Record<string, { readonly prf: number; readonly integrity: number }>> = {
  SHA256: { prf: 5, integrity: 12 },
  SHA384: { prf: 6, integrity: 13 },
  SHA512: { prf: 7, integrity: 14 },
  'AES-XCBC': { prf: 4, integrity: 5 },
}
const GROUPS: Readonly<Record<string, number>> = {
  '19-ECP256': 19,
  '20-ECP384': 20,
  '21-ECP521': 21,
  '28-ECP256BP': 28,
  '29-ECP384BP': 29,
  '30-ECP512BP': 30,
  '15-MODP3072': 15,
  '16-MODP4096': 16,
}

/** Tunnels are probed by the first message of IKE, which needs no key. */
export const tunnelProbing: Probing = {
  names: ({ remoteHost }) =>
    typeof remoteHost === 'string' && parseIp(remoteHost) === undefined
      ? [{ field: 'remoteHost', host: remoteHost }]
      : [],
  target: ({ spec: { gatewayIP } }, spec) =>
    typeof gatewayIP === 'string' && typeof spec.remoteHost === 'string'
      ? {
          protocol: 'ike',
          host: gatewayIP,
          port: IKE_PORT,
          proposals: proposalsOf(spec),
          otherEnd: spec.remoteHost,
        }
      : undefined,
}

// What is left to the service is offered in full: then the answer says that there is a choice that it accepts.
function proposalsOf(spec: PlainObject): readonly IkeProposal[] {
  const hashes = choice(spec, 'integrityAlgorithm', HASHES)
  const ciphers = choice(spec, 'encryptionAlgorithm', CIPHERS)
  const groups = choice(spec, 'diffieHellmanGroup', GROUPS)
  const prfs = hashes.map(({ prf }) => prf)
  // A cipher that authenticates by itself may not share a proposal with others (RFC 7296, 3.3).
  return [true, false].flatMap((authenticates) => {
    const own = ciphers.filter(({ id }) => AUTHENTICATING.includes(id) === authenticates)
    if (own.length === 0) return []
    const integrity = authenticates ? [] : hashes.map((hash) => hash.integrity)
    return [{ ciphers: own, prfs, integrity, groups }]
  })
}

function choice<T>(spec: PlainObject, field: string, table: Readonly<Record<string, T>>): readonly T[] {
  const value = getPath(spec, ['ike', field])
  const known = typeof value === 'string' && Object.hasOwn(table, value) ? table[value] : undefined
  return known === undefined ? Object.values(table) : [known]
}
