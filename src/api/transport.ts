import { checkServerIdentity, type PeerCertificate } from 'node:tls'
import got, { type ExtendOptions, type Got, type HttpsOptions } from 'got'
import { optional } from '../model/optional.ts'
import { codeOf, receive } from './answer.ts'
import { LARGEST_PARALLELISM } from './concurrency.ts'
import { type Connections, createConnections } from './connections.ts'
import { authorization } from './credentials.ts'
import type { RemoteOptions, TlsChoice, Transport } from './options.ts'

export const DEFAULT_REQUEST_TIMEOUT_MS = 30_000

/**
 * HTTP by got. Its retries and redirects are off: a retry must give its place on the wire to others while it
 * waits, and a redirect would take the token to another host.
 *
 * Its stream interface: the promise interface costs half as much again a request. It does not know signals either:
 * it forgets to stop listening to them, so that every request of a run would make the next one dearer.
 */
export function createTransport(options: RemoteOptions): Transport {
  const connections = createConnections(options.parallelism ?? LARGEST_PARALLELISM)
  const common = got.extend({
    https: {
      rejectUnauthorized: options.rejectUnauthorized ?? true,
      ...optional({ certificateAuthority: options.ca }),
    },
    headers: {
      accept: 'application/json',
      'user-agent': options.userAgent,
      ...(options.contractNumber === undefined ? {} : { 'x-contract-number': options.contractNumber }),
    },
    retry: { limit: 0 },
    followRedirect: false,
    throwHttpErrors: false,
    strictContentLength: true,
  })
  // What a client has already is not merged again for each request.
  const clients = new Map<string, Got>()
  const clientOf = (url: URL): Got => {
    const known = clients.get(url.origin) ?? common.extend(wayTo(url, options, connections.agents))
    clients.set(url.origin, known)
    return known
  }

  return {
    close: () => connections.close(),
    async exchange(method, url, body, signal) {
      const done = connections.use(url)
      try {
        const request = clientOf(url).stream(url, {
          method,
          headers: {
            authorization: authorization(options.credentials),
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          },
          ...optional({ body }),
        })
        // Got would wait for a body to be written.
        if (method === 'DELETE') request.end()
        return await receive(request, signal, options.requestTimeoutMs ?? DEFAULT_REQUEST_TIMEOUT_MS)
      } catch (error) {
        // Only the code goes on: the error contains the token and the body, and its text may quote them.
        return { type: 'failure', code: codeOf(error) }
      } finally {
        done()
      }
    },
  }
}

// A host may have certificates of its own, and stand behind a proxy.
function wayTo(url: URL, { tls, proxy }: RemoteOptions, agents: Connections['agents']): ExtendOptions {
  const trust = tls?.(url)
  const agent = proxy?.(url)
  return {
    agent: agent === undefined ? agents : { http: agents.http, https: agent },
    ...(trust === undefined ? {} : { https: httpsOptions(trust) }),
  }
}

function httpsOptions({ rejectUnauthorized, ca, pinnedFingerprint }: TlsChoice): HttpsOptions {
  return {
    rejectUnauthorized: rejectUnauthorized ?? true,
    ...(ca === undefined ? {} : { certificateAuthority: [...ca] }),
    ...(pinnedFingerprint === undefined
      ? {}
      : {
          checkServerIdentity: (host: string, certificate: PeerCertificate) =>
            checkServerIdentity(host, certificate) ?? pinProblem(certificate, pinnedFingerprint),
        }),
  }
}

/** The failure code of a certificate that is not the pinned one. */
const PIN_MISMATCH = 'ERR_TLS_PINNED_CERT'

function pinProblem(certificate: PeerCertificate, pinned: string): Error | undefined {
  const seen = certificate.fingerprint256.replaceAll(':', '').toLowerCase()
  if (seen === pinned) return undefined
  return Object.assign(new Error('another certificate than the pinned one'), { code: PIN_MISMATCH })
}
