import { Agent, type RequestOptions } from 'node:https'
import { connect, isIP, isIPv6, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { connect as connectTls } from 'node:tls'
import { PROXY_CODE } from '../model/http/proxy-failure.ts'
import { codeOf } from './answer.ts'

/**
 * Connections to https hosts through a proxy, by CONNECT: the proxy sees the host's name and nothing else. A proxy that
 * does not connect within `timeoutMs` is a failure, and `destroy` ends the attempts that are under way.
 */
export function proxiedAgent(proxy: URL, limit: number, timeoutMs: number): Agent {
  return new ProxiedAgent(proxy, limit, timeoutMs)
}

type Created = (error: Error | null, socket: Duplex) => void

class ProxiedAgent extends Agent {
  readonly #proxy: URL
  readonly #timeoutMs: number
  readonly #connecting = new Set<() => void>()

  constructor(proxy: URL, limit: number, timeoutMs: number) {
    super({ keepAlive: true, maxSockets: limit, maxFreeSockets: limit, scheduling: 'lifo' })
    this.#proxy = proxy
    this.#timeoutMs = timeoutMs
  }

  override createConnection(options: RequestOptions, created?: Created): undefined {
    this.#tunnel(options).then(
      // TLS with the host itself, by Node's own agent, which keeps its sessions.
      (socket) => created?.(null, super.createConnection({ ...options, socket } as object) as Duplex),
      // With an error Node looks at nothing else.
      (error: Error) => created?.(error, undefined as unknown as Duplex),
    )
  }

  override destroy(): void {
    for (const cancel of this.#connecting) cancel()
    super.destroy()
  }

  async #tunnel({ host = '', port }: RequestOptions): Promise<Socket> {
    const target = `${isIPv6(host ?? '') ? `[${host}]` : host}:${port}`
    const socket = openSocket(this.#proxy)
    return await new Promise((resolve, reject) => {
      const end = (): void => {
        clearTimeout(timer)
        this.#connecting.delete(cancel)
        socket.removeAllListeners()
      }
      const fail = (cause: string): void => {
        end()
        // An error that comes after the end must find a listener.
        socket.on('error', () => undefined)
        socket.destroy()
        reject(Object.assign(new Error(`proxy: ${cause}`), { code: `${PROXY_CODE}${cause}` }))
      }
      const cancel = (): void => fail('ECONNABORTED')
      const timer = setTimeout(() => fail('ETIMEDOUT'), this.#timeoutMs)
      this.#connecting.add(cancel)
      socket.on('error', (error) => fail(codeOf(error)))
      socket.on('close', () => fail('ECONNRESET'))
      let head = Buffer.alloc(0)
      socket.on('data', (chunk: Buffer) => {
        head = Buffer.concat([head, chunk])
        const length = head.indexOf(END_OF_HEAD)
        if (length < 0 && head.length <= LARGEST_HEAD) return
        const status = STATUS.exec(head.toString('latin1'))?.[1] ?? 'NO_HTTP'
        if (status !== '200' || length < 0) return fail(status === '200' ? 'NO_HTTP' : status)
        end()
        socket.pause()
        if (length + END_OF_HEAD.length < head.length) {
          socket.unshift(head.subarray(length + END_OF_HEAD.length))
        }
        resolve(socket)
      })
      socket.write(requestHead(this.#proxy, target))
    })
  }
}

const END_OF_HEAD = '\r\n\r\n'
const LARGEST_HEAD = 16 * 1024
const STATUS = /^HTTP\/1\.[01] (\d{3})\b/

function openSocket({ protocol, hostname, port }: URL): Socket {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (protocol !== 'https:') return connect({ host, port: Number(port || 80) })
  const servername = isIP(host) === 0 ? { servername: host } : {}
  return connectTls({ host, port: Number(port || 443), ALPNProtocols: ['http/1.1'], ...servername })
}

function requestHead({ username, password }: URL, target: string): string {
  const user = Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')
  return [
    `CONNECT ${target} HTTP/1.1`,
    `Host: ${target}`,
    ...(username === '' && password === '' ? [] : [`Proxy-Authorization: Basic ${user}`]),
    '',
    '',
  ].join('\r\n')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A single % is literal.
    return text
  }
}
