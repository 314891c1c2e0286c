// A reconciler of your own in a page: the same engine, your own decisions. Run it after `npm run build`:
//   node examples/library/reconcile.ts examples/quickstart.yaml     (Node 22.18 and later run TypeScript as it is)
// It needs IONOS_TOKEN and the secrets that the file refers to; with an argument more it takes that URL as the API.
import {
  apply,
  createRemote,
  createStyle,
  fetchLive,
  hasWrites,
  LOCATIONS,
  loadFiles,
  monotonicClock,
  plan,
  renderDiagnostics,
  renderEvent,
  renderMarkdown,
  renderResult,
  Secret,
} from 'vpnctl'

/** Plans, prints the plan as markdown, applies; true when live is what the file says. */
export async function reconcile(file: string, token: string, endpoint?: string): Promise<boolean> {
  const loaded = await loadFiles({
    files: [file],
    cwd: process.cwd(),
    env: process.env,
    readStdin: async () => new Uint8Array(),
    secrets: 'required',
  })
  if (loaded.desired === null) {
    console.error(renderDiagnostics(loaded.diagnostics, loaded.sources, { color: false }))
    return false
  }
  const remote = createRemote({
    baseUrl: (location) => endpoint ?? LOCATIONS[location] ?? '',
    credentials: { type: 'token', token: new Secret(token) },
    parallelism: 10,
    userAgent: 'my-reconciler/1.0',
  })
  try {
    const live = await fetchLive(remote, { locations: loaded.desired.locations, clock: monotonicClock })
    const changes = plan(loaded.desired, live)
    console.log(renderMarkdown(changes))
    if (changes.refusals.length > 0 || !hasWrites(changes)) return changes.refusals.length === 0
    const style = createStyle({ color: false })
    const result = await apply(changes, remote, {
      wait: true,
      waitTimeoutMs: 30 * 60_000,
      // Ctrl-C starts nothing new and lets running writes finish.
      signal: stopSignal(),
      clock: monotonicClock,
      random: Math.random,
      onEvent: (event) => {
        const line = renderEvent(event, style)
        if (line !== undefined) console.error(line)
      },
    })
    console.log(renderResult(result, style))
    return result.summary.failed + result.summary.blocked + result.summary.cancelled === 0
  } finally {
    remote.close()
  }
}

function stopSignal(): AbortSignal {
  const controller = new AbortController()
  process.once('SIGINT', () => controller.abort('SIGINT'))
  return controller.signal
}

const [file, endpoint] = process.argv.slice(2)
if (file !== undefined) {
  process.exitCode = (await reconcile(file, process.env.IONOS_TOKEN ?? '', endpoint)) ? 0 : 1
}
