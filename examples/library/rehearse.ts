// A `Remote` of your own: the service in a map. What would this file do to an empty account, and is it stable, without
// a network and without an account? Run it after `npm run build`:
//   node examples/library/rehearse.ts examples/quickstart.yaml     (Node 22.18 and later run TypeScript as it is)
import {
  APPLY_DEFAULTS,
  type ApplyEvent,
  type ApplyResult,
  apply,
  type DesiredState,
  fetchLive,
  loadFiles,
  monotonicClock,
  type Plan,
  plan,
  type Remote,
  type Target,
  type WireResource,
} from 'vpnctl'

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

/** The desired state of a file; throws what is wrong with it. */
export async function load(file: string): Promise<DesiredState> {
  const { desired, diagnostics } = await loadFiles({
    files: [file],
    cwd: process.cwd(),
    env: process.env,
    readStdin: async () => new Uint8Array(),
    secrets: 'required',
  })
  if (desired === null) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
  return desired
}

/** Plans against what the remote holds. */
export async function look(desired: DesiredState, remote: Remote): Promise<Plan> {
  return plan(desired, await fetchLive(remote, { locations: desired.locations, clock: monotonicClock }))
}

/** Applies one change at a time, until all is done or the signal fires. */
export async function applyInOrder(
  changes: Plan,
  remote: Remote,
  onEvent: (event: ApplyEvent) => void,
  signal?: AbortSignal,
): Promise<ApplyResult> {
  return apply(changes, remote, {
    ...APPLY_DEFAULTS,
    parallelism: 1,
    wait: true,
    clock: monotonicClock,
    random: Math.random,
    onEvent,
    ...(signal === undefined ? {} : { signal }),
  })
}

if (process.argv[1] === import.meta.filename) {
  const [file = 'vpn.yaml'] = process.argv.slice(2)
  const remote = remoteInMemory()
  const desired = await load(file)
  await applyInOrder(await look(desired, remote), remote, (event) => {
    const outcome = event.type === 'finished' ? ` ${event.outcome.status}` : ''
    console.log(`${event.type} ${event.change.address}${outcome}`)
  })
  const { summary } = await look(desired, remote)
  console.log(`left to do: ${summary.create + summary.update + summary.delete}`)
}
