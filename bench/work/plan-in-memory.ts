import type * as Gateway from '../../src/kinds/wireguard/gateway.ts'
import type * as Peer from '../../src/kinds/wireguard/peer.ts'
import type * as Identity from '../../src/model/identity.ts'
import type { DesiredResource, LiveResource, ResourceKind } from '../../src/model/resource.ts'
import type * as Planning from '../../src/plan/plan.ts'
import { gatewayOf, LOCATION, peerOf, STACK } from '../estates.ts'
import { library } from './library.ts'
import { timed } from './timed.ts'

/** Plans `gateways` with ten peers each, all of them as they should be. */
export async function planInMemory(folder: string, [gateways = '1']: readonly string[]): Promise<object> {
  const { plan } = await library<typeof Planning>(folder, 'plan/plan')
  const { desired, live } = await estate(folder, Number(gateways), 10)
  const resources = desired.length
  const { result, ...cost } = await timed(() =>
    plan(
      { stack: STACK, locations: [LOCATION], resources: desired, protectedPatterns: [] },
      { locations: [LOCATION], resources: live },
    ),
  )
  const { summary } = result
  if (summary.keep !== resources)
    throw new Error(`only ${summary.keep} of ${resources} were found as they should be`)
  return { resources, ...cost, peakMiB: process.resourceUsage().maxRSS / 1024 }
}

async function estate(folder: string, gateways: number, peers: number) {
  const { wireguardGateway } = await library<typeof Gateway>(folder, 'kinds/wireguard/gateway')
  const { wireguardPeer } = await library<typeof Peer>(folder, 'kinds/wireguard/peer')
  const { idDeriver } = await library<typeof Identity>(folder, 'model/identity')
  const derive = idDeriver(STACK)
  const desired: DesiredResource[] = []
  const live: LiveResource[] = []
  const add = (
    kind: ResourceKind,
    parent: DesiredResource | null,
    parentIds: readonly string[],
    own: object,
  ) => {
    const { name } = own as { name: string }
    const address = `${parent === null ? '' : `${parent.address}/`}${kind.collection}/${name}`
    const common = { kind, location: LOCATION, name }
    const resource: DesiredResource = {
      ...common,
      address,
      protect: false,
      ensure: 'present',
      parent,
      // Two texts and two objects, as the file and the API would give them.
      spec: kind.normalise(JSON.parse(JSON.stringify(own))),
      secrets: [],
      locate: () => undefined,
    }
    // As JSON would give it: text that was put together of pieces is put in one when a map first sees it.
    const id = JSON.parse(JSON.stringify(derive(LOCATION, address))) as string
    const spec = kind.normalise(JSON.parse(JSON.stringify(own)))
    desired.push(resource)
    live.push({ ...common, id, parentIds, spec, secrets: [], status: 'AVAILABLE', metadata: {} })
    return { resource, id }
  }
  for (let g = 0; g < gateways; g++) {
    const made = add(wireguardGateway, null, [], { ...gatewayOf(g), interfaceIPv4CIDR: '10.0.0.1/8' })
    for (let p = 0; p < peers; p++)
      add(wireguardPeer, made.resource, [made.id], peerOf(g * peers + p, `p-${p}`))
  }
  return { desired, live }
}
