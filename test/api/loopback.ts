import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface Loopback {
  readonly origin: string
  /** Connections that were ever opened. */
  readonly opened: () => number
  /** The most that were open at a time. */
  readonly most: () => number
  readonly open: () => number
  close(): Promise<void>
}

/** A server on loopback that counts its connections. */
export async function loopback(listener: RequestListener): Promise<Loopback> {
  const server: Server = createServer(listener)
  const sockets = new Set<Socket>()
  let opened = 0
  let most = 0
  server.on('connection', (socket: Socket) => {
    opened += 1
    sockets.add(socket)
    most = Math.max(most, sockets.size)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    opened: () => opened,
    most: () => most,
    open: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy()
        server.close(() => resolve())
      }),
  }
}
