import { afterEach } from 'vitest'
import { type Plain, type PlainObject, withPath } from '../../src/model/json.ts'
import type { JsonSchema, ResourceKind } from '../../src/model/resource.ts'
import { type RunningSandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/server.ts'
import type { SandboxStore } from '../../src/sandbox/store-access.ts'
import { VirtualClock } from '../support/virtual-clock.ts'

/** A key that is good for nothing but tests: the byte 7, 32 times. */
export const THROWAWAY_KEY = Buffer.alloc(32, 7).toString('base64')
export const ID = '0f0f0f0f-0000-4000-8000-000000000001'
export const OTHER_ID = '0f0f0f0f-0000-4000-8000-000000000002'

const running: RunningSandbox[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((sandbox) => sandbox.close()))
})

/** A sandbox that ends with the test. */
export async function sandboxFor(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const sandbox = await startSandbox(options)
  running.push(sandbox)
  return sandbox
}

export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly body: any
}

/** One request with good credentials; `body` is sent as JSON. */
export async function call(
  sandbox: RunningSandbox,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const response = await fetch(sandbox.url + path, {
    method,
    headers: {
      authorization: 'Bearer throw-away',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, body: parse(text) }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Properties from the examples of the kind's own schema, with a throw-away secret. */
export function exampleOf(kind: ResourceKind, overrides: PlainObject = {}): PlainObject {
  const fields = Object.entries((kind.schema.properties ?? {}) as Record<string, JsonSchema>)
  let example: PlainObject = Object.fromEntries(
    fields.map(([name, schema]) => [name, (schema.examples as readonly Plain[])[0]]),
  )
  for (const { path } of kind.secrets)
    example = withPath<Plain | undefined>(example, path, THROWAWAY_KEY) as PlainObject
  return { ...example, ...overrides }
}

/** Only what the schema requires. */
export function leastOf(kind: ResourceKind): PlainObject {
  const full = exampleOf(kind)
  const choice = kind.schema.anyOf as readonly { required: readonly string[] }[] | undefined
  const required = [...((kind.schema.required ?? []) as readonly string[]), ...(choice?.[0]?.required ?? [])]
  return Object.fromEntries(required.map((name) => [name, full[name]]))
}

/** Seeds the parents that a kind needs; gives the path of the collection and the parent's id. */
export function seedParents(
  store: SandboxStore,
  kind: ResourceKind,
): { path: string; parentId: string | undefined } {
  if (kind.parent === null) return { path: `/${kind.collection}`, parentId: undefined }
  const above = seedParents(store, kind.parent)
  const parentId = store.seed(
    kind.parent,
    exampleOf(kind.parent),
    above.parentId === undefined ? {} : { parentId: above.parentId },
  )
  return { path: `${above.path}/${parentId}/${kind.collection}`, parentId }
}

/** A clock that `advance` moves, and nothing else. */
export function handClock(start = Date.parse('2026-01-01T00:00:00Z')): VirtualClock {
  return new VirtualClock({ start })
}
