import { getPath, type PlainObject } from '../model/json.ts'

// strongSwan's keywords (libstrongswan/crypto/proposal/proposal_keywords_static.txt) for the API's names.
const CIPHERS: Readonly<Record<string, { readonly keyword: string; readonly aead: boolean }>> = {
  AES128: { keyword: 'aes128', aead: false },
  AES256: { keyword: 'aes256', aead: false },
  'AES128-CTR': { keyword: 'aes128ctr', aead: false },
  'AES256-CTR': { keyword: 'aes256ctr', aead: false },
  'AES128-GCM-16': { keyword: 'aes128gcm16', aead: true },
  'AES256-GCM-16': { keyword: 'aes256gcm16', aead: true },
  'AES128-GCM-12': { keyword: 'aes128gcm12', aead: true },
  'AES256-GCM-12': { keyword: 'aes256gcm12', aead: true },
  'AES128-CCM-12': { keyword: 'aes128ccm12', aead: true },
  'AES256-CCM-12': { keyword: 'aes256ccm12', aead: true },
}
const INTEGRITY: Readonly<Record<string, string>> = {
  SHA256: 'sha256',
  SHA384: 'sha384',
  SHA512: 'sha512',
  'AES-XCBC': 'aesxcbc',
}
const GROUPS: Readonly<Record<string, string>> = {
  '15-MODP3072': 'modp3072',
  '16-MODP4096': 'modp4096',
  '19-ECP256': 'ecp256',
  '20-ECP384': 'ecp384',
  '21-ECP521': 'ecp521',
  '28-ECP256BP': 'ecp256bp',
  '29-ECP384BP': 'ecp384bp',
  '30-ECP512BP': 'ecp512bp',
}

/** The one proposal of a phase, or what is missing for it. */
export type Proposal =
  | { readonly type: 'proposal'; readonly text: string }
  | { readonly type: 'refused'; readonly problems: readonly string[] }

/**
 * A tunnel's `ike` or `esp` settings in strongSwan's words. A cipher that authenticates by itself takes no
 * integrity algorithm; IKE then needs the pseudo-random function said, which otherwise follows from the integrity.
 */
export function proposalOf(spec: PlainObject, phase: 'ike' | 'esp'): Proposal {
  const problems: string[] = []
  const cipher = look(spec, [phase, 'encryptionAlgorithm'], CIPHERS, problems)
  const group = look(spec, [phase, 'diffieHellmanGroup'], GROUPS, problems)
  const needsIntegrity = cipher === undefined || !cipher.aead || phase === 'ike'
  const integrity = needsIntegrity
    ? look(spec, [phase, 'integrityAlgorithm'], INTEGRITY, problems)
    : undefined
  if (cipher === undefined || group === undefined || problems.length > 0) return { type: 'refused', problems }
  const authentication = integrity === undefined ? [] : [cipher.aead ? `prf${integrity}` : integrity]
  return { type: 'proposal', text: [cipher.keyword, ...authentication, group].join('-') }
}

function look<T>(
  spec: PlainObject,
  path: readonly [string, string],
  table: Readonly<Record<string, T>>,
  problems: string[],
): T | undefined {
  const value = getPath(spec, path)
  const field = path.join('.')
  if (value === undefined)
    problems.push(`${field} is left to the service, and what it chose is not known here`)
  else if (typeof value !== 'string' || !Object.hasOwn(table, value))
    problems.push(`${field} has a value that this program has no strongSwan keyword for`)
  else return table[value]
  return undefined
}
