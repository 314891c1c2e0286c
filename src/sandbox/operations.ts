import type { PlainObject } from '../model/json.ts'
import type { ResourceKind } from '../model/resource.ts'
import { type Answer, empty, ID_MISMATCH, json, refuse } from './answer.ts'
import type { Behaviour } from './behaviour.ts'
import { listPage } from './list-page.ts'
import type { Store } from './store.ts'
import { collectionPath, type Stored } from './stored.ts'
import type { Wire } from './wire.ts'
import { checkParent, checkProperties, checkRoom, type Payload, readBody } from './write-rules.ts'

/** One request to a collection or a resource, free of HTTP's machinery. */
export interface Request {
  readonly kind: ResourceKind
  readonly parentIds: readonly string[]
  readonly origin: string
  readonly user: string
  readonly query: (name: string) => string | undefined
}

/** {@link Request} to one resource. */
export interface ResourceRequest extends Request {
  readonly id: string
}

/** The IONOS Terraform provider takes 5 s to be enough. */
const FAILS_AFTER_DELETE_MS = 3000

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The five operations of the API, the same for every kind. */
export class Operations {
  readonly #store: Store
  readonly #wire: Wire
  readonly #behaviour: Behaviour
  readonly #now: () => number
  /** Ids whose next GET answers 500, once, each until when: seen on the real service straight after a DELETE. */
  readonly #failingReads = new Map<string, number>()

  constructor(store: Store, wire: Wire, behaviour: Behaviour, now: () => number) {
    this.#store = store
    this.#wire = wire
    this.#behaviour = behaviour
    this.#now = now
  }

  list(request: Request): Answer {
    const { kind, parentIds } = request
    if (this.#behaviour.failLists.includes(kind.collection))
      return refuse(500, 'sandbox-list', `the sandbox was asked to let lists of ${kind.collection} fail`)
    const siblings = this.#store.siblings(kind, parentIds)
    if (siblings === undefined) return missingParent(request)
    const seenAt = this.#seenAt()
    return listPage(
      this.#isLate ? siblings.at(seenAt) : siblings.all(),
      {
        path: collectionPath(kind, parentIds),
        origin: request.origin,
        offset: request.query('offset'),
        limit: request.query('limit'),
      },
      { wire: this.#wire, behaviour: this.#behaviour, now: seenAt },
    )
  }

  get(request: ResourceRequest): Answer {
    if (this.#failsAfterDelete(request.id.toLowerCase()))
      return refuse(500, 'sandbox-after-delete', 'the first read after a delete fails in this sandbox')
    const seenAt = this.#seenAt()
    const id = request.id.toLowerCase()
    const stored = this.#isLate
      ? this.#store
          .siblings(request.kind, request.parentIds)
          ?.at(seenAt)
          .find((each) => each.id === id)
      : this.#find(request)
    return stored === undefined ? missing(request) : json(200, this.#wire.resource(stored, seenAt))
  }

  get #isLate(): boolean {
    return this.#behaviour.readLagMs > 0
  }

  // The moment that reads show.
  #seenAt(): number {
    return this.#now() - this.#behaviour.readLagMs
  }

  #failsAfterDelete(id: string): boolean {
    const until = this.#failingReads.get(id)
    this.#failingReads.delete(id)
    return until !== undefined && this.#now() < until
  }

  post(request: Request, payload: Payload): Answer {
    const parent = this.#store.parent(request.kind, request.parentIds)
    if (parent === undefined) return missingParent(request)
    const body = readBody(payload)
    if ('refused' in body) return body.refused
    const refused = this.#checkWrite(request.kind, parent, body.properties, undefined)
    if (refused !== undefined) return refused
    const id = this.#store.freshId()
    const created = this.#create({ ...request, id }, parent, body.properties)
    return this.#show(201, created)
  }

  put(request: ResourceRequest, payload: Payload): Answer {
    const parent = this.#store.parent(request.kind, request.parentIds)
    if (parent === undefined) return missingParent(request)
    const body = readBody(payload)
    if ('refused' in body) return body.refused
    if (!UUID.test(request.id)) return refuse(422, 'sandbox-id', 'the id in the url is not a UUID')
    if (typeof body.id !== 'string' || body.id.toLowerCase() !== request.id.toLowerCase())
      return refuse(422, ID_MISMATCH, 'unprocessable entity: id does not match the one in url')
    const stored = this.#find(request)
    if (stored === undefined && this.#store.byId(request.id) !== undefined)
      return refuse(422, ID_MISMATCH, 'unprocessable entity: the id belongs to another resource')
    if (stored === undefined && this.#behaviour.putNeverCreates) return missing(request)
    if (stored !== undefined && stored.goneAt !== null)
      return refuse(409, 'sandbox-destroying', 'the resource is being destroyed')
    const refused = this.#checkWrite(request.kind, parent, body.properties, stored)
    if (refused !== undefined) return refused
    if (stored === undefined) return this.#show(200, this.#create(request, parent, body.properties))
    this.#store.replace(stored, body.properties, request.user)
    this.#markBusy(parent)
    return this.#show(200, stored)
  }

  delete(request: ResourceRequest): Answer {
    const stored = this.#find(request)
    if (stored === undefined) return missing(request)
    if (stored.goneAt !== null) return empty(202)
    const refused = checkParent(this.#store, this.#behaviour, stored.parent, 'delete')
    if (refused !== undefined) return refused
    this.#store.destroy(stored)
    this.#markBusy(stored.parent)
    if (this.#behaviour.failFirstGetAfterDelete && stored.kind.failsAfterDelete === true)
      this.#failingReads.set(stored.id, this.#now() + FAILS_AFTER_DELETE_MS)
    return empty(202)
  }

  #find(request: ResourceRequest): Stored | undefined {
    return this.#store.siblings(request.kind, request.parentIds)?.get(request.id.toLowerCase())
  }

  #checkWrite(
    kind: ResourceKind,
    parent: Stored | null,
    properties: PlainObject,
    self: Stored | undefined,
  ): Answer | undefined {
    return (
      checkProperties(kind, properties) ??
      checkParent(this.#store, this.#behaviour, parent, 'put') ??
      (self === undefined ? checkRoom(this.#store, kind, parent) : undefined) ??
      this.#checkRival(kind, properties, self)
    )
  }

  #checkRival(kind: ResourceKind, properties: PlainObject, self: Stored | undefined): Answer | undefined {
    const claimed = this.#store.holderOf(kind, properties, self)
    if (claimed === undefined) return undefined
    return refuse(
      this.#behaviour.exclusiveStatus,
      'sandbox-exclusive',
      `${claimed.what} is in use by ${claimed.holder.kind.collection}/${claimed.holder.id}`,
    )
  }

  #create(request: ResourceRequest, parent: Stored | null, properties: PlainObject): Stored {
    const { kind, id, user } = request
    const created = this.#store.create({ kind, parent, id, properties, user })
    this.#markBusy(parent)
    return created
  }

  #markBusy(parent: Stored | null): void {
    if (this.#behaviour.strictParent && parent !== null) this.#store.markBusy(parent)
  }

  #show(status: number, stored: Stored): Answer {
    return json(status, this.#wire.resource(stored, this.#now()))
  }
}

function missing({ kind, id }: ResourceRequest): Answer {
  return refuse(404, 'sandbox-not-found', `there is no ${kind.title} with the id ${id}`)
}

function missingParent({ kind, parentIds }: Request): Answer {
  return refuse(
    404,
    'sandbox-not-found',
    `there is no ${kind.parent?.title ?? 'resource'} with the id ${parentIds.at(-1)}`,
  )
}
