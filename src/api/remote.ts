import { setMaxListeners } from 'node:events'
import { kindsUnder } from '../kinds/index.ts'
import { asWireResource, isPathSegment } from '../model/decode.ts'
import { ApiError, InternalError } from '../model/errors.ts'
import { isPlainObject, withPath } from '../model/json.ts'
import type { WireResource, WriteAnswer, WriteBody, WriteCheck } from '../model/remote.ts'
import type { Collection, Target } from '../model/resource.ts'
import { asideOf } from './aside.ts'
import { monotonicClock } from './clock.ts'
import { createConcurrency } from './concurrency.ts'
import { credentialProblem, credentialTexts } from './credentials.ts'
import type { ApiRemote, Method, RemoteOptions } from './options.ts'
import { readPages } from './pages.ts'
import { createRateLimiter } from './rate-limiter.ts'
import { redactResource, resourceRedactors } from './redacted-remote.ts'
import { createRetryBudget } from './retry.ts'
import { type Accepted, type Call, type SendRun, send } from './send.ts'
import { createTransport } from './transport.ts'

/** The API over HTTP. Throws ApiError; call `close` when done. */
export function createRemote(options: RemoteOptions): ApiRemote {
  const counter = createCounter()
  const run = createRun(options, counter)
  const closeRun = followSignal(run, options.signal)
  const scope = createScopes(run.over.signal)
  // Most runs of the library have none.
  let aside: SendRun | undefined
  const asideRun = (): SendRun => {
    aside ??= asideOf(run)
    return aside
  }

  return {
    list: (collection, signal) => listAll(run, collection, scope(signal)),
    get: (target, signal) => getOne(run, target, scope(signal)),
    put: (target, body, signal, check) => putOne(run, target, body, scope(signal), check),
    delete: (target, signal, check) => deleteOne(run, target, scope(signal), check),
    aside: {
      list: (collection, signal) => listAll(asideRun(), collection, scope(signal)),
      get: (target, signal) => getOne(asideRun(), target, scope(signal)),
    },
    probe: (location) => probe(run, location, scope(undefined)),
    page: async (collection, offset, limit) =>
      (await onePage(run, collection, { offset, limit }, scope(undefined))).value,
    counts: counter.counts,
    close() {
      closeRun()
      run.transport.close()
      aside?.transport.close()
    },
  }
}

async function* listAll(
  run: SendRun,
  collection: Collection,
  signal: AbortSignal,
): AsyncGenerator<readonly WireResource[]> {
  const pages = readPages(async (offset, limit) => {
    const { value, unexpected } = await onePage(run, collection, { offset, limit }, signal)
    return {
      body: value,
      complain: (what) => {
        throw unexpected(what)
      },
    }
  })
  for await (const items of pages)
    yield items.map((item) => redactResource(run.redact, item, collection.kind))
}

function onePage(
  run: SendRun,
  collection: Collection,
  range: { readonly offset: number; readonly limit: number },
  signal: AbortSignal,
): Promise<Accepted> {
  const url = urlOf(run, collection, [], `?limit=${range.limit}&offset=${range.offset}`)
  const { location, parentIds } = collection
  return send(run, { method: 'GET', url, location, top: parentIds.length === 0, signal })
}

async function probe(run: SendRun, location: string, signal: AbortSignal): Promise<void> {
  const [kind] = kindsUnder(null)
  if (kind === undefined) throw new InternalError('there are no kinds')
  const first = { offset: 0, limit: 1 }
  const { value, unexpected } = await onePage(run, { kind, location, parentIds: [] }, first, signal)
  if (!isPlainObject(value) || !Array.isArray(value.items)) throw unexpected('JSON that is not a list')
}

async function getOne(run: SendRun, target: Target, signal: AbortSignal): Promise<WireResource | null> {
  const answer = await unlessMissing(send(run, callFor(run, 'GET', target, signal)))
  return answer === undefined ? null : resourceOf(run, answer, target)
}

async function putOne(
  run: SendRun,
  target: Target,
  body: WriteBody,
  signal: AbortSignal,
  check: WriteCheck | undefined,
): Promise<WriteAnswer> {
  const answer = await send(run, {
    ...callFor(run, 'PUT', target, signal),
    check,
    body: () => ({
      text: JSON.stringify({ id: target.id, metadata: {}, properties: withSecrets(body) }),
      secrets: body.secrets.map((secret) => secret.value.reveal()),
    }),
  })
  const created = answer.status === 201 ? { created: true } : {}
  // Accepted with an empty body: nothing is known of it yet but what was asked for.
  if (answer.value === undefined) {
    return { id: target.id, metadata: {}, properties: { ...body.spec }, ...created }
  }
  return { ...resourceOf(run, answer, target), ...created }
}

async function deleteOne(
  run: SendRun,
  target: Target,
  signal: AbortSignal,
  check: WriteCheck | undefined,
): Promise<'accepted' | 'absent'> {
  const answer = await unlessMissing(send(run, { ...callFor(run, 'DELETE', target, signal), check }))
  return answer === undefined ? 'absent' : 'accepted'
}

