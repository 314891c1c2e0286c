import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

/** A proxy on loopback that leads to one port, whatever host it is asked for. */
export interface LoopbackProxy {
  readonly url: URL
  /** What it was asked for: `HOST:PORT`, and the request's credentials, if any. */
  readonly asked: readonly string[]
  readonly close: () => void
}

/** Starts a proxy that leads to `port`; the hosts of tests are not there in truth. */
export async function loopbackProxy(port: number): Promise<LoopbackProxy> {
  const asked: string[] = []
  const proxy = createServer()
  proxy.on('connect', (request, socket) => {
    asked.push(`${request.url} ${request.headers.authorization ?? ''}`.trim())
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      onward.pipe(socket)
      socket.pipe(onward)
    })
    onward.on('error', () => socket.destroy())
    socket.on('error', () => onward.destroy())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  return {
    url: new URL(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`),
    asked,
    close: () => {
      proxy.closeAllConnections()
      proxy.close()
    },
  }
}
