// A reconciler of your own in a page: the same engine, your own decisions. Run it after `npm run build`:
//   node examples/library/reconcile.ts examples/quickstart.yaml     (Node 22.18 and later run TypeScript as it is)
// Credentials, endpoint, proxy and secrets come from the environment, as on the command line.
import { InvalidFilesError, open } from 'vpnctl'
import { createStyle, renderDiagnostics, renderEvent, renderMarkdown, renderResult } from 'vpnctl/report'

const style = createStyle({ color: false })

/** Plans, prints the plan as markdown, applies, verifies; true when live is what the file says. */
export async function reconcile(file: string, endpoint?: string): Promise<boolean> {
  const vpn = await open({
    files: [file],
    userAgent: 'my-reconciler/1.0',
    // Ctrl-C starts nothing new and lets running writes finish.
    signal: stopSignal(),
    ...(endpoint === undefined ? {} : { endpoint }),
  })
  try {
    const plan = await vpn.plan()
    console.log(renderMarkdown(plan))
    if (plan.refusals.length > 0 || !plan.hasChanges) return plan.refusals.length === 0
    const result = await vpn.apply(plan, {
      onEvent: (event) => {
        const line = renderEvent(event, style)
        if (line !== undefined) console.error(line)
      },
    })
    console.log(renderResult(result, style))
    return result.ending === 'converged'
  } catch (error) {
    if (!(error instanceof InvalidFilesError)) throw error
    console.error(renderDiagnostics(error.diagnostics, error.sources, { color: false }))
    return false
  } finally {
    await vpn.close()
  }
}

function stopSignal(): AbortSignal {
  const controller = new AbortController()
  process.once('SIGINT', () => controller.abort('SIGINT'))
  return controller.signal
}

const [file, endpoint] = process.argv.slice(2)
if (file !== undefined) process.exitCode = (await reconcile(file, endpoint)) ? 0 : 1
