import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { KINDS } from '../kinds/index.ts'
import type { ResourceKind } from '../model/resource.ts'
import { type Answer, refuse } from './answer.ts'
import { type Exchange, type Passage, pass } from './exchange.ts'
import type { Operations, Payload, Request, ResourceRequest } from './operations.ts'
import type { Persistence } from './state-file.ts'

/** What the routes lead to. */
export interface Service extends Passage {
  readonly operations: Operations
  readonly persistence: Persistence
  /** All resources as reads show them, each as JSON text. */
  readonly state: () => readonly string[]
}

type App = Hono<{ Bindings: HttpBindings }>

/** The API's routes, made from the kinds, and the sandbox's own under `/_sandbox`. */
export function buildApp(service: Service): App {
  const app: App = new Hono()
  control(app, service)
  for (const kind of KINDS) mount(app, service, kind)
  app.all('*', (exchange) =>
    pass(exchange, service, () => refuse(404, 'sandbox-path', 'there is nothing at this path')),
  )
  app.onError((_error, context) => context.json({ httpStatus: 500, messages: [] }, 500))
  return app
}

function mount(app: App, service: Service, kind: ResourceKind): void {
  const { operations, persistence } = service
  const depth = lineage(kind).length - 1
  const collection = lineage(kind)
    .map((step, index) => `/${step.collection}${index < depth ? `/:id${index}` : ''}`)
    .join('')
  const request = (exchange: Exchange, user: string): Request => ({
    kind,
    user,
    parentIds: Array.from({ length: depth }, (_, index) => exchange.req.param(`id${index}`) ?? ''),
    origin: new URL(exchange.req.url).origin,
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
  app.get(collection, (c) => pass(c, service, (user) => operations.list(request(c, user))))
  app.post(collection, (c) => write(c, (user, payload) => operations.post(request(c, user), payload)))
  app.get(`${collection}/:id`, (c) => pass(c, service, (user) => operations.get(one(c, user))))
  app.put(`${collection}/:id`, (c) => write(c, (user, payload) => operations.put(one(c, user), payload)))
  app.delete(`${collection}/:id`, (c) => write(c, (user) => operations.delete(one(c, user))))
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