async function unlessMissing(answer: Promise<Accepted>): Promise<Accepted | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ApiError && error.reason === 'not-found') return undefined
    throw error
  }
}

// A service that answers with another id made, or read, another thing than the one that was asked for.
function resourceOf(run: SendRun, { value, unexpected }: Accepted, target: Target): WireResource {
  const resource = asWireResource(value)
  if (resource === undefined) throw unexpected('JSON that is not a resource: no "id" or no "properties"')
  if (resource.id.toLowerCase() !== target.id.toLowerCase()) {
    throw unexpected('a resource with another id than the one asked for')
  }
  return redactResource(run.redact, resource, target.kind)
}

function withSecrets(body: WriteBody): Readonly<Record<string, unknown>> {
  let properties: Readonly<Record<string, unknown>> = body.spec
  for (const { path, value } of body.secrets) properties = withPath<unknown>(properties, path, value.reveal())
  return properties
}

function callFor(run: SendRun, method: Method, target: Target, signal: AbortSignal): Call {
  const address = run.options.addressOf?.(target)
  const { location } = target
  return { method, url: urlOf(run, target, [target.id]), location, top: false, signal, address }
}

// The hrefs that the API returns are relative, and those of children contain a literal `{gatewayId}`: ours are built.
function urlOf(
  run: SendRun,
  { kind, location, parentIds }: Collection,
  rest: readonly string[],
  query = '',
): URL {
  const collections: string[] = []
  for (let at: typeof kind | null = kind; at !== null; at = at.parent) collections.unshift(at.collection)
  const ids = [...parentIds, ...rest]
  const steps = collections.flatMap((name, depth) => {
    const id = ids[depth]
    if (id !== undefined && !isPathSegment(id))
      throw new InternalError(`the id ${JSON.stringify(id)} cannot be part of a path`)
    return id === undefined ? [name] : [name, encodeURIComponent(id)]
  })
  // Parsed as a whole, since each part that is set later is another parse.
  return new URL(`${baseOf(run, location)}/${steps.join('/')}${query}`)
}

// Without user and password, which would be sent in place of the credentials.
function baseOf({ options, bases }: SendRun, location: string): string {
  const known = bases.get(location)
  if (known !== undefined) return known
  const { origin, pathname } = new URL(options.baseUrl(location))
  const base = `${origin}${pathname.replace(/\/+$/, '')}`
  bases.set(location, base)
  return base
}

function createRun(options: RemoteOptions, counter: ReturnType<typeof createCounter>): SendRun {
  const clock = options.clock ?? monotonicClock
  const credentials = credentialTexts(options.credentials)
  const secrets = (options.secrets ?? []).map((secret) => secret.reveal().trim())
  return {
    options,
    knownSecrets: [...credentials, ...secrets],
    redact: resourceRedactors(credentials, secrets),
    transport: options.transport ?? createTransport(options),
    concurrency: createConcurrency(options.parallelism),
    pace: createRateLimiter(clock, options.maxRps),
    budget: createRetryBudget(),
    clock,
    random: options.random ?? Math.random,
    over: runController(),
    reached: new Set(),
    bases: new Map(),
    pause: {},
    credentialProblem: credentialProblem(options.credentials),
    onRequest(method, record) {
      counter.count(method)
      options.onRequest?.(record())
    },
    onRetry(record) {
      counter.countRetry()
      options.onRetry?.(record)
    },
  }
}

function runController(): AbortController {
  const controller = new AbortController()
  listenFreely(controller.signal)
  return controller
}

// Every request and every wait listens; Node would warn on stderr beyond ten.
function listenFreely(signal: AbortSignal): void {
  setMaxListeners(0, signal)
}

// The run's signal together with a caller's: made once for each caller's, since thousands of lists share one and
// every combined signal costs the garbage collector dear.
function createScopes(over: AbortSignal): (signal?: AbortSignal) => AbortSignal {
  const scopes = new WeakMap<AbortSignal, AbortSignal>()
  return (signal) => {
    if (signal === undefined) return over
    const known = scopes.get(signal)
    if (known !== undefined) return known
    const combined = AbortSignal.any([over, signal])
    listenFreely(combined)
    scopes.set(signal, combined)
    return combined
  }
}

// The run is over when the caller says so. Returns what ends it from here.
function followSignal(run: SendRun, signal: AbortSignal | undefined): () => void {
  const end = (): void => run.over.abort()
  if (signal?.aborted) end()
  signal?.addEventListener('abort', end, { once: true })
  return () => {
    signal?.removeEventListener('abort', end)
    end()
  }
}

function createCounter() {
  let retries = 0
  const byMethod: Record<Method, number> = { GET: 0, PUT: 0, DELETE: 0 }
  return {
    count: (method: Method): void => {
      byMethod[method] += 1
    },
    countRetry: (): void => {
      retries += 1
    },
    counts: () => ({
      total: byMethod.GET + byMethod.PUT + byMethod.DELETE,
      retries,
      byMethod: { ...byMethod },
    }),
  }
}
