import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { KINDS } from '../kinds/index.ts'
import { DEFAULT_LOCATION, LOCATIONS } from '../kinds/locations.ts'
import type { ResourceKind } from '../model/resource.ts'
import { type Answer, refuse } from './answer.ts'
import { type Exchange, pass, type Surroundings } from './exchange.ts'
import type { Request, ResourceRequest } from './operations.ts'
import { locationOfSegment, type Places } from './places.ts'
import type { Persistence } from './state-file.ts'
import type { Payload } from './write-rules.ts'

/** What the routes lead to. */
export interface Service extends Surroundings {
  readonly places: Places
  readonly persistence: Persistence
  /** All resources as reads show them, each as JSON text. */
  readonly state: () => readonly string[]
}

type App = Hono<{ Bindings: HttpBindings }>

/**
 * The API's routes, made from the kinds, and the sandbox's own under `/_sandbox`. A first segment such as `de-txl`
 * means the endpoint of that location; without one it is the default location's.
 */
export function buildApp(service: Service): App {
  const app: App = new Hono()
  control(app, service)
  for (const kind of KINDS) {
    mount(app, service, kind, '')
    mount(app, service, kind, `/:location{${LOCATION_SEGMENTS}}`)
  }
  app.all('*', (exchange) =>
    pass(exchange, service, () => refuse(404, 'sandbox-path', 'there is nothing at this path')),
  )
  app.onError((_error, context) => context.json({ httpStatus: 500, messages: [] }, 500))
  return app
}

const LOCATION_SEGMENTS = Object.keys(LOCATIONS)
  .map((location) => location.replaceAll('/', '-'))
  .join('|')

function mount(app: App, service: Service, kind: ResourceKind, prefix: string): void {
  const { places, persistence } = service
  const depth = lineage(kind).length - 1
  const path = lineage(kind)
    .map((step, index) => `/${step.collection}${index < depth ? `/:id${index}` : ''}`)
    .join('')
  const collection = `${prefix}${path}`
  const segment = (exchange: Exchange): string => exchange.req.param('location') ?? ''
  const at = (exchange: Exchange) =>
    places.at(locationOfSegment(segment(exchange)) ?? DEFAULT_LOCATION).operations
  const request = (exchange: Exchange, user: string): Request => ({
    kind,
    user,
    parentIds: Array.from({ length: depth }, (_, index) => exchange.req.param(`id${index}`) ?? ''),
    origin: `${new URL(exchange.req.url).origin}${prefix === '' ? '' : `/${segment(exchange)}`}`,
    query: (name) => exchange.req.query(name),
  })
  const one = (exchange: Exchange, user: string): ResourceRequest => ({
    ...request(exchange, user),
    id: exchange.req.param('id') ?? '',
  })
  const write = (exchange: Exchange, work: (user: string, payload: Payload) => Answer) =>
    pass(exchange, service, async (user) => {
      const text = await exchange.req.text()
      const answer = work(user, { contentType: exchange.req.header('content-type'), text })
      return (await safe(persistence)) ?? answer
    })
  app.get(collection, (c) => pass(c, service, (user) => at(c).list(request(c, user))))
  app.post(collection, (c) => write(c, (user, payload) => at(c).post(request(c, user), payload)))
  app.get(`${collection}/:id`, (c) => pass(c, service, (user) => at(c).get(one(c, user))))
  app.put(`${collection}/:id`, (c) => write(c, (user, payload) => at(c).put(one(c, user), payload)))
  app.delete(`${collection}/:id`, (c) => write(c, (user) => at(c).delete(one(c, user))))
  const noMethod = (c: Exchange) =>
    pass(c, service, () => refuse(405, 'sandbox-method', 'this path does not know that method'))
  app.all(collection, noMethod)
  app.all(`${collection}/:id`, noMethod)
}

// An answer that a crash could take back must not be given.
async function safe(persistence: Persistence): Promise<Answer | undefined> {
  try {
    await persistence.saved()
    return undefined
  } catch {
    return refuse(500, 'sandbox-state', 'the sandbox cannot write its state file')
  }
}

function control(app: App, { log, connections, state }: Service): void {
  app.get('/_sandbox/requests', (c) =>
    c.json({ counters: log.counters(), connections: connections.counts(), requests: log.entries() }),
  )
  app.delete('/_sandbox/requests', (c) => {
    log.reset()
    return c.body(null, 204)
  })
  app.get('/_sandbox/state', (c) =>
    c.body(`{"resources":[${state().join(',')}]}`, 200, { 'content-type': 'application/json' }),
  )
}

function lineage(kind: ResourceKind): readonly ResourceKind[] {
  return kind.parent === null ? [kind] : [...lineage(kind.parent), kind]
}
