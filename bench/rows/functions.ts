import { Bench } from 'tinybench'
import type * as Peer from '../../src/kinds/wireguard/peer.ts'
import type * as Decode from '../../src/model/decode.ts'
import type * as Identity from '../../src/model/identity.ts'
import type * as Validators from '../../src/schema/validators.ts'
import { peerOf } from '../estates.ts'
import type { Row } from '../row.ts'
import { library } from '../work/library.ts'

/** Functions that run once per resource. The goals are shares of the 15 us that a plan may spend on one. */
export const functionsRow: Row = {
  name: 'functions',
  work: 'functions that run once for each resource',
  measure: async ({ folder }) => {
    const { wireguardPeer } = await library<typeof Peer>(folder, 'kinds/wireguard/peer')
    const { decodeLive } = await library<typeof Decode>(folder, 'model/decode')
    const { idDeriver } = await library<typeof Identity>(folder, 'model/identity')
    const { validatorOf } = await library<typeof Validators>(folder, 'schema/validators')
    const properties = peerOf(7, 'p-7')
    const metadata = { status: 'AVAILABLE', createdDate: '2026-01-01T00:00:00Z', createdBy: 'bench' }
    const wire = { id: '5a029f4a-72e5-51ec-90d6-0242ac120003', metadata, properties }
    const collection = {
      kind: wireguardPeer,
      location: 'de/fra',
      parentIds: ['5a029f4a-72e5-51ec-90d6-0242ac120004'],
    }
    const derive = idDeriver('bench')
    const validate = validatorOf(wireguardPeer.name)
    const work = {
      normalise: { goal: 3, run: () => wireguardPeer.normalise(properties) },
      decodeLive: { goal: 5, run: () => decodeLive(collection, wire) },
      deriveId: { goal: 3, run: () => derive('de/fra', 'wireguardgateways/gw-1/peers/p-7') },
      'validate a body': { goal: 5, run: () => validate(properties) },
    }
    const bench = new Bench({ time: 300, warmupTime: 100 })
    for (const [name, { run }] of Object.entries(work)) bench.add(name, () => void run())
    await bench.run()
    return bench.tasks.map(({ name, result }) => ({
      what: name,
      value: 'latency' in result ? result.latency.p50 * 1000 : Number.NaN,
      unit: 'us',
      goal: work[name as keyof typeof work].goal,
    }))
  },
}
