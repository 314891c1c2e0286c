import type { NetworkResource } from '../../src/access/estate.ts'
import { accessReport } from '../../src/access/report.ts'
import { wireguardGateway } from '../../src/kinds/wireguard/gateway.ts'
import { wireguardPeer } from '../../src/kinds/wireguard/peer.ts'
import { LOCATION } from '../estates.ts'
import { type Figure, median, type Row } from '../row.ts'

const GATEWAYS = 1000
const PEERS = 20
const GOAL_MS = 300

/** Who reaches what before and after a change, on values that are parsed already; of the sources, not of the build. */
export const accessRow: Row = {
  name: 'access',
  work: `differences of access between two estates of ${GATEWAYS} gateways with ${PEERS} peers`,
  measure: async (_build, runs) => [
    figure('1 gateway of 10 differs', runs, 10),
    figure('every gateway differs', runs, 1),
  ],
}

function figure(what: string, runs: number, every: number): Figure {
  const walls: number[] = []
  const cpus: number[] = []
  for (let run = 0; run < runs; run++) {
    const before = estate()
    const after = changed(before, every)
    const [start, cpu] = [performance.now(), process.cpuUsage()]
    if (accessReport(before, after).length < GATEWAYS / every) throw new Error('too few differences')
    const { user, system } = process.cpuUsage(cpu)
    walls.push(performance.now() - start)
    cpus.push((user + system) / 1000)
  }
  return {
    what,
    value: median(walls),
    unit: 'ms',
    goal: GOAL_MS,
    detail: `CPU ${median(cpus).toFixed(0)} ms`,
  }
}

// Of each n-th gateway, one peer has one more network; all else has the same spec, as in a plan.
function changed(before: readonly NetworkResource[], every: number): readonly NetworkResource[] {
  return before.map((resource) => {
    const gateway = Number(/gw-(\d+)\/peers\/p3$/.exec(resource.key)?.[1] ?? Number.NaN)
    if (Number.isNaN(gateway) || gateway % every !== 0) return resource
    const more = `100.64.${gateway >> 8}.${gateway & 255}/32`
    return { ...resource, spec: { allowedIPs: [...(resource.spec.allowedIPs as readonly string[]), more] } }
  })
}

function estate(): readonly NetworkResource[] {
  return Array.from({ length: GATEWAYS }, (_, g) => {
    const key = `wireguardgateways/gw-${g}`
    const net = `10.${g >> 8}.${g & 255}`
    const common = { location: LOCATION, address: key }
    const gateway: NetworkResource = {
      ...common,
      key,
      name: `gw-${g}`,
      kind: wireguardGateway,
      spec: {
        gatewayIP: `198.18.${g >> 8}.${g & 255}`,
        interfaceIPv4CIDR: `${net}.1/24`,
        connections: [
          { datacenterId: `dc-${g}`, lanId: '1', ipv4CIDR: `172.${16 + (g >> 8)}.${g & 255}.5/24` },
        ],
      },
    }
    const peers = Array.from({ length: PEERS }, (_, p): NetworkResource => {
      const address = `${key}/peers/p${p}`
      const spec = { allowedIPs: [`${net}.${p + 2}/32`] }
      return { ...common, key: address, parentKey: key, name: `p${p}`, address, kind: wireguardPeer, spec }
    })
    return [gateway, ...peers]
  }).flat()
}
