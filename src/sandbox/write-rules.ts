import { slotsPerParent } from '../model/claims.ts'
import { isPlainObject, type PlainObject } from '../model/json.ts'
import type { ResourceKind } from '../model/resource.ts'
import { checkBody } from '../schema/api-body.ts'
import { type Answer, refusal, refuse } from './answer.ts'
import type { Behaviour } from './behaviour.ts'
import type { Store } from './store.ts'
import { parentIdsOf, type Stored } from './stored.ts'

/** What comes with a write. */
export interface Payload {
  readonly contentType: string | undefined
  readonly text: string
}

/** A body that has the API's outer shape, or why it has not. */
export type Body = { readonly id: unknown; readonly properties: PlainObject } | { readonly refused: Answer }

/** Reads `{ id?, metadata?, properties }`. */
export function readBody({ contentType, text }: Payload): Body {
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase()
  if (mediaType !== 'application/json')
    return { refused: refuse(415, 'sandbox-media-type', 'the body must be application/json') }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    // The parser's own words would quote the body, and with it a secret.
    return { refused: refuse(400, 'sandbox-json', 'the body is not JSON') }
  }
  if (!isPlainObject(value) || !isPlainObject(value.properties))
    return { refused: refuse(422, 'sandbox-body', 'the body must be an object with "properties"') }
  return { id: value.id, properties: value.properties as PlainObject }
}

/** Every fault of the properties at once, or undefined. */
export function checkProperties(kind: ResourceKind, properties: PlainObject): Answer | undefined {
  const faults = checkBody(kind, properties)
  if (faults.length === 0) return refusedProperties(kind, properties)
  const reasons = faults.map(({ path, message }) => ({
    errorCode: 'sandbox-invalid',
    message: path === '' ? message : `${path}: ${message}`,
  }))
  return refusal(422, ...reasons)
}

function refusedProperties(kind: ResourceKind, properties: PlainObject): Answer | undefined {
  const found = kind.refused?.(kind.normalise(properties))
  return found === undefined
    ? undefined
    : refuse(422, 'sandbox-invalid', `${found.path.join('.')}: ${found.message}`)
}

/** A parent has only so many places; what is being destroyed still takes one. */
export function checkRoom(store: Store, kind: ResourceKind, parent: Stored | null): Answer | undefined {
  const most = slotsPerParent(kind.claims)
  if (parent === null || most === undefined) return undefined
  const siblings = store.siblings(kind, [...parentIdsOf(parent), parent.id])
  if ((siblings?.all().length ?? 0) < most) return undefined
  return refuse(422, 'sandbox-room', `a ${parent.kind.title} takes at most ${most} ${kind.collection}`)
}

/**
 * A parent that is on its way out takes no children; a strict one takes them only while it is AVAILABLE. A FAILED
 * one lets go of them all the same, since it could never be emptied otherwise.
 */
export function checkParent(
  store: Store,
  behaviour: Behaviour,
  parent: Stored | null,
  write: 'put' | 'delete',
): Answer | undefined {
  if (parent === null) return undefined
  const status = store.status(parent)
  const isReady =
    status === 'AVAILABLE' ||
    (status === 'FAILED' && write === 'delete') ||
    (!behaviour.strictParent && status !== 'DESTROYING')
  if (isReady) return undefined
  return refuse(
    409,
    'sandbox-parent',
    `the ${parent.kind.title} is ${status}, try again when it is AVAILABLE`,
  )
}
