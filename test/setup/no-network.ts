import { Socket } from 'node:net'

// Tests speak to loopback only.
const LOOPBACK = /^(127\.0\.0\.1|localhost|::1)$/
const { connect } = Socket.prototype as unknown as { connect: (...given: unknown[]) => Socket }

function connectToLoopback(this: Socket, ...given: unknown[]): Socket {
  // Node itself passes one list.
  const [first, second] = (Array.isArray(given[0]) ? given[0] : given) as unknown[]
  const { host, path } = (
    typeof first === 'object' ? first : { host: typeof second === 'string' ? second : undefined }
  ) as { host?: unknown; path?: unknown }
  if (path || !host || LOOPBACK.test(String(host))) return connect.apply(this, given)
  // What is written meanwhile waits.
  Object.assign(this, { connecting: true })
  // When whoever connects listens.
  setImmediate(() => this.destroy(new Error(`a test connects to ${host}, which is not loopback`)))
  return this
}

// Files that share a process share the prototype.
if (connect.name !== connectToLoopback.name) Object.assign(Socket.prototype, { connect: connectToLoopback })
