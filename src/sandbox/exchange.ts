import type { ServerResponse } from 'node:http'
import type { HttpBindings } from '@hono/node-server'
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response'
import type { Context } from 'hono'
import { type Answer, empty, refuse } from './answer.ts'
import type { Credentials } from './credentials.ts'
import { deliver, deliverHalf, PROXY_PAGE, reset } from './deliver.ts'
import { faultName } from './faults.ts'
import type { NetworkFaults } from './network-faults.ts'
import type { Connections, OpenRequest, RequestLog } from './request-log.ts'

/** A hono context with Node's own request and response in it. */
export type Exchange = Context<{ Bindings: HttpBindings }>

/** What answers once a caller is known. */
export type Work = (user: string) => Answer | Promise<Answer>

/** What every request passes before and after the work itself. */
export interface Surroundings {
  readonly log: RequestLog
  readonly connections: Connections
  readonly networkFaults: NetworkFaults
  readonly credentials: Credentials
}

/**
 * Takes a request through log, delay, rate limit, faults and credentials to the work, and its answer back. Writes to
 * Node's response itself, since hono's cannot be reset or cut in half.
 */
export async function pass(exchange: Exchange, surroundings: Surroundings, work: Work): Promise<Response> {
  const { incoming } = exchange.env
  const outgoing = exchange.env.outgoing as ServerResponse
  const entry = open(exchange, surroundings)
  outgoing.once('close', () => entry.end(null))
  const answer = (given: Answer): Response => {
    entry.end(given.status)
    deliver(outgoing, given)
    return RESPONSE_ALREADY_SENT
  }
  await surroundings.networkFaults.delay()
  const waitMs = surroundings.networkFaults.throttle()
  if (waitMs > 0) {
    entry.fault('rate')
    return answer(tooMany(waitMs))
  }
  const fault = surroundings.networkFaults.faultFor({ method: exchange.req.method, path: exchange.req.path })
  if (fault !== undefined) entry.fault(faultName(fault))
  switch (fault?.type) {
    case 'status':
      return answer(statusFault(fault.status, surroundings.networkFaults.retryAfter))
    case 'html':
      return answer(PROXY_PAGE)
    case 'reset-before':
      entry.end(null)
      reset(outgoing)
      return RESPONSE_ALREADY_SENT
    case 'hang':
      return RESPONSE_ALREADY_SENT
    case undefined:
    case 'truncate':
    case 'empty':
    case 'reset-after': {
      const caller = surroundings.credentials.identify(incoming.headers.authorization)
      const done = 'refused' in caller ? caller.refused : await work(caller.user)
      if (fault === undefined) return answer(done)
      spoil(outgoing, entry, fault.type, done)
      return RESPONSE_ALREADY_SENT
    }
    default:
      return fault satisfies never
  }
}

// The work is done; the answer does not arrive as it was given.
function spoil(
  outgoing: ServerResponse,
  entry: OpenRequest,
  how: 'truncate' | 'empty' | 'reset-after',
  done: Answer,
): void {
  switch (how) {
    case 'truncate':
      entry.end(done.status)
      deliverHalf(outgoing, done)
      break
    case 'empty':
      entry.end(200)
      deliver(outgoing, empty(200))
      break
    case 'reset-after':
      entry.end(null)
      reset(outgoing)
      break
    default:
      how satisfies never
  }
}

function open(exchange: Exchange, { log, connections }: Surroundings): OpenRequest {
  const { incoming } = exchange.env
  const { method = '', url = '' } = incoming
  const mark = url.indexOf('?')
  return log.begin({
    method,
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    connection: connections.number(incoming.socket),
  })
}

function tooMany(waitMs: number): Answer {
  const refused = refuse(429, 'sandbox-rate', 'more requests than the rate limit of this sandbox allows')
  const seconds = String(Math.max(1, Math.ceil(waitMs / 1000)))
  return { ...refused, headers: { ...refused.headers, 'retry-after': seconds } }
}

function statusFault(status: number, retryAfter: string | undefined): Answer {
  const refused = refuse(status, 'sandbox-fault', `the sandbox was asked to answer ${status} now and then`)
  const wait = retryAfter !== undefined && (status === 429 || status === 503)
  return wait ? { ...refused, headers: { ...refused.headers, 'retry-after': retryAfter } } : refused
}
