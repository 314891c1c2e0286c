import { derivePublicKey } from '../kinds/wireguard/keys.ts'
import { wireguardPeer } from '../kinds/wireguard/peer.ts'
import type { FieldPath, PlainObject } from '../model/json.ts'
import { optional } from '../model/optional.ts'
import type { DesiredResource, DesiredSecret } from '../model/resource.ts'
import { describeReference, type Secret } from '../model/secret.ts'
import { newPsk, newWireguardKeys, type RandomBytes } from './keys.ts'
import type { OtherEndInput } from './other-end.ts'

/** What is replaced when the key of a resource is. */
export type Rotation =
  /** The gateway's own private key: every peer needs the new public key. */
  | { readonly type: 'gateway'; readonly secret: DesiredSecret }
  /** The key that both ends of a tunnel have. */
  | { readonly type: 'shared'; readonly secret: DesiredSecret; readonly rotatedAt: FieldPath }
  /** The device's own pair; the files have its public half. */
  | { readonly type: 'device'; readonly field: string }

/** How the key of a resource is replaced; undefined where it has none. */
export function rotationOf({ kind, parent, secrets }: DesiredResource): Rotation | undefined {
  if (kind === wireguardPeer) return { type: 'device', field: 'publicKey' }
  const [secret] = secrets
  if (secret === undefined) return undefined
  const rotatedAt = kind.secrets[0]?.rotatedAt
  if (parent === null) return { type: 'gateway', secret }
  return rotatedAt === undefined ? undefined : { type: 'shared', secret, rotatedAt }
}

/** A new secret for it. */
export function newKeyFor({ type }: Rotation, randomBytes: RandomBytes): Secret {
  return type === 'shared' ? newPsk(randomBytes) : newWireguardKeys(randomBytes).privateKey
}

/** Whether a text can be the new secret. */
export function isKeyFor({ type }: Rotation, key: Secret): boolean {
  return type === 'shared' ? key.reveal() !== '' : derivePublicKey(key.reveal()) !== undefined
}

/** What the files say of a device once it has the new key. */
export function publicHalf(key: Secret): string | undefined {
  return derivePublicKey(key.reveal())
}

/** The other end as it is once both have the new key. */
export function withNewKey(input: OtherEndInput, { type }: Rotation, key: Secret): OtherEndInput {
  const publicKey = type === 'shared' ? undefined : derivePublicKey(key.reveal())
  switch (type) {
    case 'gateway':
      return {
        ...input,
        gateway: { ...input.gateway, ...optional({ publicKey }) },
      }
    case 'shared':
      return { ...input, secret: key }
    case 'device': {
      const spec: PlainObject = { ...input.child.spec, ...optional({ publicKey }) }
      return { ...input, child: { ...input.child, spec }, secret: key }
    }
    default:
      return type satisfies never
  }
}

/** The resources with the same reference in the same folder, this one first: they have one key. */
export function sameReference(
  all: readonly DesiredResource[],
  resource: DesiredResource,
  folderOf: (resource: DesiredResource) => string,
): readonly DesiredResource[] {
  const key = (each: DesiredResource): string | undefined => {
    const reference = each.secrets[0]?.reference
    if (reference === undefined || reference.from === 'literal') return undefined
    return `${reference.from === 'file' ? folderOf(each) : ''} ${describeReference(reference)}`
  }
  const own = key(resource)
  if (own === undefined) return [resource]
  return [
    resource,
    ...all.filter((each) => each !== resource && each.ensure === 'present' && key(each) === own),
  ]
}
