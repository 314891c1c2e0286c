// A `Remote` of your own: the service in a map. What would this file do to an empty account, and is it stable, without
// a network and without an account? Run it after `npm run build`:
//   node examples/library/rehearse.ts examples/quickstart.yaml     (Node 22.18 and later run TypeScript as it is)
import { open, type Remote, type Target, type Vpn, type WireResource } from 'vpnctl'

/** The whole API as four functions; what it holds is ready at once. */
export function remoteInMemory(): Remote {
  const resources = new Map<string, { target: Target; wire: WireResource }>()
  return {
    async *list({ kind, location, parentIds }) {
      const found = [...resources.values()].filter(
        ({ target }) =>
          target.kind === kind &&
          target.location === location &&
          target.parentIds.join() === parentIds.join(),
      )
      yield found.map(({ wire }) => wire)
    },
    get: async (target) => resources.get(target.id)?.wire ?? null,
    async put(target, body) {
      // A remote that sends puts the secrets in here; this one keeps none.
      const wire = { id: target.id, metadata: { status: 'AVAILABLE' }, properties: { ...body.spec } }
      resources.set(target.id, { target, wire })
      return wire
    },
    delete: async (target) => (resources.delete(target.id) ? 'accepted' : 'absent'),
  }
}

/** A file and an account that holds nothing yet; one write at a time. */
export function rehearse(file: string): Promise<Vpn> {
  return open({ files: [file], remote: remoteInMemory(), parallelism: 1 })
}

if (process.argv[1] === import.meta.filename) {
  const [file = 'vpn.yaml'] = process.argv.slice(2)
  const vpn = await rehearse(file)
  const { ending } = await vpn.apply(await vpn.plan(), {
    onEvent: (event) => {
      const outcome = event.type === 'finished' ? ` ${event.outcome.status}` : ''
      console.log(`${event.type} ${event.change.address}${outcome}`)
    },
  })
  const { summary } = await vpn.plan()
  console.log(`${ending}, left to do: ${summary.create + summary.update + summary.delete}`)
}
