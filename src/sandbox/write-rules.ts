import { isPlainObject, type PlainObject } from '../model/json.ts'
import type { ResourceKind } from '../model/resource.ts'
import { checkBody } from '../schema/api-body.ts'
import { type Answer, refusal, refuse } from './answer.ts'
import type { Behaviour } from './behaviour.ts'
import type { Store } from './store.ts'
import type { Stored } from './stored.ts'

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
    return { refused: refuse(400, 'sandbox-json', 'the body is no JSON') }
  }
  if (!isPlainObject(value) || !isPlainObject(value.properties))
    return { refused: refuse(422, 'sandbox-body', 'the body must be an object with "properties"') }
  return { id: value.id, properties: value.properties as PlainObject }
}

/** Every fault of the properties at once, or undefined. */
export function checkProperties(kind: ResourceKind, properties: PlainObject): Answer | undefined {
  const faults = checkBody(kind, properties)
  if (faults.length === 0) return undefined
  const reasons = faults.map(({ path, message }) => ({
    errorCode: 'sandbox-invalid',
    message: path === '' ? message : `${path}: ${message}`,
  }))
  return refusal(422, ...reasons)
}

/**
 * A parent that is on its way out takes no children; a strict one takes them only while it is AVAILABLE. A FAILED
 * one lets go of them all the same, since it could never be emptied otherwise.
 */
export function checkParent(
  store: Store,
  habits: Behaviour,
  parent: Stored | null,
  write: 'put' | 'delete',
): Answer | undefined {
  if (parent === null) return undefined
  const status = store.status(parent)
  const settled =
    status === 'AVAILABLE' ||
    (status === 'FAILED' && write === 'delete') ||
    (!habits.strictParent && status !== 'DESTROYING')
  if (settled) return undefined
  return refuse(
    409,
    'sandbox-parent',
    `the ${parent.kind.title} is ${status}, try again when it is AVAILABLE`,
  )
}
