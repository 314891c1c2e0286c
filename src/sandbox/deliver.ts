import type { ServerResponse } from 'node:http'
import type { Answer } from './answer.ts'

/** Sends a whole answer. */
export function deliver(outgoing: ServerResponse, answer: Answer): void {
  const body = Buffer.from(answer.body)
  outgoing.writeHead(answer.status, { ...answer.headers, 'content-length': body.byteLength })
  outgoing.end(body)
}

/** Promises the whole answer, sends half of it and closes the connection. */
export function deliverHalf(outgoing: ServerResponse, answer: Answer): void {
  const body = Buffer.from(answer.body)
  // An answer without a body cannot be cut in half, so all of it is lost.
  if (body.byteLength < 2) {
    reset(outgoing)
    return
  }
  outgoing.writeHead(answer.status, { ...answer.headers, 'content-length': body.byteLength })
  outgoing.write(body.subarray(0, body.byteLength >> 1), () => outgoing.socket?.end())
}

/** Resets the connection (RST) in place of an answer. */
export function reset(outgoing: ServerResponse): void {
  outgoing.socket?.resetAndDestroy()
}

/** The page of a proxy that did not reach the service. */
export const PROXY_PAGE: Answer = {
  status: 502,
  headers: { 'content-type': 'text/html' },
  body: '<html>\n<head><title>502 Bad Gateway</title></head>\n<body><center><h1>502 Bad Gateway</h1></center></body>\n</html>\n',
}
