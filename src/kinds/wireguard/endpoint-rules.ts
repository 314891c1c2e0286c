import { getPath } from '../../model/json.ts'
import { type Entry, perEntry, type Rule } from '../rule.ts'
import { isGateway, isPeer } from './claims.ts'

const isPresent = ({ resource }: Entry): boolean => resource.ensure === 'present'

const portsAreFixed = perEntry(function* (entry) {
  const path = isGateway(entry) ? ['listenPort'] : isPeer(entry) ? ['endpoint', 'port'] : undefined
  if (path === undefined || !isPresent(entry) || getPath(entry.resource.spec, path) !== 0) return
  yield {
    severity: 'warning',
    code: 'VPN356',
    message: `${path.join('.')} 0 is not a port that can be dialled`,
    hint: 'write the UDP port, or leave the field out for 51820',
    on: entry,
    path,
  }
})

const oneEndpointPerPeer = perEntry(function* (gateway) {
  const holders = new Map<string, Entry>()
  for (const peer of gateway.children.filter((child) => isPeer(child) && isPresent(child))) {
    const host = getPath(peer.resource.spec, ['endpoint', 'host'])
    const port = getPath(peer.resource.spec, ['endpoint', 'port'])
    if (typeof host !== 'string' || host === '' || typeof port !== 'number') continue
    const first = holders.get(`${host} ${port}`)
    if (first === undefined) {
      holders.set(`${host} ${port}`, peer)
      continue
    }
    yield {
      severity: 'warning',
      code: 'VPN359',
      message: `${JSON.stringify(first.resource.name)} and ${JSON.stringify(peer.resource.name)} have one endpoint, ${host} port ${port}`,
      hint: 'correct one of them, or forward a port of its own to each peer behind that address',
      on: peer,
      path: ['endpoint', 'host'],
      related: [{ on: first, path: ['endpoint', 'host'], message: 'the same endpoint' }],
    }
  }
})

/** Rules for the ports and endpoints of WireGuard gateways and peers. */
export const endpointRules: readonly Rule[] = [portsAreFixed, oneEndpointPerPeer]
