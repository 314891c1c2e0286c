import { createSocket } from 'node:dgram'
import { ADDRCONFIG, promises } from 'node:dns'
import { isIP } from 'node:net'
import { errorCode } from '../../model/errors.ts'
import type { Arrived, ProbeNetwork, ProbeSocket, Resolved } from '../../probe/network.ts'

/** UDP and the resolver of the system. */
export const udpNetwork: ProbeNetwork = { resolve, open }

const NO_ADDRESS = ['ENOTFOUND', 'ENODATA']

async function resolve(host: string, signal: AbortSignal): Promise<Resolved> {
  if (isIP(host) !== 0) return { type: 'addresses', addresses: [host] }
  const aborted = new Promise<Resolved>((done) => {
    const fail = (): void => done({ type: 'failed' })
    if (signal.aborted) fail()
    signal.addEventListener('abort', fail, { once: true })
  })
  const found = promises.lookup(host, { all: true, hints: ADDRCONFIG }).then(
    (all): Resolved => ({ type: 'addresses', addresses: all.map(({ address }) => address) }),
    (error: unknown): Resolved => ({ type: NO_ADDRESS.includes(errorCode(error)) ? 'none' : 'failed' }),
  )
  return Promise.race([found, aborted])
}

function open(address: string, port: number): Promise<ProbeSocket | { readonly type: 'unreachable' }> {
  const socket = createSocket(isIP(address) === 6 ? 'udp6' : 'udp4')
  const arrived: Arrived[] = []
  let wake = (): void => undefined
  const push = (what: Arrived): void => {
    arrived.push(what)
    wake()
  }
  socket.on('message', (bytes) => push({ type: 'datagram', bytes }))
  const onError = (error: unknown): void =>
    push({ type: errorCode(error) === 'ECONNREFUSED' ? 'refused' : 'unreachable' })
  socket.on('error', onError)
  return new Promise((done) => {
    // An address without a route is reported by the callback.
    socket.connect(port, address, (error?: Error) => {
      if (error !== undefined) {
        socket.close()
        done({ type: 'unreachable' })
        return
      }
      done({
        localAddress: socket.address().address,
        send: (bytes) =>
          socket.send(bytes, (failure) => {
            if (failure !== null) onError(failure)
          }),
        receive: async (signal) => {
          if (arrived.length === 0 && !signal.aborted) {
            await new Promise<void>((resume) => {
              wake = resume
              signal.addEventListener('abort', () => resume(), { once: true })
            })
          }
          return arrived.shift()
        },
        close: () => socket.close(),
      })
    })
  })
}
