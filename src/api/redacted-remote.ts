import { ApiError } from '../model/errors.ts'
import type { Remote, WireResource } from '../model/remote.ts'
import type { ResourceKind } from '../model/resource.ts'
import type { Secret } from '../model/secret.ts'
import { createRedactor, type Redactor, redactValue } from './redact.ts'

/** What is removed from the two parts of a resource. */
export interface ResourceRedactors {
  readonly metadata: Redactor
  readonly properties: Redactor
}

/**
 * Redactors for what the API returns. Properties are compared: no name that only resembles a password may differ from the
 * one in the file. The files repeat none of their secrets (VPN408).
 */
export function resourceRedactors(
  credentials: readonly string[],
  secrets: readonly string[],
): ResourceRedactors {
  return {
    metadata: createRedactor([...credentials, ...secrets]),
    properties: createRedactor(
      [...credentials.filter(({ length }) => length >= 20), ...secrets.filter(({ length }) => length >= 8)],
      'whole',
    ),
  }
}

/**
 * Removes secrets from a resource, whatever the field: a status message, a name, a field that this version does not know.
 * Secrets in their own fields are compared, and taken out before anything is printed.
 */
export function redactResource(
  redact: ResourceRedactors,
  resource: WireResource,
  { secrets }: ResourceKind,
): WireResource {
  const kept = secrets.map(({ path }) => path)
  return {
    id: resource.id,
    metadata: redactValue(resource.metadata, redact.metadata) as WireResource['metadata'],
    properties: redactValue(resource.properties, redact.properties, kept) as WireResource['properties'],
  }
}

/** A remote of your own whose resources and errors repeat none of the secrets, as those of `createRemote` do. */
export function redactedRemote(remote: Remote, secrets: readonly Secret[]): Remote {
  const redact = resourceRedactors(
    [],
    secrets.map((secret) => secret.reveal().trim()),
  )
  const guarded = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      throw redactError(error, redact.metadata)
    }
  }
  return {
    async *list(collection, signal) {
      const pages = remote.list(collection, signal)[Symbol.asyncIterator]()
      try {
        for (;;) {
          const { done, value } = await guarded(pages.next())
          if (done === true) return
          yield value.map((item) => redactResource(redact, item, collection.kind))
        }
      } finally {
        await pages.return?.()
      }
    },
    async get(target, signal) {
      const resource = await guarded(remote.get(target, signal))
      return resource === null ? null : redactResource(redact, resource, target.kind)
    },
    async put(target, body, signal, check) {
      const answer = await guarded(remote.put(target, body, signal, check))
      return { ...answer, ...redactResource(redact, answer, target.kind) }
    },
    delete: (target, signal, check) => guarded(remote.delete(target, signal, check)),
    ...(remote.counts === undefined ? {} : { counts: () => remote.counts?.() ?? { total: 0, retries: 0 } }),
  }
}

function redactError(error: unknown, redact: Redactor): unknown {
  if (!(error instanceof ApiError)) return error
  return new ApiError({
    ...error,
    message: redact(error.message),
    messages: error.messages.map((each) => ({ ...each, message: redact(each.message) })),
  })
}
